"""A translation in Shopify: texts of the original's article, written once, never over words that are not ours."""

from __future__ import annotations

from typing import Any

import pytest

from blog.models import BlogPost, Publication
from integrations.models import StoreConnection
from scribe.models import Job
from tests.blog.sites import BlogShop
from tests.fakes.server import Request
from tests.fakes.shopify import TOKEN
from tests.helpers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

GERMAN = {
    "title": "Getränke kühl halten",
    "content": "<p>Stahl hält kühl.</p>",
    "excerpt": "Stahl & Eis",
    "slug": "kuehl",
    "seo_meta": {"title": "Kühle Getränke", "description": "So bleibt es kühl."},
}
SHOWN = {
    "title": "Getränke kühl halten",
    "body_html": "<p>Stahl hält kühl.</p>",
    "summary_html": "<p>Stahl &amp; Eis</p>",
    "handle": "kuehl",
    "meta_title": "Kühle Getränke",
}


@pytest.fixture
def shopify(settings: Any) -> Any:
    with BlogShop() as fake:
        settings.SHOPIFY_SHOP_URL = fake.url
        yield fake


@pytest.fixture
def shop(cast: Any, shopify: Any) -> StoreConnection:
    more = {"name": "Shop", "platform": "shopify", "base_url": shopify.url, "access_token": TOKEN, "status": "active"}
    return StoreConnection.objects.create(organization=cast.organization, **more)


@pytest.fixture
def pair(make_post: Any) -> tuple[BlogPost, BlogPost]:
    original = make_post(language="en", excerpt="Steel and ice", seo_meta={"title": "Cold drinks"})
    return original, make_post(**GERMAN, language="de", original=original)


def path(post: BlogPost, tail: str = "") -> str:
    return f"projects/{post.project_id}/blog-posts/{post.pk}{tail}"


def publish(api: Any, post: BlogPost, shop: StoreConnection, status: int = 202, **more: Any) -> Any:
    found = api.post(path(post, "/publish"), {"store_connection_id": str(shop.pk), **more}, status=status)
    run_jobs(job_type=Job.Type.BLOG_PUBLISH)
    post.refresh_from_db()
    return found


def registers(request: Request) -> bool:
    return "translationsRegister" in str((request.json or {}).get("query"))


def sent(shopify: Any) -> list[list[str]]:
    """The keys of each registration that was sent."""
    return [[one["key"] for one in r.json["variables"]["t0"]] for r in shopify.requests if registers(r)]


def shown(shopify: Any, market: str = "", locale: str = "de") -> dict[str, str]:
    [article] = shopify.articles.values()
    return {key: held["value"] for key, held in shopify.translated.get((article["id"], locale, market), {}).items()}


@pytest.mark.thorough
def test_a_translation_is_written_once_and_then_only_where_it_changed(
    api: Any, cast: Any, shopify: Any, shop: Any, pair: Any
) -> None:
    owner, (original, german) = api.as_(cast.owner), pair
    shopify.speaks("de")
    assert publish(owner, german, shop, status=409)["code"] == "original_not_published"
    publish(owner, original, shop)
    [article] = shopify.articles.values()
    shopify.translate(article, "de", "title", "Für die Schweiz", market="gid://shopify/Market/1")
    shopify.drop_after(registers)
    publish(owner, german, shop)
    assert (german.status, german.last_error) == ("published", "")
    assert german.published_url.endswith("/de/blogs/news/kuehl")
    assert shown(shopify) == SHOWN
    assert list(german.metadata["skipped_fields"]) == ["seo_description"], "the original has none"
    assert len(sent(shopify)) == 1, "the answer was lost, the write was not"
    publish(owner, german, shop)
    assert len(sent(shopify)) == 1

    owner.patch(path(german), {"title": "Kühl", "excerpt": ""})
    publish(owner, german, shop)
    assert sent(shopify)[1:] == [["title"]]
    assert shown(shopify) == {key: text for key, text in {**SHOWN, "title": "Kühl"}.items() if key != "summary_html"}

    shopify.update_article(article["id"], {"handle": "cold"})
    publish(owner, german, shop)
    assert sent(shopify)[2:] == [["handle"]], "sources that moved are confirmed"

    shopify.translate(article, "de", "meta_title", "Vom Händler")
    owner.post(path(german, "/unpublish"), status=202)
    run_jobs(job_type=Job.Type.BLOG_PUBLISH)
    german.refresh_from_db()
    assert (german.status, german.external_post_id) == ("draft", "")
    assert shown(shopify) == {"meta_title": "Vom Händler"}
    assert shown(shopify, market="gid://shopify/Market/1") == {"title": "Für die Schweiz"}
    assert len(shopify.articles) == 1
    assert shopify.live(), "the original stays"
    assert publish(owner, german, shop, status=409)["code"] == "translation_exists"


@pytest.mark.parametrize(
    ("locales", "language", "code"),
    [
        (None, "de", "translations_not_granted"),
        (("fr",), "de", "shop_language_missing"),
        (("de",), "en", "shop_language_primary"),
        (("de",), "de", "translation_exists"),
        (("de",), "de", "translation_changed"),
        (("de",), "de", "translation_has_no_draft"),
        (("sr",), "sr", "shop_language_shared"),
    ],
)
def test_what_the_shop_cannot_take_is_refused_before_a_write(
    api: Any, cast: Any, shopify: Any, shop: Any, make_post: Any, locales: Any, language: str, code: str
) -> None:
    owner = api.as_(cast.owner)
    if locales:
        shopify.speaks(*locales)
    original = make_post(language="fr" if language == "en" else "en")
    post = make_post(**GERMAN, language=language, original=original)
    publish(owner, original, shop)
    [article] = shopify.articles.values()
    if code == "shop_language_shared":
        latin = make_post(**GERMAN, language="sr-Latn", original=original)
    if code == "translation_changed":
        publish(owner, post, shop)
    if code in ("translation_exists", "translation_changed"):
        shopify.translate(article, "de", "title", "Vom Händler")
    before, attempts = len(sent(shopify)), Publication.objects.count()
    more = {"shopify_published": False} if code == "translation_has_no_draft" else {}
    assert publish(owner, post, shop, status=409, **more)["code"] == code
    assert (len(sent(shopify)), Publication.objects.count()) == (before, attempts)
    if code == "shop_language_shared":
        StoreConnection.objects.filter(pk=shop.pk).update(languages={"sr-Latn": ["sr"]})
        publish(owner, latin, shop)
        assert shown(shopify, locale="sr")["title"] == GERMAN["title"]
        assert publish(owner, post, shop, status=409)["code"] == "shop_language_missing"


def test_one_text_that_the_shop_refuses_is_named_and_the_others_are_kept(
    api: Any, cast: Any, shopify: Any, shop: Any, pair: Any
) -> None:
    owner, (original, german) = api.as_(cast.owner), pair
    shopify.speaks("de", published=False)
    publish(owner, original, shop)
    owner.patch(path(german), {"title": "refused"})
    publish(owner, german, shop)
    assert german.metadata["skipped_fields"]["title"] == "Title is too long"
    assert shown(shopify) == {key: text for key, text in SHOWN.items() if key != "title"}
    assert (german.status, german.published_url) == ("draft", ""), "visitors don't see the language yet"
