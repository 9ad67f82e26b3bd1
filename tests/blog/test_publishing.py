"""Publishing: one post on the site, whatever is lost, killed or repeated on the way."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Notification, Organization
from blog import post_images, tasks
from blog.models import BlogImage, BlogPost, Publication
from blog.publishing import attempt
from blog.publishing import job as publish_job
from blog.publishing import publication as publications
from blog.publishing.targets import PublicationTarget
from integrations import blog_connections
from integrations.models import BlogConnection, StoreConnection
from projects import lifecycle
from scribe import jobs
from scribe.errors import Conflict
from scribe.jobs import registry
from scribe.jobs.worker import work
from scribe.models import Job, JobEvent
from tests.blog.pictures import picture
from tests.blog.sites import BlogShop, BlogSite
from tests.factories import make_organization, make_project
from tests.fakes.server import Reply, Request
from tests.fakes.shopify import TOKEN
from tests.fakes.stores import UNREADABLE, Fault
from tests.fakes.wordpress import MAINTENANCE, PASSWORD, USER
from tests.helpers import run_jobs
from tests.sizes import some

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wordpress(settings: Any) -> Any:
    with BlogSite() as fake:
        yield fake


@pytest.fixture
def site(cast: Any, wordpress: Any) -> BlogConnection:
    return BlogConnection.objects.create(
        organization=cast.organization, name="Blog", site_url=wordpress.url, username=USER, app_password=PASSWORD
    )


@pytest.fixture
def shopify(settings: Any) -> Any:
    with BlogShop() as fake:
        settings.SHOPIFY_SHOP_URL = fake.url
        yield fake


@pytest.fixture
def shop(cast: Any, shopify: Any) -> StoreConnection:
    return StoreConnection.objects.create(
        organization=cast.organization,
        name="Shop",
        platform="shopify",
        base_url=shopify.url,
        access_token=TOKEN,
        status="active",
    )


NO_ARTICLE = Reply(200, {"data": {"articleCreate": {"article": None, "userErrors": []}}})


def creates(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/wp/v2/posts")


def creates_article(request: Request) -> bool:
    return "articleCreate(" in request.body.decode()


def path(post: BlogPost, tail: str = "") -> str:
    return f"projects/{post.project_id}/blog-posts/{post.pk}{tail}"


def begin(post: BlogPost, **more: Any) -> Publication:
    target = more.pop("target")
    return publications.publish(post=post, by=None, target=target, **more)


def settle() -> None:
    """As if the waits of `TryAgain` and the doubt were over at once."""
    run_jobs(job_type=Job.Type.BLOG_PUBLISH)


def age(publication: Publication, seconds: float) -> None:
    Publication.objects.filter(pk=publication.pk, sent_at__isnull=False).update(
        sent_at=timezone.now() - timedelta(seconds=seconds)
    )


# --- the plain way


def test_publish_update_and_unpublish_are_one_post(
    api: Any, cast: Any, wordpress: Any, site: Any, make_post: Any
) -> None:
    owner = api.as_(cast.owner)
    category = wordpress.term("categories", "Guides")
    post = make_post(
        excerpt="Short", tags=["steel", "bottles"], wp_category_ids=[category["id"]], seo_meta={"title": "SEO"}
    )
    image = post_images.add(post=post, data=picture(1700, 900), source="upload", alt_text="A bottle")
    owner.patch(path(post), {"featured_image_url": image.url})

    waiting = owner.post(path(post, "/publish"), {"connection_id": str(site.pk)}, status=202)
    assert waiting["status"] == "publishing"
    settle()

    shown = owner.get(path(post))
    assert shown["status"] == "published"
    [remote] = wordpress.posts.values()
    assert shown["wp_post_id"] == remote["id"]
    assert shown["published_url"] == f"{wordpress.url}/keeping-drinks-cold/"
    assert shown["published_at"]
    assert shown["blog_connection_id"] == str(site.pk)
    assert (remote["status"], remote["title"], remote["excerpt"]) == ("publish", "Keeping drinks cold", "Short")
    assert remote["categories"] == [category["id"]]
    assert sorted(wordpress.terms["tags"][t]["name"] for t in remote["tags"]) == ["bottles", "steel"]
    [media] = wordpress.media.values()
    assert remote["featured_media"] == media["id"]
    assert media["alt_text"] == "A bottle"
    assert Notification.objects.filter(notification_type="post_published").exists()

    owner.patch(path(post), {"title": "Kept cold"})
    owner.post(path(post, "/publish"), {"connection_id": str(site.pk)}, status=202)
    settle()
    assert [p["title"] for p in wordpress.posts.values()] == ["Kept cold"]
    assert owner.get(path(post))["analytics"]["unpublished_changes"] is False
    assert len(wordpress.media) == 1, "the same picture is uploaded once"

    owner.post(path(post, "/unpublish"), status=202)
    settle()
    back = owner.get(path(post))
    assert (back["status"], back["published_url"], back["wp_post_id"]) == ("draft", None, remote["id"])
    assert wordpress.posts[remote["id"]]["status"] == "draft"
    owner.post(path(post, "/unpublish"), status=409)


def test_structured_data_follow_edits_and_the_address(
    api: Any, cast: Any, wordpress: Any, site: Any, make_post: Any
) -> None:
    owner, post = api.as_(cast.owner), make_post(structured_data={"headline": "Old"})
    edited = owner.patch(path(post), {"title": "New", "excerpt": "Short", "tags": ["steel"]})["structured_data"]
    assert (edited["headline"], edited["description"], edited["keywords"]) == ("New", "Short", "steel")
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    shown = owner.get(path(post))
    assert shown["structured_data"]["mainEntityOfPage"] == shown["published_url"]
    assert shown["structured_data"]["datePublished"] == shown["published_at"]
    post.refresh_from_db()
    publications.unpublish(post=post, by=None)
    settle()
    assert not {"mainEntityOfPage", "datePublished"} & owner.get(path(post))["structured_data"].keys()


def test_pictures_in_the_text_move_into_the_library(wordpress: Any, site: Any, make_post: Any) -> None:
    post = make_post()
    image = post_images.add(post=post, data=picture(1200, 800), source="upload", alt_text="Inside")
    post.content = f'<p>Look.</p><figure><img src="{image.variants["jpeg"]["640"]}" alt="Inside"></figure>'
    post.save()
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    [remote], [media] = wordpress.posts.values(), wordpress.media.values()
    assert media["source_url"] in remote["content"]
    assert "/api/v1/files/" not in remote["content"]


@pytest.fixture
def moved(api: Any, cast: Any, site: Any, make_post: Any) -> Any:
    """A post with a picture is published, and then its connection gets the address of another site."""
    with BlogSite() as other:

        def move() -> tuple[BlogPost, BlogSite]:
            post = make_post()
            image = post_images.add(post=post, data=picture(900, 900), source="upload", alt_text="A bottle")
            owner = api.as_(cast.owner)
            owner.patch(path(post), {"featured_image_url": image.url})
            owner.post(path(post, "/publish"), {"connection_id": str(site.pk)}, status=202)
            settle()
            owner.patch(
                f"blog-connections/{site.pk}", {"site_url": other.url, "username": USER, "app_password": PASSWORD}
            )
            post.refresh_from_db()
            return post, other

        yield move


def stranger_of(other: BlogSite, pk: int, **fields: Any) -> dict[str, Any]:
    """Another site's post that has our post's number by chance."""
    row = other.add("post", title="Not ours", content="<p>Hands off</p>", **fields)
    del other.rows[row["id"]]
    other.rows[pk], other.ids = {**row, "id": pk}, itertools.count(pk + 1)
    return other.rows[pk]


@pytest.mark.thorough
def test_at_another_site_the_post_with_our_number_is_left_alone(api: Any, cast: Any, moved: Any) -> None:
    post, other = moved()
    stranger = stranger_of(other, post.wp_post_id)
    before = dict(stranger)
    owner = api.as_(cast.owner)
    owner.post(path(post, "/publish"), {}, status=202)
    settle()
    assert stranger == before
    post.refresh_from_db()
    assert post.wp_post_id != stranger["id"]
    assert other.posts[post.wp_post_id]["title"] == "Keeping drinks cold"
    assert other.posts[post.wp_post_id]["featured_media"] in other.media
    owner.patch(path(post), {"title": "Kept cold"})
    owner.post(path(post, "/publish"), {}, status=202)
    settle()
    assert other.posts[post.wp_post_id]["title"] == "Kept cold"
    assert len(other.posts) == 2


def test_at_another_site_the_post_with_our_number_stays_online(api: Any, cast: Any, moved: Any) -> None:
    post, other = moved()
    stranger = stranger_of(other, post.wp_post_id, status="publish")
    api.as_(cast.owner).post(path(post, "/unpublish"), status=202)
    settle()
    assert stranger["status"] == "publish"
    post.refresh_from_db()
    assert (post.status, post.wp_post_id) == ("draft", None)


@pytest.mark.thorough
@pytest.mark.parametrize("strips_comments", [False, True])
def test_a_site_that_only_moved_keeps_its_posts(
    api: Any, cast: Any, wordpress: Any, moved: Any, strips_comments: bool
) -> None:
    wordpress.strips_comments = strips_comments
    post, other = moved()
    other.rows, other.media, other.terms, other.ids = wordpress.rows, wordpress.media, wordpress.terms, wordpress.ids
    owner = api.as_(cast.owner)
    owner.patch(path(post), {"excerpt": "Short"})
    owner.post(path(post, "/publish"), {}, status=202)
    settle()
    [there] = other.posts.values()
    assert (there["id"], there["excerpt"]) == (post.wp_post_id, "Short")
    assert len(other.media) == 1
    owner.post(path(post, "/unpublish"), status=202)
    settle()
    assert other.posts[post.wp_post_id]["status"] == "draft"


@pytest.mark.parametrize(("wish", "status"), [("draft", "draft"), ("pending", "draft"), ("private", "published")])
def test_other_statuses(wordpress: Any, site: Any, make_post: Any, wish: str, status: str) -> None:
    post = make_post()
    begin(post, target=PublicationTarget(blog_connection=site), wp_status=wish)
    settle()
    post.refresh_from_db()
    assert (post.status, bool(post.wp_post_id)) == (status, True)
    assert wordpress.posts[post.wp_post_id]["status"] == wish


def test_a_post_of_another_slug_owner_is_left_alone(wordpress: Any, site: Any, make_post: Any) -> None:
    wordpress.make({"title": "Foreign", "slug": "keeping-drinks-cold", "status": "publish", "content": "Theirs"})
    post = make_post()
    wordpress.drop_after(creates)
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    post.refresh_from_db()
    assert post.status == "published"
    assert len(wordpress.posts) == 2
    assert post.published_url.endswith("/keeping-drinks-cold-2/")
    assert min(wordpress.posts.items())[1]["content"] == "Theirs"


def test_a_post_deleted_on_the_site_is_made_anew(wordpress: Any, site: Any, make_post: Any) -> None:
    post = make_post()
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    wordpress.rows.clear()
    post.refresh_from_db()
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    assert len(wordpress.posts) == 1
    wordpress.rows.clear()
    post.refresh_from_db()
    publications.unpublish(post=post, by=None)
    settle()
    post.refresh_from_db()
    assert (post.status, post.wp_post_id) == ("draft", None)


# --- lost answers


MANY = 12


@pytest.mark.thorough
def test_every_lost_answer_gives_one_post(wordpress: Any, site: Any, make_post: Any) -> None:
    wordpress.drop_after(creates, times=MANY)
    rows = [make_post(slug=f"post-{n}", title=f"Post {n}") for n in range(MANY)]
    for post in rows:
        begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    assert len(wordpress.posts) == wordpress.created == MANY
    assert sorted(p["slug"] for p in wordpress.live()) == sorted(post.slug for post in rows)
    assert BlogPost.objects.filter(status="published").count() == MANY
    assert not Publication.objects.open().exists()


@pytest.mark.thorough
def test_every_lost_answer_gives_one_article(shopify: Any, shop: Any, make_post: Any) -> None:
    shopify.drop_after(creates_article, times=MANY)
    blog = "1"
    for number in range(MANY):
        begin(make_post(slug=f"post-{number}"), target=PublicationTarget(store_connection=shop, external_blog_id=blog))
    settle()
    assert len(shopify.articles) == MANY
    assert BlogPost.objects.filter(status="published", external_blog_id=blog).count() == MANY


@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=UNREADABLE)
def test_an_answer_to_a_write_that_nobody_can_read_is_a_lost_one(
    wordpress: Any, site: Any, make_post: Any, answer: Reply
) -> None:
    """A plugin that hooks into saving prints, redirects or ends the request after each write."""
    wordpress.drop_after(lambda r: r.method == "POST" and "/wp/v2/posts" in r.path, times=9, reply=answer)
    post = make_post(tags=["steel"])
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    post.refresh_from_db()
    assert (post.status, wordpress.created) == ("published", 1)
    post.title = "Keeping tea cold"
    post.save()
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    assert [p["title"] for p in wordpress.live()] == ["Keeping tea cold"]
    post.refresh_from_db()
    assert (post.status, post.last_error, wordpress.created) == ("published", "", 1)
    publications.unpublish(post=post, by=None)
    settle()
    post.refresh_from_db()
    assert (post.status, post.last_error, wordpress.live()) == ("draft", "", [])


def test_a_write_that_never_arrived_behind_an_unreadable_answer_is_sent_again_and_then_given_up(
    wordpress: Any, site: Any, make_post: Any
) -> None:
    wordpress.faults.append(Fault(UNREADABLE["page"], creates, times=99))
    publication = begin(make_post(), target=PublicationTarget(blog_connection=site))
    for _ in range(12):
        age(publication, 61)
        Job.objects.update(due_at=None)
        work(publication.job_id)
    post = BlogPost.objects.get()
    assert (post.status, wordpress.posts) == ("failed", {})
    assert "“Sale: Thank you”" in post.last_error


@pytest.mark.parametrize("answer", [*UNREADABLE.values(), Reply(200, b"null"), NO_ARTICLE])
def test_an_answer_of_shopify_that_nobody_can_read_is_a_lost_one(
    shopify: Any, shop: Any, make_post: Any, answer: Reply
) -> None:
    shopify.drop_after(creates_article, reply=answer)
    begin(make_post(), target=PublicationTarget(store_connection=shop, external_blog_id="1"))
    settle()
    assert len(shopify.articles) == 1
    assert BlogPost.objects.get().status == "published"


@pytest.mark.thorough
def test_lost_answers_on_a_site_that_drops_comments(wordpress: Any, site: Any, make_post: Any) -> None:
    wordpress.strips_comments = True
    wordpress.drop_after(creates, times=10)
    for number in range(10):
        begin(make_post(slug=f"post-{number}", title=f"Post {number}"), target=PublicationTarget(blog_connection=site))
    settle()
    assert len(wordpress.posts) == 10
    assert BlogPost.objects.filter(status="published").count() == 10


def test_a_request_that_never_arrived_is_sent_again_after_the_doubt(wordpress: Any, site: Any, make_post: Any) -> None:
    wordpress.fail(502, b"<html>Bad gateway</html>", when=creates)
    publication = begin(make_post(), target=PublicationTarget(blog_connection=site))
    work(publication.job_id)
    publication.refresh_from_db()
    assert publication.state == "unknown"
    assert BlogPost.objects.get().status == "publishing"
    assert not wordpress.posts
    Job.objects.update(due_at=None)
    work(publication.job_id)
    assert not wordpress.posts, "too early to send it again"
    age(publication, 61)
    settle()
    assert len(wordpress.posts) == 1
    assert BlogPost.objects.get().status == "published"


@pytest.mark.parametrize("prompt", [True, False])
def test_a_prompt_503_is_in_doubt_for_seconds_only(
    wordpress: Any, site: Any, make_post: Any, monkeypatch: Any, prompt: bool
) -> None:
    """What answers 503 at once waits for no slow site. One that took its time may have given up on one."""
    if not prompt:
        monkeypatch.setattr(attempt, "PROMPT", 0.0)
    wordpress.fail(503, b"<html>busy</html>", when=creates)
    publication = begin(make_post(), target=PublicationTarget(blog_connection=site))
    work(publication.job_id)
    assert not wordpress.posts
    publication.refresh_from_db()
    assert publication.state == "unknown"
    age(publication, 16)
    Job.objects.update(due_at=None)
    work(publication.job_id)
    assert len(wordpress.posts) == int(prompt)


def test_a_slow_site_that_accepts_late_is_found(wordpress: Any, site: Any, make_post: Any) -> None:
    """The answer is lost and the post appears only later: it is found, not doubled."""
    wordpress.fail(504, b"", when=creates)
    publication = begin(make_post(), target=PublicationTarget(blog_connection=site))
    work(publication.job_id)
    publication.refresh_from_db()
    assert publication.state == "unknown"
    sent = next(r.json for r in wordpress.requests if creates(r))
    wordpress.make(sent)  # the site finishes what it was told
    Job.objects.update(due_at=None)
    work(publication.job_id)
    assert len(wordpress.posts) == 1
    assert BlogPost.objects.get().status == "published"


def test_shopify_search_that_lags_makes_no_second_article(shopify: Any, shop: Any, make_post: Any) -> None:
    shopify.drop_after(creates_article)
    blog = "1"
    publication = begin(make_post(), target=PublicationTarget(store_connection=shop, external_blog_id=blog))
    shopify.lag = 6
    work(publication.job_id)
    for _ in range(12):
        age(publication, 61)
        Job.objects.update(due_at=None)
        if BlogPost.objects.get().status == "published":
            break
        work(publication.job_id)
    assert len(shopify.articles) == 1
    assert BlogPost.objects.get().status == "published"


def test_a_foreign_article_with_our_handle_gets_a_neighbour(shopify: Any, shop: Any, make_post: Any) -> None:
    blog = "1"
    theirs = {
        "title": "Theirs",
        "handle": "keeping-drinks-cold",
        "body": "x",
        "author": {"name": "A"},
        "isPublished": True,
    }
    shopify.create_article({"blogId": "gid://shopify/Blog/1", **theirs})
    begin(make_post(), target=PublicationTarget(store_connection=shop, external_blog_id=blog))
    settle()
    assert not BlogPost.objects.get().last_error
    assert sorted(a["handle"] for a in shopify.articles.values()) == ["keeping-drinks-cold", "keeping-drinks-cold-2"]
    assert BlogPost.objects.get().published_url.endswith("/keeping-drinks-cold-2")


# --- killed workers


class Killed(BaseException):
    pass


def work_by_line(job_id: Any, come_to: Callable[[int], None]) -> None:
    """Work on the job, and tell of each line of the publishing code that is new, by its number in their order."""
    seen: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        if "/blog/publishing/" not in frame.f_code.co_filename:
            return None
        here = (frame.f_code.co_filename, frame.f_lineno)
        if event == "line" and here not in seen:
            seen.add(here)
            come_to(len(seen))
        return trace

    sys.settrace(trace)
    try:
        work(job_id)
    finally:
        sys.settrace(None)


def different_deaths(job_id: Any, wordpress: Any) -> list[int]:
    """Work on the job, and find the lines at which death leaves something else behind than a line before: a statement
    or a request stands between them."""
    lines: dict[int, int] = {}
    with CaptureQueriesContext(connection):  # with commits
        work_by_line(job_id, lambda line: lines.setdefault(len(connection.queries_log) + len(wordpress.requests), line))
    return list(lines.values())


def killed_at(line: int, job_id: Any) -> bool:
    """Work on the job and die when the `line`th line of the publishing code is reached; False when it reaches fewer."""

    def die(reached: int) -> None:
        if reached == line:
            raise Killed

    try:
        work_by_line(job_id, die)
    except Killed:
        return True
    return False


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize("lost", [False, True])
def test_a_worker_killed_at_any_line_gives_one_post(wordpress: Any, site: Any, make_post: Any, lost: bool) -> None:
    """Dies at one line after the other, and each time the next worker ends up with one post."""

    def published(line: int) -> Publication:
        if lost:
            wordpress.drop_after(creates)
        return begin(
            make_post(slug=f"post-{line}", title=f"Post {line}"), target=PublicationTarget(blog_connection=site)
        )

    def settle_all() -> None:
        settle()
        for fault in wordpress.faults:
            fault.times = 0
        settle()

    lines = different_deaths(published(0).job_id, wordpress)
    settle_all()
    assert lines[-1] > 60
    for line in some(lines, 12):
        publication = published(line)
        assert killed_at(line, publication.job_id)
        Job.objects.filter(pk=publication.job_id).update(lease_until=None)
        age(publication, 61)
        settle_all()
        post = publication.post
        post.refresh_from_db()
        assert post.status == "published", f"killed at line {line}: {post.status} {post.last_error}"
        there = [p for p in wordpress.posts.values() if p["title"] == post.title]
        assert len(there) == 1, f"killed at line {line}: {len(there)} posts"


def test_two_workers_at_once_make_one_post(wordpress: Any, site: Any, make_post: Any) -> None:
    publication = begin(make_post(), target=PublicationTarget(blog_connection=site))
    first = jobs.worker.claim(publication.job_id)
    assert first is not None
    assert work(publication.job_id) is None, "the lease is taken"
    Job.objects.update(lease_until=None)
    settle()
    stale = jobs.Run(first, jobs.registry.kinds[first.job_type])
    with pytest.raises(jobs.JobStopped):
        publish_job.run(stale)  # the first wakes up again: its fence is old, or there is nothing left to do
        raise jobs.JobStopped
    assert len(wordpress.posts) == 1


# --- refusals and trouble


@pytest.mark.parametrize(
    ("status", "code"), [(401, "incorrect_password"), (403, "rest_cannot_publish"), (400, "rest_invalid_param")]
)
def test_a_refusal_fails_at_once_and_says_why(
    api: Any, cast: Any, wordpress: Any, site: Any, make_post: Any, status: int, code: str
) -> None:
    wordpress.fail(status, {"code": code, "message": "No way", "data": {"status": status}}, when=creates)
    post = make_post()
    api.as_(cast.owner).post(path(post, "/publish"), {"connection_id": str(site.pk)}, status=202)
    [job] = run_jobs()
    from blog.api.views.publications import render
    from scribe.errors import UpstreamFailed

    with pytest.raises(UpstreamFailed):
        render(job)
    post.refresh_from_db()
    assert (post.status, bool(post.last_error)) == ("failed", True)
    assert Notification.objects.filter(notification_type="post_failed").exists()
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    assert len(wordpress.posts) == 1


@pytest.mark.thorough
def test_a_site_that_is_down_is_tried_five_times_and_then_told(wordpress: Any, site: Any, make_post: Any) -> None:
    post = make_post()
    publication = begin(post, target=PublicationTarget(blog_connection=site))
    BlogConnection.objects.update(site_url="http://127.0.0.1:9")  # nobody listens there
    waits: list[float] = []
    for _ in range(10):
        job = work(publication.job_id)
        job.refresh_from_db()
        if job.ended:
            break
        waits.append((job.due_at - timezone.now()).total_seconds())
        Job.objects.update(due_at=None)
    publication.refresh_from_db()
    assert publication.state == "failed"
    assert publication.tries >= 4
    assert len(waits) == 4
    assert 560 < sum(waits) <= 600
    post.refresh_from_db()
    assert post.status == "failed"


def test_cancelling_before_anything_was_sent_puts_the_post_back(wordpress: Any, site: Any, make_post: Any) -> None:
    post = make_post()
    publication = begin(post, target=PublicationTarget(blog_connection=site))
    jobs.cancel(publication.job)
    post.refresh_from_db()
    publication.refresh_from_db()
    assert (post.status, publication.state) == ("draft", "abandoned")
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    assert len(wordpress.posts) == 1


def cancelled_in_doubt(post: BlogPost, wordpress: Any, site: Any) -> Publication:
    wordpress.fail(504, b"", when=creates)
    publication = begin(post, target=PublicationTarget(blog_connection=site))
    work(publication.job_id)
    publication.refresh_from_db()
    jobs.cancel(publication.job)
    post.refresh_from_db()
    assert post.status == "publishing"
    return publication


def test_cancelling_in_doubt_is_cleared_up_by_beat(wordpress: Any, site: Any, make_post: Any) -> None:
    post = make_post()
    publication = cancelled_in_doubt(post, wordpress, site)
    tasks.reconcile_publications()
    assert not Job.objects.active().exists(), "not before its time"
    age(publication, 61)
    tasks.reconcile_publications()
    tasks.reconcile_publications()
    assert Job.objects.active().count() == 1
    settle()
    post.refresh_from_db()
    assert post.status == "published"
    assert len(wordpress.posts) == 1


def test_doubt_in_a_trashed_project_waits_for_it_and_holds_up_no_other(
    wordpress: Any, site: Any, cast: Any, make_post: Any
) -> None:
    waiting, other = make_post(project=make_project(cast.organization), slug="waiting"), make_post()
    for post in (waiting, other):
        age(cancelled_in_doubt(post, wordpress, site), 61)
    lifecycle.trash(project=waiting.project)
    tasks.reconcile_publications()
    assert [job.payload["post_id"] for job in Job.objects.active()] == [str(other.pk)]
    settle()
    waiting.project.refresh_from_db()
    lifecycle.restore(project=waiting.project)
    tasks.reconcile_publications()
    settle()
    waiting.refresh_from_db()
    assert waiting.status == "published"
    assert len(wordpress.posts) == 2


# --- targets


def test_one_target_exactly(api: Any, cast: Any, site: Any, shop: Any, make_post: Any, shopify: Any) -> None:
    owner = api.as_(cast.owner)
    post = make_post()
    both = {"connection_id": str(site.pk), "store_connection_id": str(shop.pk)}
    assert owner.post(path(post, "/publish"), {}, status=400)["code"] == "target_required"
    assert owner.post(path(post, "/publish"), both, status=400)["code"] == "two_targets"
    owner.post(path(post, "/publish"), {"connection_id": str(site.pk), "wp_status": "future"}, status=400)
    owner.post(path(post, "/publish"), {"connection_id": str(shop.pk)}, status=404)
    woo = StoreConnection.objects.create(
        organization=cast.organization, name="Woo", platform="woocommerce", base_url="https://woo.example.com"
    )
    owner.post(path(post, "/publish"), {"store_connection_id": str(woo.pk)}, status=400)
    owner.post(path(make_post(content=""), "/publish"), {"connection_id": str(site.pk)}, status=409)
    for busy in ("generating", "publishing"):
        owner.post(path(make_post(status=busy), "/publish"), {"connection_id": str(site.pk)}, status=409)
    site.is_active = False
    site.save()
    owner.post(path(post, "/publish"), {"connection_id": str(site.pk)}, status=409)


def test_shopify_takes_its_only_blog_or_asks(api: Any, cast: Any, shopify: Any, shop: Any, make_post: Any) -> None:
    owner = api.as_(cast.owner)
    post = make_post()
    assert owner.get(f"blog-connections/shopify/{shop.pk}/blogs")[0]["title"] == "News"
    owner.post(path(post, "/publish"), {"store_connection_id": str(shop.pk), "shopify_published": False}, status=202)
    settle()
    shown = owner.get(path(post))
    assert (shown["status"], shown["external_blog_id"]) == ("draft", "1")
    [article] = shopify.articles.values()
    assert article["isPublished"] is False
    owner.post(path(post, "/publish"), {"store_connection_id": str(shop.pk)}, status=202)
    settle()
    assert owner.get(path(post))["status"] == "published"
    assert len(shopify.live()) == 1
    owner.post(path(post, "/unpublish"), status=202)
    settle()
    assert not shopify.live()
    shopify.blogs.append({**shopify.blogs[0], "id": "gid://shopify/Blog/2", "title": "Second"})
    assert (
        owner.post(path(make_post(), "/publish"), {"store_connection_id": str(shop.pk)}, status=400)["code"]
        == "blog_required"
    )


def test_connection_test_and_categories(api: Any, cast: Any, wordpress: Any, site: Any) -> None:
    owner = api.as_(cast.owner)
    base = f"blog-connections/{site.pk}"
    assert owner.post(f"{base}/test") == {
        "success": True,
        "message": "Connection successful: this user can publish posts and upload images.",
        "site_name": "Notes",
    }
    wordpress.term("categories", "Guides")
    assert [c["name"] for c in owner.get(f"{base}/categories")] == ["Uncategorized", "Guides"]
    wordpress.term("categories", "News")
    assert len(owner.get(f"{base}/categories")) == 2, "from our copy"
    assert len(owner._send("get", f"{base}/categories", 200, data={"refresh": "true"})) == 3
    assert owner.get(base)["has_categories"] is True
    wordpress.abilities["publish_posts"] = False
    assert owner.post(f"{base}/test")["success"] is False
    owner.patch(base, {"app_password": "wrong"})
    refused = owner.post(f"{base}/test")
    assert refused["success"] is False
    assert "password" in refused["message"]


# --- scheduling


def test_scheduling_is_checked_and_moved(api: Any, cast: Any, site: Any, make_post: Any) -> None:
    owner = api.as_(cast.owner)
    post = make_post()
    soon = (timezone.now() + timedelta(hours=1)).isoformat()
    past = (timezone.now() - timedelta(minutes=1)).isoformat()
    wish = {"connection_id": str(site.pk)}
    owner.post(path(post, "/schedule"), {"scheduled_at": soon}, status=400)
    owner.post(path(post, "/schedule"), {**wish, "scheduled_at": past}, status=400)
    owner.post(path(post, "/schedule"), wish, status=400)
    owner.post(path(post, "/unschedule"), status=409)
    made = owner.post(path(post, "/schedule"), {**wish, "scheduled_at": soon})
    assert (made["status"], made["blog_connection_id"]) == ("scheduled", str(site.pk))
    owner.post(path(post, "/schedule"), {**wish, "scheduled_at": soon})
    assert owner.post(path(post, "/unschedule"))["status"] == "draft"
    owner.post(path(make_post(status="published"), "/schedule"), {**wish, "scheduled_at": soon}, status=409)


def test_what_is_due_is_published_once(wordpress: Any, site: Any, make_post: Any) -> None:
    due = make_post(status="scheduled", scheduled_at=timezone.now() - timedelta(seconds=5), blog_connection=site)
    later = make_post(status="scheduled", scheduled_at=timezone.now() + timedelta(hours=1), blog_connection=site)
    tasks.publish_due_posts()
    tasks.publish_due_posts()
    assert Job.objects.filter(job_type="blog_publish").count() == 1
    settle()
    due.refresh_from_db()
    later.refresh_from_db()
    assert (due.status, due.scheduled_at, later.status) == ("published", None, "scheduled")
    assert len(wordpress.posts) == 1


def test_what_is_due_at_a_switched_off_connection_fails_and_says_so(
    wordpress: Any, site: Any, shopify: Any, shop: Any, make_post: Any, cast: Any
) -> None:
    past = timezone.now() - timedelta(seconds=5)
    due = make_post(status="scheduled", scheduled_at=past, blog_connection=site, created_by=cast.owner)
    other = make_post(status="scheduled", scheduled_at=past, store_connection=shop, external_blog_id="1")
    BlogConnection.objects.update(is_active=False)
    StoreConnection.objects.update(status="inactive")
    tasks.publish_due_posts()
    settle()
    for post, word in ((due, "switched off"), (other, "inactive")):
        post.refresh_from_db()
        assert (post.status, post.scheduled_at) == ("failed", None)
        assert word in post.last_error
    assert set(Job.objects.values_list("error_code", flat=True)) == {"connection_inactive"}
    assert Notification.objects.filter(notification_type="post_failed", user=cast.owner).exists()
    assert wordpress.requests == shopify.requests == []


@pytest.mark.parametrize("deed", ["unpublish", "publish/undo"])
def test_a_switched_off_connection_takes_nothing_down_and_undoes_nothing(
    api: Any, cast: Any, wordpress: Any, site: Any, make_post: Any, deed: str
) -> None:
    post = make_post()
    for title in ("First", "Second"):
        BlogPost.objects.update(title=title)
        begin(post, target=PublicationTarget(blog_connection=site))
        settle()
    BlogConnection.objects.update(is_active=False)
    asked = len(wordpress.requests)
    problem = api.as_(cast.owner).post(path(post, f"/{deed}"), {}, status=409)
    assert problem["code"] == "connection_inactive"
    post.refresh_from_db()
    assert (post.status, len(wordpress.requests)) == ("published", asked)


def test_due_posts_of_a_suspended_organization_wait_and_hold_up_no_other(
    wordpress: Any, site: Any, cast: Any, make_post: Any
) -> None:
    elsewhere = make_organization(suspended_at=timezone.now())
    now = timezone.now()
    first = make_post(
        organization=elsewhere,
        project=make_project(elsewhere),
        slug="first",
        status="scheduled",
        scheduled_at=now - timedelta(minutes=5),
        blog_connection=BlogConnection.objects.create(
            organization=elsewhere, name="Blog", site_url=wordpress.url, username=USER, app_password=PASSWORD
        ),
    )
    make_post(status="scheduled", scheduled_at=now - timedelta(seconds=5), blog_connection=site)
    tasks.publish_due_posts()
    settle()
    assert [post["slug"] for post in wordpress.posts.values()] == ["keeping-drinks-cold"]
    first.refresh_from_db()
    assert first.status == "scheduled"
    Organization.objects.update(suspended_at=None)
    tasks.publish_due_posts()
    settle()
    first.refresh_from_db()
    assert first.status == "published"


def test_a_post_whose_time_comes_in_the_trash_is_a_draft_again(wordpress: Any, site: Any, make_post: Any) -> None:
    """It was published as soon as its project was restored, after whatever time."""
    now = timezone.now()
    missed = make_post(status="scheduled", scheduled_at=now - timedelta(minutes=5), blog_connection=site)
    later = make_post(status="scheduled", scheduled_at=now + timedelta(hours=1), blog_connection=site, slug="later")
    lifecycle.trash(project=missed.project)
    tasks.publish_due_posts()
    lifecycle.restore(project=missed.project)
    tasks.publish_due_posts()
    settle()
    assert not wordpress.posts
    for post in (missed, later):
        post.refresh_from_db()
    assert (missed.status, missed.scheduled_at, later.status) == ("draft", None, "scheduled")
    assert missed.last_error.startswith("The project was in the trash at the scheduled time")


def test_a_connection_can_be_deleted_whose_posts_are_scheduled_in_the_trash(
    cast: Any, wordpress: Any, site: Any, make_post: Any
) -> None:
    post = make_post(status="scheduled", scheduled_at=timezone.now() + timedelta(hours=1), blog_connection=site)
    lifecycle.trash(project=post.project)
    blog_connections.delete(connection=site, by=cast.owner)
    lifecycle.restore(project=post.project)
    BlogPost.objects.update(scheduled_at=timezone.now() - timedelta(seconds=5))
    tasks.publish_due_posts()
    post.refresh_from_db()
    assert (post.status, post.scheduled_at) == ("draft", None)
    assert post.last_error.startswith("The connection that the post was scheduled with was deleted.")


def test_a_due_post_whose_job_is_refused_holds_up_no_other(
    wordpress: Any, site: Any, make_post: Any, monkeypatch: Any
) -> None:
    now = timezone.now()
    refused = make_post(
        status="scheduled", scheduled_at=now - timedelta(minutes=5), blog_connection=site, slug="refused"
    )
    make_post(status="scheduled", scheduled_at=now - timedelta(seconds=5), blog_connection=site)

    def keep_out(project: Any) -> None:
        if turns.pop():
            raise Conflict("Not now.")

    turns = [False, True]
    monkeypatch.setattr(registry, "keepers", [keep_out])
    tasks.publish_due_posts()
    settle()
    assert [post["slug"] for post in wordpress.posts.values()] == ["keeping-drinks-cold"]
    refused.refresh_from_db()
    assert refused.status == "scheduled"


def test_doubt_of_a_suspended_organization_waits_and_holds_up_no_other(
    wordpress: Any, site: Any, cast: Any, make_post: Any
) -> None:
    elsewhere = make_organization()
    theirs = BlogConnection.objects.create(
        organization=elsewhere, name="Blog", site_url=wordpress.url, username=USER, app_password=PASSWORD
    )
    waiting = make_post(organization=elsewhere, project=make_project(elsewhere), slug="waiting")
    age(cancelled_in_doubt(waiting, wordpress, theirs), 61)
    other = make_post()
    age(cancelled_in_doubt(other, wordpress, site), 61)
    Organization.objects.filter(pk=elsewhere.pk).update(suspended_at=timezone.now())
    tasks.reconcile_publications()
    assert [job.payload["post_id"] for job in Job.objects.active()] == [str(other.pk)]


def test_pictures_are_uploaded_once_even_when_the_answer_is_lost(wordpress: Any, site: Any, make_post: Any) -> None:
    post = make_post()
    image: BlogImage = post_images.add(post=post, data=picture(800, 600), source="upload", alt_text="A bottle")
    post.featured_image_url = image.url
    post.save()
    wordpress.drop_after(lambda r: r.method == "POST" and r.path.endswith("/media"))
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    assert len(wordpress.media) == len(wordpress.posts) == 1
    wordpress.remove_media(next(iter(wordpress.media)))  # the merchant empties the library
    post.refresh_from_db()
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    assert len(wordpress.media) == 1
    assert wordpress.posts[post.wp_post_id]["featured_media"] == next(iter(wordpress.media))


def featured(post: BlogPost) -> BlogPost:
    image = post_images.add(post=post, data=picture(800, 600), source="upload", alt_text="A bottle")
    BlogPost.objects.filter(pk=post.pk).update(featured_image_url=image.url)
    return post


def test_a_picture_that_vanished_is_uploaded_before_the_post_goes_out(
    wordpress: Any, site: Any, make_post: Any
) -> None:
    first, second = featured(make_post(slug="one")), make_post(slug="two")
    begin(first, target=PublicationTarget(blog_connection=site))
    settle()
    [old] = wordpress.media
    featured(second)  # the same bytes
    wordpress.remove_media(old)
    bare: list[Any] = []
    write = wordpress.write

    def watched(row: Any, body: Any) -> Any:
        found = write(row, body)
        bare.append(row["featured_media"])
        return found

    wordpress.write = watched
    begin(second, target=PublicationTarget(blog_connection=site))
    settle()
    second.refresh_from_db()
    [media] = wordpress.media
    assert media != old
    assert wordpress.posts[second.wp_post_id]["featured_media"] == media
    assert 0 not in bare


def test_a_picture_that_vanishes_at_the_last_moment_is_put_back(wordpress: Any, site: Any, make_post: Any) -> None:
    post = featured(make_post())
    texts, lost = wordpress.texts, []

    def vanishing(kind: str, pk: int, method: str, query: Any, body: Any) -> Any:
        if method == "POST" and not lost:
            lost.extend(wordpress.media)
            wordpress.media.clear()
        return texts(kind, pk, method, query, body)

    wordpress.texts = vanishing
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    post.refresh_from_db()
    [media] = wordpress.media
    assert [media] != lost
    assert wordpress.posts[post.wp_post_id]["featured_media"] == media
    assert wordpress.created == 1
    assert post.metadata["skipped_fields"] == {}


def test_what_the_site_does_not_take_is_told_with_the_post(
    api: Any, cast: Any, wordpress: Any, site: Any, make_post: Any
) -> None:
    post = make_post(
        seo_meta={"title": "T", "focus_keyword": "steel"},
        wp_category_ids=[777],
        featured_image_url="https://127.0.0.1:9/gone.jpg",
    )
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    shown = api.as_(cast.owner).get(path(post))
    assert shown["status"] == "published"
    assert set(shown["skipped_fields"]) == {"seo_title", "focus_keyword", "categories", "featured_image"}
    assert "777" in shown["skipped_fields"]["categories"]
    assert "can't be changed here" in shown["skipped_fields"]["seo_title"]
    notice = Notification.objects.filter(notification_type="post_published").first()
    assert notice is not None
    assert "featured image" in notice.body
    wordpress.meta_keys = ("_yoast_wpseo_title", "_yoast_wpseo_focuskw")
    for row in wordpress.rows.values():
        row["meta"] = dict.fromkeys(wordpress.meta_keys, "")
    post.refresh_from_db()
    BlogPost.objects.filter(pk=post.pk).update(wp_category_ids=[], featured_image_url="")
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    assert api.as_(cast.owner).get(path(post))["skipped_fields"] == {}


def test_a_refused_seo_field_leaves_one_post_and_says_why(wordpress: Any, site: Any, make_post: Any) -> None:
    wordpress.meta_keys = ("_yoast_wpseo_title",)
    refused = {"code": "rest_cannot_update", "message": "You may not edit this field.", "data": {"status": 403}}
    wordpress.fail(403, refused, when=lambda r: b"_yoast_wpseo_title" in r.body)
    post = make_post(seo_meta={"title": "T"})
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    post.refresh_from_db()
    assert (post.status, wordpress.created) == ("published", 1)
    assert "edit this field" in post.metadata["skipped_fields"]["seo_title"]


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["POST", "GET"], ids=["making the tags", "looking the slug up"])
def test_a_busy_site_before_anything_was_sent_is_no_lost_answer(
    wordpress: Any, site: Any, make_post: Any, method: str
) -> None:
    """The post itself never went out, so nobody looks for it, and the next try sends it."""
    early = ("/batch/v1",) if method == "POST" else ("/wp/v2/posts",)
    wordpress.fail(503, b"<html>busy</html>", times=2, when=lambda r: r.method == method and r.path.endswith(early))
    publication = begin(make_post(tags=["steel", "bottles"]), target=PublicationTarget(blog_connection=site))
    settle()
    publication.refresh_from_db()
    assert (publication.state, wordpress.created) == ("confirmed", 1)
    assert sum(wordpress.calls.values()) <= 16
    names = list(JobEvent.objects.filter(job=publication.job).order_by("number").values_list("name", flat=True))
    assert [name for name in names if name != "waiting"] == ["start", "item", "progress", "complete"]
    told = JobEvent.objects.filter(job=publication.job, name="waiting").values_list("data__code", flat=True)
    assert set(told) == {"store_unavailable"}


def test_a_site_that_is_being_updated_is_no_lost_answer(wordpress: Any, site: Any, make_post: Any) -> None:
    """WordPress turns each request away before it looks at it, so nobody looks for the post."""
    wordpress.fail(503, MAINTENANCE, when=creates, Retry_After="600")
    publication = begin(make_post(), target=PublicationTarget(blog_connection=site))
    settle()
    publication.refresh_from_db()
    assert (publication.state, wordpress.created) == ("confirmed", 1)
    assert sum(wordpress.calls.values()) <= 8


def test_texts_that_the_site_cleans_are_still_found_by_their_marker(wordpress: Any, site: Any, make_post: Any) -> None:
    wordpress.abilities["unfiltered_html"] = False
    post = make_post(content="<p>For children under 3 years: a &lt; b &amp; c.</p>")
    wordpress.drop_after(creates)
    begin(post, target=PublicationTarget(blog_connection=site))
    settle()
    post.refresh_from_db()
    assert (post.status, wordpress.created) == ("published", 1)
