"""Posts: written at a known price, edited without losing a word, and on a site exactly once."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog import post_images
from blog.models import BlogImage, BlogPost, Publication
from blog.publishing import publication as publications
from blog.translations import job as translations
from blog.translations import originals
from integrations.models import BlogConnection
from scribe import storage
from scribe.models import Job
from tests.blog.pictures import picture
from tests.blog.sites import BlogSite
from tests.factories import make_item, make_project, make_user
from tests.fakes.pexels import Pexels
from tests.fakes.wordpress import PASSWORD, USER
from tests.helpers import run_jobs
from tests.scribe.source import ROOT
from tests.workbench.conftest import make_post
from tests.workbench.visiting import POST_WISHES, Visitor
from workbench.templatetags.workbench import xct

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization)


@pytest.fixture
def post(project: Any) -> BlogPost:
    return make_post(project)


@pytest.fixture
def visitor(cast: Any) -> Visitor:
    return Visitor(cast.owner)


@pytest.fixture
def wordpress() -> Any:
    with BlogSite() as fake:
        yield fake


@pytest.fixture
def site(cast: Any, wordpress: Any) -> BlogConnection:
    return BlogConnection.objects.create(
        organization=cast.organization, name="Blog", site_url=wordpress.url, username=USER, app_password=PASSWORD
    )


def at(post: BlogPost, tail: str = "") -> str:
    return f"projects/{post.project_id}/posts/{post.pk}{tail}"


def unescaped(form: dict[str, str]) -> dict[str, str]:
    return {name: unescape(value) for name, value in form.items()}


def form_of(page: str, **changes: str) -> dict[str, str]:
    """The editor's form as its page sends it."""
    form = page[page.index('id="editor"') : page.index("</form>", page.index('id="editor"'))]
    hidden = dict(re.findall(r'name="(version|seen)" value="(\w*)"', form))
    plain = dict(re.findall(r'name="(title|slug|focus_keyword|seo_title|tags)"[^>]*value="([^"]*)"', form))
    return {**hidden, **plain, "content": "<p>Steel bottles keep drinks cold.</p>", **changes}


def test_a_post_is_written_at_a_price_that_was_said(visitor: Visitor, project: Any) -> None:
    item = make_item(project)
    root = f"projects/{project.pk}/posts"
    assert "No posts yet." in visitor.get(root)
    assert str(item.pk) in visitor.send(f"{root}/new/products", {"q": item.source_data["name"][:5]})
    assert "Enter a topic or choose products." in visitor.send(f"{root}/new/quote", {**POST_WISHES, "topic": ""})
    assert "offline/" in visitor.send(f"{root}/new/quote", {**POST_WISHES, "item": str(item.pk)})
    assert not BlogPost.objects.exists()
    assert "Enter a topic" in visitor.post(f"{root}/new", {**POST_WISHES, "topic": ""}, 422)
    visitor.post(f"{root}/new", {**POST_WISHES, "item": str(item.pk)})
    page = visitor.last["Location"]
    assert "data-events" in visitor.get(page)
    run_jobs()
    visitor.part(f"{page}/progress")
    assert visitor.last["HX-Refresh"] == "true"
    assert 'id="editor"' in visitor.get(page)
    post = BlogPost.objects.get()
    assert (post.status, post.source_item_ids) == ("draft", [str(item.pk)])
    assert post.title in visitor.get(root)
    visitor.get(f"projects/{project.pk}/jobs/{post.job_id}", 302)  # the post's page tells of its job
    assert visitor.last["Location"] == page
    assert "At most" in visitor.part(f"{page}/rewrite")


def test_products_of_others_are_not_written_about(visitor: Visitor, project: Any) -> None:
    theirs = make_item(make_project(make_user().organization))
    for path in ("new", "new/quote", "new/products"):
        visitor.post(f"projects/{project.pk}/posts/{path}", {**POST_WISHES, "item": str(theirs.pk)}, 404)


def test_score_and_preview_follow_the_typing_and_save_nothing(visitor: Visitor, post: BlogPost) -> None:
    sent = form_of(visitor.get(at(post)), focus_keyword="steel bottles", content="<h1>Steel bottles</h1><p>Cold.</p>")
    part = visitor.send(at(post, "/check"), sent)
    assert "keyphrase" in part
    assert "&lt;h2&gt;Steel bottles&lt;/h2&gt;" in part  # sanitized as the saved text is
    foreign = '<p><img src="https://elsewhere.example/a.png" alt="A bottle"></p>'
    part = visitor.send(at(post, "/check"), {**sent, "content": foreign})
    assert 'src="https://elsewhere.example' not in unescape(part)
    assert "/app/picture?of=https%3A%2F%2Felsewhere.example" in unescape(part)  # through our guarded client
    post.refresh_from_db()
    assert post.seo_meta == {}


def test_tags_with_a_comma_stay_whole(visitor: Visitor, post: BlogPost) -> None:
    tags = ["Red, white", 'The 5" disc', "steel"]
    BlogPost.objects.filter(pk=post.pk).update(tags=tags)
    visitor.post(at(post), unescaped(form_of(visitor.get(at(post)), title="Cold drinks too")))
    post.refresh_from_db()
    assert (post.title, post.tags) == ("Cold drinks too", tags)


@pytest.mark.parametrize("tags", [", ".join(f"tag {n}" for n in range(31)), "t" * 61])
def test_tags_that_would_be_left_out_are_refused(visitor: Visitor, post: BlogPost, tags: str) -> None:
    page = visitor.post(at(post), form_of(visitor.get(at(post)), tags=tags), 422)
    assert "Enter at most 30 tags of at most 60 characters each." in page
    assert tags in page


def test_an_edit_is_kept_and_a_late_one_is_shown_beside_the_other(visitor: Visitor, post: BlogPost) -> None:
    sent = form_of(visitor.get(at(post)), title="Cold drinks", tags="steel, bottle", draft="123")
    visitor.post(at(post), sent)
    assert "kept=123" in visitor.last["Location"]
    post.refresh_from_db()
    assert (post.title, post.tags) == ("Cold drinks", ["steel", "bottle"])
    page = visitor.post(at(post), {**sent, "title": "Mine"}, 412)
    assert 'value="Mine"' in page
    assert '<pre class="prose code" dir="auto" tabindex="0">Cold drinks</pre>' in page
    visitor.post(at(post), form_of(page, title="Mine"))
    post.refresh_from_db()
    assert (post.title, post.tags) == ("Mine", ["steel", "bottle"])


def test_a_post_keeps_a_title(visitor: Visitor, post: BlogPost) -> None:
    page = visitor.post(at(post), form_of(visitor.get(at(post)), title=" "), 422)
    assert "This field is required." in page
    post.refresh_from_db()
    assert post.title


def test_a_late_edit_leaves_the_fields_alone_that_it_does_not_change(visitor: Visitor, post: BlogPost) -> None:
    """They were set back to what they had been when the form was made, as nobody could see."""
    BlogPost.objects.filter(pk=post.pk).update(content="<p>Steel bottles keep drinks cold.</p>", excerpt="One\nTwo")
    sent = {**form_of(visitor.get(at(post))), "excerpt": "One\r\nTwo"}  # as a browser sends it
    BlogPost.objects.filter(pk=post.pk).update(
        excerpt="Hers", slug="hers", tags=["hers"], seo_meta={"description": "Hers"}, version=post.version + 5
    )
    visitor.post(at(post), {**sent, "title": "Mine"})
    assert "said=post-merged" in visitor.last["Location"]
    post.refresh_from_db()
    assert (post.title, post.excerpt, post.slug, post.tags) == ("Mine", "Hers", "hers", ["hers"])
    assert post.seo_meta == {"description": "Hers"}
    page = visitor.post(at(post), {**sent, "title": "Mine too", "excerpt": "Mine"}, 412)
    assert page.count('tabindex="0">Hers</pre>') == 1
    assert 'tabindex="0">Mine</pre>' in page  # the title of before
    assert form_of(page)["slug"] == "hers"
    assert form_of(page)["tags"] == "hers"


def test_the_built_editor_is_made_of_its_source() -> None:
    """`make editor` writes the digests; the tests need no Node to know that it was run after the last change."""
    folder = ROOT / "workbench" / "editor"
    digests = dict(reversed(line.split()) for line in (folder / "digests.txt").read_text("utf-8").splitlines())
    made_of = {path: hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in digests}
    assert made_of == digests
    sources = {str(path.relative_to(folder)) for path in (*folder.glob("*.js*"), *folder.glob("src/*"))}
    built = {"../static/workbench/editor.js", "../static/workbench/editor.licences.txt"}
    assert set(digests) == sources | built


def test_the_pictures_of_others_posts_are_offered_and_copied_and_of_no_other_organization(
    visitor: Visitor, post: BlogPost
) -> None:
    BlogImage.objects.all().delete()
    image = post_images.add(post=make_post(post.project), data=picture(), source="ai", alt_text="A blue cup")
    foreign = make_post(make_project(make_user().organization)).images.get()
    page = visitor.part(at(post, "/pictures"))
    assert f'data-copy="{image.pk}"' in page
    assert str(foreign.pk) not in page
    assert "A blue cup" not in visitor.part(at(post, "/pictures?q=green"))

    part = visitor.send(at(post, "/pictures"), {"image": str(image.pk)})
    copy = post.images.get()
    assert (copy.alt_text, copy.source, copy.sha256) == ("A blue cup", "ai", image.sha256)
    assert f'data-picture="{copy.url}"' in part
    assert "data-copy" not in part
    post_images.remove(image=image)
    assert all(storage.exists(key) for key in copy.keys)
    visitor.send(at(post, "/pictures"), {"image": str(copy.pk)})
    assert post.images.count() == 1
    visitor.send(at(post, "/pictures"), {"image": str(foreign.pk)}, 404)


def test_a_picture_whose_file_is_gone_is_not_copied(visitor: Visitor, post: BlogPost, project: Any) -> None:
    image = make_post(project).images.get()
    post.images.all().delete()
    assert "The image" in visitor.send(at(post, "/pictures"), {"image": str(image.pk)}, 404)
    assert not post.images.exists()


def test_an_image_made_meanwhile_is_no_reason_to_refuse_an_edit(visitor: Visitor, post: BlogPost) -> None:
    sent = form_of(visitor.get(at(post)), title="Cold drinks")
    BlogPost.objects.filter(pk=post.pk).update(xct_used=3)
    visitor.post(at(post), sent)
    post.refresh_from_db()
    assert (post.title, post.xct_used) == ("Cold drinks", 3)


def test_an_image_is_uploaded_described_and_removed(visitor: Visitor, post: BlogPost) -> None:
    data = picture()
    BlogImage.objects.all().delete()
    file = SimpleUploadedFile("a.png", data, "image/png")
    part = visitor.send(at(post, "/images"), {"file": file, "alt_text": "A bottle"})
    image = BlogImage.objects.get()
    assert 'src="/api/v1/files/' in part
    assert (image.alt_text, image.source) == ("A bottle", "upload")
    bad = SimpleUploadedFile("a.png", b"no image", "image/png")
    assert 'role="alert"' in visitor.send(at(post, "/images"), {"file": bad})
    assert "A green one" in visitor.send(at(post, f"/images/{image.pk}"), {"alt_text": "A green one"})
    assert "no images yet" in visitor.send(at(post, f"/images/{image.pk}"), {"step": "remove"})


def test_a_stock_photo_is_found_and_taken(visitor: Visitor, post: BlogPost, settings: Any) -> None:
    with Pexels(picture=picture()) as fake:
        settings.PEXELS_API_URL, settings.PEXELS_API_KEY = fake.url, fake.key
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        part = visitor.part(at(post, "/images/stock?photo=bottle"))
        assert part.count("picture?of=") == 12
        small = re.search(r'src="(/app/picture[^"]*)"', part)
        assert small
        visitor.get(small[1].replace("&amp;", "&"))
        assert visitor.last["Content-Type"] == "image/jpeg"
        large = re.search(r'name="photo_url" value="([^"]*)"', part)
        assert large
        part = visitor.send(at(post, "/images/stock"), {"photo_url": large[1], "photographer": "Ann"})
        assert "Generating…" in part
        run_jobs()
        job = Job.objects.latest("created_at")
        assert "Photo: <bdi>Ann</bdi>" in visitor.part(at(post, f"/images?job={job.pk}"))


def test_a_text_that_changed_meanwhile_is_not_written_anew_or_published(
    visitor: Visitor, post: BlogPost, site: Any
) -> None:
    page = visitor.get(at(post))
    assert page.count('name="seen"') == 3
    seen = form_of(page)
    BlogPost.objects.filter(pk=post.pk).update(title="A colleague's")
    for tail in ("/rewrite", "/publication", "/schedule"):
        told = {"version": seen["version"], "seen": seen["seen"], "target": f"blog:{site.pk}", "at": "2090-01-01T09:30"}
        visitor.post(at(post, tail), told, 412)
    assert not Job.objects.exists()


@pytest.mark.parametrize("wish", ["private", "draft", "publish"])
def test_a_scheduled_post_becomes_what_was_chosen(
    visitor: Visitor, post: BlogPost, site: Any, wordpress: Any, wish: str
) -> None:
    post.images.all().delete()
    sent = {"target": f"blog:{site.pk}", "at": f"{timezone.now().year + 1}-07-01T09:30", "wp_status": wish}
    visitor.post(at(post, "/schedule"), sent)
    assert f'<option value="{wish}" selected' in visitor.get(at(post))
    BlogPost.objects.filter(pk=post.pk).update(scheduled_at=timezone.now() - timedelta(seconds=1))
    assert publications.publish_due(post.pk)
    run_jobs()
    assert [one["status"] for one in wordpress.posts.values()] == [wish]


def test_a_refused_form_keeps_what_was_chosen(visitor: Visitor, post: BlogPost, site: Any) -> None:
    other = BlogConnection.objects.create(
        organization=post.organization, name="A second", site_url="https://x.example", username="a", app_password="b"
    )
    sent = {"target": f"blog:{other.pk}", "wp_status": "private", "at": "2020-01-01T09:30"}
    page = visitor.post(at(post, "/schedule"), sent, 422)
    assert f'<option value="blog:{other.pk}" selected' in page
    assert '<option value="private" selected' in page
    assert 'value="2020-01-01T09:30"' in page
    visitor.post(at(post, "/publication"), {**sent, "wp_status": "everywhere"}, 400)  # never published by mistake


def test_a_new_post_goes_on_after_a_top_up(visitor: Visitor, project: Any) -> None:
    page = visitor.get(f"projects/{project.pk}/posts/new")
    assert re.search(r'<form[^>]*id="wishes"[^>]*data-resume', page)
    assert 'data-chosen="item"' in page  # the products that were ticked


def test_without_a_model_no_image_is_offered(visitor: Visitor, post: BlogPost) -> None:
    assert "Image generation is not set up" in visitor.part(at(post, "/images/generated"))
    visitor.post(at(post, "/images/generated"), {"prompt": "A bottle"}, 503)


def test_an_alternative_text_is_suggested_and_not_stored(visitor: Visitor, post: BlogPost) -> None:
    post.ai_settings = {"ai_provider": "offline"}
    post.save()
    image = post.images.get()
    visitor.send(at(post, f"/images/{image.pk}/suggestion"))
    run_jobs()
    job = Job.objects.latest("created_at")
    part = visitor.part(at(post, f"/images?job={job.pk}"))
    image.refresh_from_db()
    assert image.alt_text == ""
    assert ("Suggestion" in part) == (job.status == "completed")


def test_a_post_goes_onto_its_site_and_off_it(visitor: Visitor, post: BlogPost, site: Any, wordpress: Any) -> None:
    post.images.all().delete()
    page = visitor.get(at(post))
    version = form_of(page)["version"]
    visitor.post(at(post, "/publication"), {"target": f"blog:{site.pk}", "wp_status": "publish", "version": version})
    assert "being sent to the site" in visitor.get(at(post))
    run_jobs()
    assert len(wordpress.live()) == 1
    assert "Unpublish" in visitor.get(at(post))
    month = visitor.get(f"projects/{post.project_id}/posts/calendar")
    assert post.title in month
    visitor.post(at(post, "/withdrawal"))
    run_jobs()
    assert wordpress.live() == []
    visitor.post(at(post, "/publication"), {"target": f"blog:{site.pk}", "version": version}, 412)


def test_a_post_without_a_place_says_what_is_missing(visitor: Visitor, post: BlogPost, wordpress: Any) -> None:
    assert "No blog is connected yet." in visitor.get(at(post))
    assert "Choose the connection" in visitor.post(at(post, "/publication"), status=422)
    theirs = BlogConnection.objects.create(
        organization=make_user().organization, name="Theirs", site_url="https://x.example"
    )
    visitor.post(at(post, "/publication"), {"target": f"blog:{theirs.pk}"}, 404)
    visitor.post(at(post, "/publication"), {"target": "blog:nonsense"}, 404)


def test_a_blog_is_connected_once_it_answers(cast: Any, visitor: Visitor, project: Any, wordpress: Any) -> None:
    root = f"projects/{project.pk}/posts/blog"
    given = {"name": "Blog", "site_url": wordpress.url, "username": USER, "app_password": "wrong"}
    assert 'role="alert"' in visitor.post(root, given, 422)
    assert not BlogConnection.objects.exists()
    visitor.post(root, {**given, "app_password": PASSWORD})
    assert "The blog is connected." in visitor.get(visitor.last["Location"])
    Visitor(cast.teammate).get(root, 403)


@pytest.mark.parametrize(
    ("local", "expected"),
    [("10-25T02:30", "10-25T00:30"), ("03-29T02:30", "03-29T01:30")],
    ids=["an hour that comes twice", "an hour that is skipped"],
)
def test_a_post_is_scheduled_in_the_hours_of_a_change_of_clocks(
    visitor: Visitor, post: BlogPost, site: Any, local: str, expected: str
) -> None:
    visitor.client.cookies["workbench-zone"] = "Europe/Belgrade"
    visitor.post(at(post, "/schedule"), {"target": f"blog:{site.pk}", "at": f"2037-{local}"})
    post.refresh_from_db()
    assert f"{post.scheduled_at:%m-%dT%H:%M}" == expected


def test_the_end_of_the_last_year_there_is_can_be_read_in_every_zone(
    visitor: Visitor, post: BlogPost, site: Any
) -> None:
    for zone in ("America/New_York", "Europe/Belgrade"):
        visitor.client.cookies["workbench-zone"] = zone
        visitor.post(at(post, "/schedule"), {"target": f"blog:{site.pk}", "at": "9999-12-31T23:59"})
        assert post.title in visitor.get(f"projects/{post.project_id}/posts")
        visitor.post("account/keys", {"name": f"for good in {zone}", "expires_at": "9999-12-31"}, 200)
        assert f"for good in {zone}" in visitor.get("account/keys")


def test_a_post_is_scheduled_in_the_readers_time_zone(visitor: Visitor, post: BlogPost, site: Any) -> None:
    visitor.client.cookies["workbench-zone"] = "Europe/Belgrade"
    assert "(Europe/Belgrade)" in visitor.get(at(post))
    year = timezone.now().year + 1
    visitor.post(at(post, "/schedule"), {"target": f"blog:{site.pk}", "at": f"{year}-07-01T09:30"})
    post.refresh_from_db()
    assert (post.status, post.scheduled_at) == ("scheduled", datetime(year, 7, 1, 7, 30, tzinfo=UTC))
    assert post.title in visitor.get(f"projects/{post.project_id}/posts/calendar?month={year}-07")
    assert post.title not in visitor.get(f"projects/{post.project_id}/posts/calendar?month={year}-09")
    assert "date and time" in visitor.post(at(post, "/schedule"), {"at": "soon"}, 422)
    visitor.post(at(post, "/schedule"), {"target": f"blog:{site.pk}", "at": "2020-01-01T09:30"}, 422)
    visitor.post(at(post, "/schedule/end"))
    post.refresh_from_db()
    assert post.status == "draft"
    visitor.client.cookies["workbench-zone"] = "../../etc/passwd"
    assert "(UTC)" in visitor.get(at(post))


def test_months_that_there_are_not_are_this_month(visitor: Visitor, project: Any) -> None:
    for month in ("2026-13", "x", "0001-01", "9999-12", "2026-02-02"):
        assert "<table" in visitor.get(f"projects/{project.pk}/posts/calendar?month={month}")


def test_doubt_is_explained_and_settled(visitor: Visitor, post: BlogPost, site: Any, wordpress: Any) -> None:
    post.images.all().delete()
    visitor.post(at(post, "/publication"), {"target": f"blog:{site.pk}"})
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(status="running", due_at=timezone.now() + timedelta(hours=1))
    sent = timezone.now() - timedelta(minutes=3)
    Publication.objects.update(state="unknown", sent_at=sent, error="The answer was lost.")
    page = visitor.get(at(post))
    assert "know yet whether" in page
    assert "The answer was lost." in page
    visitor.post(at(post, "/publication/lookup"))
    job.refresh_from_db()
    assert job.due_at is None
    run_jobs()
    post.refresh_from_db()
    assert post.status == "published"
    assert len(wordpress.live()) == 1


def test_doubt_without_a_job_is_taken_up(visitor: Visitor, post: BlogPost, site: Any, wordpress: Any) -> None:
    post.images.all().delete()
    visitor.post(at(post, "/publication"), {"target": f"blog:{site.pk}"})
    Publication.objects.update(state="unknown", sent_at=timezone.now() - timedelta(minutes=3), job=None)
    Job.objects.all().delete()
    visitor.post(at(post, "/publication/lookup"))
    run_jobs()
    post.refresh_from_db()
    assert post.status == "published"


def test_a_post_is_written_anew_stopped_and_deleted(visitor: Visitor, post: BlogPost) -> None:
    post.ai_settings = {"ai_provider": "offline"}
    post.topic = "Cold drinks"
    post.save()
    visitor.post(at(post, "/rewrite"))
    assert "being generated" in visitor.get(at(post))
    visitor.post(at(post, "/stop"))
    post.refresh_from_db()
    assert post.status == "draft"
    visitor.post(at(post, "/deletion"))
    assert "The post was deleted." in visitor.get(visitor.last["Location"])


def test_hostile_words_stay_words(visitor: Visitor, project: Any) -> None:
    evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    post = make_post(
        project, title=evil, slug=evil, excerpt=evil, content=f"<p>{evil}</p>", tags=[evil],
        seo_meta={"title": evil, "description": evil, "focus_keyword": evil}, last_error=evil,
        metadata={"skipped_fields": {evil: evil}, "reasons": [evil]},
    )  # fmt: skip
    post.images.update(alt_text=evil, photographer=evil)
    for path in (at(post), at(post, "/images"), f"projects/{project.pk}/posts"):
        page = visitor.get(path)
        assert "<img src=x" not in page, path
        assert "<script>alert" not in page, path


def test_elements_that_a_post_cannot_have_are_named(visitor: Visitor, post: BlogPost) -> None:
    evil = (
        '<h1>Cold drinks</h1><p></p><script>alert(1)</script><iframe src="https://maps.example/x"></iframe><p>Ice.</p>'
    )
    visitor.post(at(post), form_of(visitor.get(at(post)), content=evil))
    post.refresh_from_db()
    assert post.content == "<h2>Cold drinks</h2><p>Ice.</p>"
    assert post.metadata["removed_elements"] == ["iframe", "script"]
    told = "A post can't have these HTML elements, so they are not saved:"
    page = visitor.get(at(post))
    assert told in page
    assert re.search(r"<code[^>]*>iframe</code>, <code[^>]*>script</code>", page)

    visitor.post(at(post), form_of(page, content=post.content))
    post.refresh_from_db()
    assert "removed_elements" not in post.metadata
    assert told not in visitor.get(at(post))


def test_comments_of_a_block_and_elements_of_a_title_are_named(visitor: Visitor, post: BlogPost) -> None:
    block = "<!-- wp:latest-posts /--><p>Ice.</p>"
    visitor.post(at(post), form_of(visitor.get(at(post)), title="The <em>best</em> <M> bottle", content=block))
    post.refresh_from_db()
    assert (post.title, post.content) == ("The best <M> bottle", "<p>Ice.</p>")
    assert post.metadata["removed_elements"] == ["<!-- -->", "em"]
    assert '<code dir="ltr">&lt;!-- --&gt;</code>' in visitor.get(at(post))


def test_a_list_of_many_posts_is_read_by_the_page(visitor: Visitor, project: Any) -> None:
    for n in range(60):
        BlogPost.objects.create(organization=project.organization, project=project, title=f"Post {n:02d}.")
    page = visitor.get(f"projects/{project.pk}/posts")
    assert "Post 59." in page
    assert "Post 09." not in page
    further = re.search(r'href="(\?after=[^"]+)"', page)
    assert further
    assert "Post 09." in visitor.get(f"projects/{project.pk}/posts{further[1]}")
    assert "No results." in visitor.get(f"projects/{project.pk}/posts?status=failed")


def translated(post: BlogPost, **fields: Any) -> BlogPost:
    """A German translation of the post as it is now."""
    values = {"title": "Getränke kühl halten", "content": "<p>Stahlflaschen halten kühl.</p>", **fields}
    return BlogPost.objects.create(
        organization=post.organization, project=post.project, original=post, language="de",
        made_from=originals.digests(post), **values,
    )  # fmt: skip


def test_a_post_shows_its_languages_and_what_has_moved_since(visitor: Visitor, post: BlogPost) -> None:
    assert "tabs languages" not in visitor.get(at(post))
    german = translated(post, edited_at=timezone.now(), status="scheduled", scheduled_at=timezone.now())
    for one in (post, german):
        page = visitor.get(at(one))
        tabs = page[page.index("tabs languages") : page.index("</nav>", page.index("tabs languages"))]
        assert re.findall(r'hreflang="(\w+)"', tabs) == ["en", "de"]
        assert tabs.index("original") < tabs.index("Deutsch")
        assert (tabs.count("aria-current"), "Scheduled" in tabs, "edited" in tabs) == (1, True, True)
        assert "outdated" not in tabs
    assert "has changed since" not in visitor.get(at(german))
    post.title, post.seo_meta = "Cold drinks for longer", {"title": "Cold"}
    post.save()
    assert "outdated" in visitor.get(at(post))
    page = visitor.get(at(german))
    assert "has changed since this translation was made: SEO title, Title" in " ".join(page.split())
    assert f'/posts/{post.pk}"><bdi>Cold drinks for longer</bdi></a>' in page
    assert 'id="order"' not in page  # translations are ordered from the original
    with CaptureQueriesContext(connection) as seen:
        visitor.get(at(german))
    assert len(seen) <= 12


@pytest.mark.thorough
def test_translations_are_ordered_at_a_price_that_was_said(visitor: Visitor, post: BlogPost) -> None:
    post.ai_settings = {"ai_provider": "offline"}
    post.save()
    page = visitor.get(at(post))
    once = re.search(r'id="order".*?name="once" value="([^"]+)"', page, re.S)
    assert once
    order = {"languages": ["de", "fr"], "once": once[1]}
    most = translations.estimate(post=post, languages=["de", "fr"]).xct_max
    part = visitor.send(at(post, "/translations/quote"), order)
    assert f"<strong>{xct(most)} XCT</strong>" in part
    assert "Français" in part
    assert not BlogPost.objects.exclude(pk=post.pk).exists()
    for wrong in ({}, {"languages": ["en"]}, {"languages": ["xx"]}):
        assert 'role="alert"' in visitor.send(at(post, "/translations/quote"), wrong)
        assert 'role="alert"' in visitor.post(at(post, "/translations"), wrong, 422)
    for _ in range(2):  # a double click
        visitor.post(at(post, "/translations"), order)
        assert "said=post-translations-ordered" in visitor.last["Location"]
    assert Job.objects.count() == 1
    assert sorted(post.translations.values_list("language", "status")) == [("de", "generating"), ("fr", "generating")]
    assert "currently being generated" in visitor.send(
        at(post, "/translations/quote"), {"languages": ["de"], "redo": "on"}
    )
    german = post.translations.get(language="de")
    visitor.post(at(german, "/translations"), {"languages": ["fr"]}, 422)
    visitor.post(at(post, "/translations"), {"languages": ["de"]})
    assert "said=post-translations-current" in visitor.last["Location"]


def test_a_translation_is_written_anew_from_its_original(visitor: Visitor, post: BlogPost) -> None:
    post.ai_settings = {"ai_provider": "offline"}
    post.save()
    german = translated(post, ai_settings=post.ai_settings)
    most = translations.estimate(post=post, languages=["de"], redo=True).xct_max
    assert f"<strong>{xct(most)} XCT</strong>" in visitor.part(at(german, "/rewrite"))
    visitor.post(at(german, "/rewrite"))
    assert Job.objects.get().payload["work"] == "translations"
    german.refresh_from_db()
    assert (german.status, german.language) == ("generating", "de")


def test_the_list_names_languages_and_originals(visitor: Visitor, post: BlogPost) -> None:
    root = f"projects/{post.project_id}/posts"
    assert "language=" not in visitor.get(root)
    german = translated(post)
    page = visitor.get(root)
    assert re.search(rf'Translation of <a href="[^"]*{post.pk}"><bdi>{post.title}</bdi></a>', page)
    page = visitor.get(f"{root}?language=de&status=draft")
    assert (str(german.pk) in page, f'posts/{post.pk}"><bdi>{post.title}</bdi></a></th>' in page) == (True, False)
    assert f'posts/{post.pk}"><bdi>{post.title}</bdi></a></th>' in visitor.get(f"{root}?language=nonsense")


def test_a_place_that_refuses_a_translation_says_why(
    visitor: Visitor, post: BlogPost, site: Any, wordpress: Any
) -> None:
    german = translated(post)
    wordpress.plugin, wordpress.codes = "polylang", ("en", "de")
    sent = {"target": f"blog:{site.pk}", "wp_status": "private"}
    page = visitor.post(at(german, "/publication"), sent, 409)
    assert "Publish the original there first" in page
    assert '<option value="private" selected' in page
    visitor.post("appearance", {"language": "de"})
    assert "zuerst das Original" in visitor.post(at(german, "/publication"), sent, 409)
    visitor.post(at(post, "/deletion"), {}, 409)


@pytest.mark.thorough
def test_a_text_that_was_changed_on_the_site_is_chosen_merged_and_put_back(
    visitor: Visitor, post: BlogPost, site: Any, wordpress: Any
) -> None:
    post.images.all().delete()
    goes = {"target": f"blog:{site.pk}", "wp_status": "publish"}
    visitor.post(at(post, "/publication"), {**goes, "version": form_of(visitor.get(at(post)))["version"]})
    run_jobs()
    [row] = wordpress.rows.values()
    published = row["content"]["raw"]
    wordpress.edit(row, title="His title", content="<p>His words.</p>")
    visitor.post(at(post), form_of(visitor.get(at(post)), title="Our new title"))
    goes["version"] = form_of(visitor.get(at(post)))["version"]
    page = visitor.post(at(post, "/publication"), goes, 409)
    assert 'name="take-title" value="theirs" checked' in page
    assert "His title" in page
    assert (row["title"]["raw"], row["content"]["raw"]) == ("His title", "<p>His words.</p>")

    merging = visitor.post(
        at(post, "/publication/merge"), {**goes, "take-title": "theirs", "take-content": "ours"}, 200
    )
    assert 'value="His title"' in merging
    post.refresh_from_db()
    assert post.title == "Our new title", "nothing is saved"

    visitor.post(at(post, "/publication"), {**goes, "take-title": "ours", "take-content": "theirs"})
    run_jobs()
    assert (row["title"]["raw"], row["content"]["raw"]) == ("Our new title", "<p>His words.</p>")
    page = visitor.get(at(post))
    assert "take-title" not in page
    assert "Restore the previous texts" in page
    visitor.post(at(post, "/publication/undo"))
    run_jobs()
    assert (row["title"]["raw"], row["content"]["raw"]) == ("His title", "<p>His words.</p>")
    assert "Restore the previous texts" not in visitor.get(at(post))
    assert published not in row["content"]["raw"]


def test_a_blog_is_looked_after_on_its_page(cast: Any, visitor: Visitor, post: BlogPost, site: BlogConnection) -> None:
    path = f"account/blogs/{site.pk}"
    assert path in visitor.get("account/blogs")
    assert "Connection successful" in visitor.post(f"{path}/test", status=200)
    visitor.post(path, {"name": "Our blog", "username": site.username, "app_password": ""})
    assert "Connection successful" in visitor.post(f"{path}/test", status=200)  # the password is still there
    visitor.post(path, {"name": "Our blog", "username": site.username, "app_password": "another"})
    assert "Connection successful" not in visitor.post(f"{path}/test", status=200)
    visitor.post(f"{path}/switch")
    assert "disabled" in visitor.get("account/blogs")
    visitor.post(f"{path}/switch")
    BlogPost.objects.filter(pk=post.pk).update(status="scheduled", scheduled_at=timezone.now(), blog_connection=site)
    assert "Unschedule them first." in visitor.post(f"{path}/deletion", status=409)
    BlogPost.objects.filter(pk=post.pk).update(status="draft")
    assert f"Our blog · {urlsplit(site.site_url).netloc}" in visitor.get(at(post))
    visitor.post(f"{path}/deletion")
    assert not BlogConnection.objects.exists()
    Visitor(cast.teammate).get("account/blogs", 403)
