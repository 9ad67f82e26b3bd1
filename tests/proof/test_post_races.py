"""Posts in a forced order: one version goes out, once, and nobody's work is lost or undone unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from blog import posts, tasks
from blog.models import BlogPost, Publication
from blog.publishing import attempt
from blog.publishing import publication as publications
from blog.publishing.targets import PublicationTarget
from integrations.models import BlogConnection
from scribe import jobs
from scribe.errors import Conflict
from scribe.jobs.models import Job
from tests.blog.sites import BlogSite
from tests.factories import make_organization, make_project
from tests.fakes.wordpress import PASSWORD, USER
from tests.helpers import run_jobs
from tests.proof.ordering import elsewhere, held, in_order

OLD, NEW = ("Old", "<p>The old text of it.</p>"), ("New", "<p>The new text of it.</p>")


@pytest.fixture
def organization(committed: None) -> Any:
    return make_organization()


@pytest.fixture
def site(organization: Any) -> Iterator[Any]:
    """A WordPress (`fake`) and the connection to it (`row`)."""
    with BlogSite() as fake:
        row = BlogConnection.objects.create(
            organization=organization, name="Blog", site_url=fake.url, username=USER, app_password=PASSWORD
        )
        yield SimpleNamespace(fake=fake, row=row, target=PublicationTarget(blog_connection=row))


@pytest.fixture
def post(organization: Any) -> BlogPost:
    title, content = OLD
    fields = {"title": title, "content": content, "slug": "post", "organization": organization}
    return BlogPost.objects.create(project=make_project(organization), **fields)


@pytest.fixture
def due(post: BlogPost, site: Any) -> BlogPost:
    """A post whose time has come."""
    past = timezone.now() - timedelta(seconds=5)
    BlogPost.objects.filter(pk=post.pk).update(status="scheduled", scheduled_at=past, blog_connection=site.row)
    return BlogPost.objects.get()


@pytest.fixture
def published(post: BlogPost, site: Any) -> BlogPost:
    publish(post, site)
    run_jobs()
    return BlogPost.objects.get()


def publish(post: BlogPost, site: Any) -> Publication:
    return publications.publish(post=post, by=None, target=site.target)


def edit(post: BlogPost) -> BlogPost:
    title, content = NEW
    return posts.update(post=post, title=title, content=content)


def delivered(site: Any, *, posts_made: int, writes: int) -> BlogPost:
    """The post after every job has ended; the site has it once, however much was wished for."""
    run_jobs()
    assert site.fake.created == len(site.fake.posts) == posts_made
    assert sum(site.fake.writes.values()) == writes
    assert not Publication.objects.open().exists()
    return BlogPost.objects.get()


def test_beat_leaves_a_post_to_whoever_publishes_it(due: BlogPost, site: Any) -> None:
    in_order(lambda: publish(due, site), tasks.publish_due_posts, waits=False)
    tasks.publish_due_posts()
    assert delivered(site, posts_made=1, writes=1).status == "published"
    assert Job.objects.count() == 1


def test_a_click_that_waits_for_beat_is_told_that_it_is_publishing(due: BlogPost, site: Any) -> None:
    _, refused = in_order(tasks.publish_due_posts, lambda: publish(due, site))
    assert isinstance(refused, Conflict)
    assert refused.code == "post_is_busy"
    assert delivered(site, posts_made=1, writes=1).status == "published"
    assert Job.objects.count() == 1


TAKEN_OFF = {
    "unscheduled": lambda post: publications.unschedule(post=post),
    "made a draft": lambda post: posts.update(post=post, status="draft"),
    "moved": lambda post: publications.schedule(
        post=post,
        target=PublicationTarget(blog_connection=post.blog_connection),
        at=timezone.now() + timedelta(hours=1),
    ),
}


@pytest.mark.parametrize("way", TAKEN_OFF)
def test_what_is_being_taken_off_the_schedule_is_not_published(due: BlogPost, site: Any, way: str) -> None:
    in_order(lambda: TAKEN_OFF[way](due), tasks.publish_due_posts, waits=False)
    tasks.publish_due_posts()
    after = delivered(site, posts_made=0, writes=0)
    assert after.status == ("scheduled" if way == "moved" else "draft")


@pytest.mark.parametrize("way", TAKEN_OFF)
def test_what_beat_has_begun_cannot_be_taken_off_the_schedule(due: BlogPost, site: Any, way: str) -> None:
    _, refused = in_order(tasks.publish_due_posts, lambda: TAKEN_OFF[way](due))
    assert isinstance(refused, Conflict)
    assert delivered(site, posts_made=1, writes=1).status == "published"


def test_two_beats_begin_a_post_once(due: BlogPost, site: Any) -> None:
    in_order(tasks.publish_due_posts, tasks.publish_due_posts, waits=False)
    delivered(site, posts_made=1, writes=1)
    assert Job.objects.count() == 1


@pytest.mark.parametrize("unpublish_first", [True, False])
def test_publish_and_unpublish_take_turns(published: BlogPost, site: Any, unpublish_first: bool) -> None:
    edit(published)  # so that publishing again has something to send
    steps = [lambda: publications.unpublish(post=published, by=None), lambda: publish(published, site)]
    _, refused = in_order(*(steps if unpublish_first else reversed(steps)))
    assert isinstance(refused, Conflict)
    assert refused.code == "post_is_busy"
    after = delivered(site, posts_made=1, writes=2)
    assert after.status == ("draft" if unpublish_first else "published")
    assert len(site.fake.live()) == (not unpublish_first)


def on_the_site(publication: Publication, site: Any) -> Callable[[], None]:
    """The settling of an attempt that the site has taken."""
    run = held(publication.job)  # type: ignore[arg-type]
    delivery = attempt.Delivery(run, publication, site.target)
    remote = delivery.deliver()
    assert site.fake.created == 1
    assert publication.state == "sending"
    attempt.note(run, publication, sent_at=timezone.now() - timedelta(minutes=2))
    return lambda: attempt.confirm(run, delivery, remote)


@pytest.mark.thorough
def test_an_unpublishing_that_waits_for_the_first_publishing_knows_the_site(post: BlogPost, site: Any) -> None:
    confirm = on_the_site(publish(post, site), site)
    _, begun = in_order(confirm, lambda: publications.unpublish(post=post, by=None))
    assert (begun.action, begun.blog_connection_id) == ("unpublish", site.row.pk)
    assert delivered(site, posts_made=1, writes=2).status == "draft"
    assert not site.fake.live()


def test_a_cancel_after_the_site_has_confirmed_leaves_it_published(post: BlogPost, site: Any) -> None:
    publication = publish(post, site)
    in_order(on_the_site(publication, site), lambda: jobs.cancel(publication.job))  # type: ignore[arg-type]
    after = delivered(site, posts_made=1, writes=1)
    assert (after.status, Publication.objects.get().state) == ("published", "confirmed")


def test_a_cancel_before_the_answer_is_settled_leaves_it_to_beat(post: BlogPost, site: Any) -> None:
    publication = publish(post, site)
    confirm = on_the_site(publication, site)
    _, late = in_order(lambda: jobs.cancel(publication.job), confirm)  # type: ignore[arg-type]
    assert isinstance(late, jobs.JobStopped)
    assert Publication.objects.get().state == "sending"
    in_order(tasks.reconcile_publications, tasks.reconcile_publications, waits=False)
    after = delivered(site, posts_made=1, writes=1)  # it is there as it was sent, so nothing is sent again
    assert (after.status, Publication.objects.get().state) == ("published", "confirmed")


def test_an_edit_that_waits_for_the_publishing_is_refused(post: BlogPost, site: Any) -> None:
    _, refused = in_order(lambda: publish(post, site), lambda: edit(post))
    assert isinstance(refused, Conflict)
    after = delivered(site, posts_made=1, writes=1)
    [there] = site.fake.posts.values()
    assert (there["title"], there["content"].split("\n")[0], after.title) == (*OLD, "Old")


def test_a_publishing_that_waits_for_an_edit_sends_all_of_it(post: BlogPost, site: Any) -> None:
    in_order(lambda: edit(post), lambda: publish(post, site))
    after = delivered(site, posts_made=1, writes=1)
    [there] = site.fake.posts.values()
    assert (there["title"], there["content"].split("\n")[0]) == NEW
    assert after.unpublished_changes is False


def test_two_people_at_one_post_lose_nothing_of_each_other(post: BlogPost) -> None:
    """Each sends what they changed, of the post and of its SEO fields. Both had read the same post."""
    one, other = BlogPost.objects.get(), BlogPost.objects.get()
    in_order(
        lambda: posts.update(post=one, title="New", seo_meta={"title": "Ours"}),
        lambda: posts.update(post=other, content="<p>New.</p>", seo_meta={"description": "Theirs"}),
    )
    after = BlogPost.objects.get()
    assert (after.title, after.content) == ("New", "<p>New.</p>")
    assert after.seo_meta == {"title": "Ours", "description": "Theirs"}


def test_an_edit_in_the_middle_of_the_delivery_is_refused(post: BlogPost, site: Any) -> None:
    came: list[tuple[str, Any]] = []
    site.fake.on_request = lambda request: came.append((request.method, elsewhere(lambda: edit(post))))
    site.fake.drop_after(lambda request: request.path.endswith("/posts") and request.method == "POST")
    publish(post, site)
    after = delivered(site, posts_made=1, writes=1)
    assert {type(error) for _, error in came} == {Conflict}
    sending = [method for method, _ in came].index("POST")
    assert 0 < sending < len(came) - 1  # before the send, at it, and while the post is looked up after the lost answer
    [there] = site.fake.posts.values()
    assert (there["title"], there["content"].split("\n")[0], after.title) == (*OLD, "Old")


def test_a_post_is_deleted_or_published_never_both(post: BlogPost, site: Any) -> None:
    _, refused = in_order(lambda: publish(post, site), lambda: posts.delete(post=post))
    assert isinstance(refused, Conflict)
    delivered(site, posts_made=1, writes=1)
    published = BlogPost.objects.get()
    _, gone = in_order(lambda: posts.delete(post=published), lambda: publish(published, site))
    assert isinstance(gone, BlogPost.DoesNotExist)
    assert not BlogPost.objects.exists()


def test_a_post_is_deleted_while_its_writing_is_settled(post: BlogPost) -> None:
    job = jobs.create(
        job_type="blog_generation", organization=post.organization, payload={"work": "post", "post_id": str(post.pk)}
    )
    BlogPost.objects.filter(pk=post.pk).update(status="generating", job=job)
    run = held(job)

    def write() -> None:
        BlogPost.objects.select_for_update(no_key=True).get(pk=post.pk)

    done, gone = in_order(
        lambda: Job.objects.select_for_update(no_key=True).get(pk=job.pk), lambda: posts.delete(post=post), rest=write
    )
    assert (done.pk, gone) == (job.pk, None)
    assert not BlogPost.objects.exists()
    assert Job.objects.get().status == "cancelled"
    with pytest.raises(jobs.JobStopped), run.settling():
        pass
