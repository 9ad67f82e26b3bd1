"""A translation on its site: linked to its original where the site can link, once whatever is lost, refused before a write."""

from __future__ import annotations

from typing import Any

import pytest

from blog.models import BlogPost, Publication
from integrations.models import BlogConnection
from scribe.models import Job
from tests.blog.sites import BlogSite
from tests.fakes.server import Request
from tests.fakes.wordpress import PASSWORD, USER
from tests.helpers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wordpress() -> Any:
    with BlogSite() as fake:
        yield fake


@pytest.fixture
def site(cast: Any, wordpress: Any) -> BlogConnection:
    return BlogConnection.objects.create(
        organization=cast.organization, name="Blog", site_url=wordpress.url, username=USER, app_password=PASSWORD
    )


@pytest.fixture
def pair(make_post: Any) -> tuple[BlogPost, BlogPost]:
    original = make_post(language="en")
    words = {"title": "Getränke kühl halten", "content": "<p>Stahl hält kühl.</p>", "slug": "kuehl"}
    return original, make_post(**words, language="de", original=original)


def path(post: BlogPost, tail: str = "") -> str:
    return f"projects/{post.project_id}/blog-posts/{post.pk}{tail}"


def publish(api: Any, post: BlogPost, site: BlogConnection, status: int = 202) -> Any:
    found = api.post(path(post, "/publish"), {"connection_id": str(site.pk)}, status=status)
    run_jobs(job_type=Job.Type.BLOG_PUBLISH)
    return found


def creates(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("/wp/v2/posts")


def test_polylang_gets_one_linked_post_per_language(api: Any, cast: Any, wordpress: Any, site: Any, pair: Any) -> None:
    owner, (original, german) = api.as_(cast.owner), pair
    wordpress.plugin, wordpress.codes = "polylang", ("en", "de", "fr")
    early = publish(owner, german, site, status=409)
    assert early["code"] == "original_not_published"
    publish(owner, original, site)
    publish(owner, german, site)
    original.refresh_from_db()
    german.refresh_from_db()
    assert (german.status, german.metadata["skipped_fields"]) == ("published", {})
    there = wordpress.rows[german.wp_post_id]
    assert there["lang"] == "de"
    assert there["translations"] == {"en": original.wp_post_id, "de": german.wp_post_id}
    assert wordpress.rows[original.wp_post_id]["translations"] == there["translations"]

    owner.patch(path(german), {"title": "Kühl"})
    publish(owner, german, site)
    sent = [request.json for request in wordpress.requests if request.method == "POST"][-1]
    assert "lang" not in sent, "an update links nothing anew"
    assert len(wordpress.posts) == 2


def test_a_lost_answer_leaves_one_linked_post(api: Any, cast: Any, wordpress: Any, site: Any, pair: Any) -> None:
    owner, (original, german) = api.as_(cast.owner), pair
    wordpress.plugin, wordpress.codes = "polylang", ("en", "de")
    publish(owner, original, site)
    wordpress.drop_after(creates)
    publish(owner, german, site)
    german.refresh_from_db()
    assert german.status == "published", german.last_error
    assert wordpress.created == 2
    original.refresh_from_db()
    assert wordpress.rows[german.wp_post_id]["translations"]["en"] == original.wp_post_id
    owner.post(path(german, "/publish"), {"connection_id": str(site.pk)}, status=202)
    owner.post(path(german, "/publish"), {"connection_id": str(site.pk)}, status=409)
    run_jobs(job_type=Job.Type.BLOG_PUBLISH)
    assert wordpress.created == 2


@pytest.mark.parametrize(
    ("plugin", "codes", "code"),
    [
        ("wpml", ("en", "de"), "translations_unsupported"),
        ("polylang_free", ("en", "de"), "translations_unsupported"),
        ("polylang", ("en", "fr"), "shop_language_missing"),
        ("polylang", ("de", "fr"), "shop_language_primary"),
        ("polylang", ("en", "de"), "translation_exists"),
    ],
)
def test_what_a_site_cannot_link_is_refused_before_a_write(
    api: Any, cast: Any, wordpress: Any, site: Any, pair: Any, plugin: str, codes: tuple[str, ...], code: str
) -> None:
    owner, (original, german) = api.as_(cast.owner), pair
    publish(owner, original, site)
    original.refresh_from_db()
    wordpress.plugin, wordpress.codes = plugin, codes
    wordpress.speak(wordpress.rows[original.wp_post_id])
    if code == "translation_exists":
        wordpress.translate(wordpress.rows[original.wp_post_id], "de", title="Vom Händler")
    before = len([request for request in wordpress.requests if request.method != "GET"])
    assert publish(owner, german, site, status=409)["code"] == code
    assert len([request for request in wordpress.requests if request.method != "GET"]) == before
    assert not Publication.objects.filter(post=german).exists()
    german.refresh_from_db()
    assert german.status == "draft"


@pytest.mark.parametrize(
    ("plugin", "codes", "code"),
    [
        ("polylang_free", ("de", "en"), "shop_language_not_taken"),
        ("polylang_free", ("de", "fr"), "shop_language_missing"),
        ("polylang", ("de", "fr"), "shop_language_missing"),
    ],
)
def test_a_post_goes_out_in_no_other_language_than_its_own(
    api: Any, cast: Any, wordpress: Any, site: Any, make_post: Any, plugin: str, codes: tuple[str, ...], code: str
) -> None:
    wordpress.plugin, wordpress.codes = plugin, codes
    wordpress.speak(wordpress.add("post", title="Hallo"))
    post = make_post(language="en")
    refused = publish(api.as_(cast.owner), post, site, status=409)
    assert (refused["code"], "English" in refused["detail"]) == (code, True)
    assert wordpress.created == 0


@pytest.mark.thorough
def test_a_site_that_does_not_answer_is_asked_by_the_job(
    api: Any, cast: Any, wordpress: Any, site: Any, make_post: Any
) -> None:
    wordpress.plugin, wordpress.codes = "polylang", ("de", "en")
    wordpress.speak(wordpress.add("post", title="Hallo"))
    wordpress.fail(503, b"<html>busy</html>", times=2, when=lambda request: request.method == "GET")
    post = make_post(language="en")
    publish(api.as_(cast.owner), post, site)
    post.refresh_from_db()
    assert (post.status, wordpress.rows[post.wp_post_id]["lang"]) == ("published", "en")


def test_a_post_gets_its_language_where_the_site_takes_one(
    api: Any, cast: Any, wordpress: Any, site: Any, make_post: Any
) -> None:
    wordpress.plugin, wordpress.codes = "polylang", ("de", "en")
    wordpress.speak(wordpress.add("post", title="Hallo"))
    english, german = make_post(language="en"), make_post(language="de", slug="wege")
    for post in (english, german):
        publish(api.as_(cast.owner), post, site)
        post.refresh_from_db()
    assert (english.status, wordpress.rows[english.wp_post_id]["lang"]) == ("published", "en")
    assert english.metadata["skipped_fields"] == {}
    sent = [request.json for request in wordpress.requests if creates(request)]
    assert [body.get("lang") for body in sent] == ["en", None]  # the first language needs no word


def test_a_site_of_one_language_takes_it_as_a_post_of_its_own(
    api: Any, cast: Any, wordpress: Any, site: Any, pair: Any
) -> None:
    publish(api.as_(cast.owner), pair[1], site)
    [there] = wordpress.posts.values()
    assert (there["title"], "lang" in there) == ("Getränke kühl halten", False)
