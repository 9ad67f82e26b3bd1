"""What a post tells programs of who wrote it, at WordPress and at Shopify: an attribute that readers do not see."""

from __future__ import annotations

import re
from typing import Any

import pytest

from blog import provenance
from blog.models import BlogPost, PostEvent
from integrations.models import BlogConnection, StoreConnection
from tests.blog.sites import BlogShop, BlogSite
from tests.blog.written import WRITTEN
from tests.fakes.shopify import TOKEN
from tests.fakes.wordpress import PASSWORD, USER
from tests.helpers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "<h2>Cold</h2>\n<p>Steel bottles keep drinks <strong>cold</strong>.</p>\n<p>They are light.</p>"
MARKED = re.compile(r' data-ai-disclosure="([a-z-]+)"')


@pytest.fixture
def wordpress() -> Any:
    with BlogSite() as fake:
        yield fake


@pytest.fixture
def site(cast: Any, wordpress: Any) -> BlogConnection:
    return BlogConnection.objects.create(
        organization=cast.organization,
        name="Blog",
        site_url=wordpress.url,
        username=USER,
        app_password=PASSWORD,
        provenance="mark",
    )


@pytest.fixture
def post(make_post: Any) -> BlogPost:
    made: BlogPost = make_post(content=TEXT, metadata=WRITTEN)
    provenance.record_generation(made)
    return made


@pytest.fixture
def owner(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def published(owner: Any, post: BlogPost, tail: str = "/publish", **body: Any) -> None:
    owner.post(f"projects/{post.project_id}/blog-posts/{post.pk}{tail}", body, status=202)
    run_jobs()
    post.refresh_from_db()


def content_of(wordpress: Any) -> str:
    (row,) = wordpress.posts.values()
    return re.sub(r"\s*<!-- xcs-\w+ -->", "", str(row["content"]))


def test_a_published_post_tells_programs_and_reads_as_before(
    owner: Any, wordpress: Any, site: BlogConnection, post: BlogPost
) -> None:
    published(owner, post, connection_id=str(site.pk))
    text = content_of(wordpress)
    assert MARKED.findall(text) == ["ai-assisted"] * 3
    assert MARKED.sub("", text) == post.content
    assert "data-ai" not in post.content


def test_without_the_mark_the_text_is_byte_for_byte_ours(
    owner: Any, wordpress: Any, site: BlogConnection, post: BlogPost
) -> None:
    BlogConnection.objects.update(provenance="record")
    published(owner, post, connection_id=str(site.pk))
    assert content_of(wordpress) == post.content


def test_an_undo_takes_the_mark_back_with_the_text(
    owner: Any, wordpress: Any, site: BlogConnection, post: BlogPost
) -> None:
    BlogConnection.objects.update(provenance="record")
    published(owner, post, connection_id=str(site.pk))
    before = content_of(wordpress)
    BlogConnection.objects.update(provenance="mark")
    owner.patch(f"projects/{post.project_id}/blog-posts/{post.pk}", {"content": "<p>Steel bottles keep tea hot.</p>"})
    published(owner, post, connection_id=str(site.pk))
    assert MARKED.findall(content_of(wordpress)) == ["ai-assisted"]
    published(owner, post, "/publish/undo")
    assert content_of(wordpress) == before


def test_publishing_the_same_again_is_no_conflict_and_writes_nothing(
    owner: Any, wordpress: Any, site: BlogConnection, post: BlogPost
) -> None:
    published(owner, post, connection_id=str(site.pk))
    text = content_of(wordpress)
    published(owner, post, connection_id=str(site.pk))
    assert (post.status, content_of(wordpress)) == ("published", text)


def test_a_post_that_no_model_wrote_has_no_mark(
    owner: Any, wordpress: Any, site: BlogConnection, make_post: Any
) -> None:
    made = make_post(content=TEXT, metadata={})
    published(owner, made, connection_id=str(site.pk))
    assert content_of(wordpress) == made.content


def test_a_post_that_went_out_by_a_program_alone_says_that_nobody_reviewed_it(
    wordpress: Any, site: BlogConnection, post: BlogPost, owner: Any
) -> None:
    told = provenance.disclosure_of(post)
    assert told is not None
    assert (told.value, told.source_type) == ("ai-autonomous", "trainedAlgorithmicMedia")
    provenance.record_edit(post, {**provenance.texts_of(post), "title": "Before"}, by=None)
    edited = provenance.disclosure_of(post)
    assert edited is not None
    assert edited.source_type == "compositeWithTrainedAlgorithmicMedia"


def test_a_site_that_is_off_keeps_no_approval(owner: Any, wordpress: Any, site: BlogConnection, post: BlogPost) -> None:
    BlogConnection.objects.update(provenance="off")
    published(owner, post, connection_id=str(site.pk))
    assert not PostEvent.objects.filter(kind="approved").exists()
    assert content_of(wordpress) == post.content


def test_an_article_of_shopify_has_the_mark_as_well(owner: Any, cast: Any, post: BlogPost, settings: Any) -> None:
    with BlogShop() as fake:
        settings.SHOPIFY_SHOP_URL = fake.url
        shop = StoreConnection.objects.create(
            organization=cast.organization,
            name="Shop",
            platform="shopify",
            base_url=fake.url,
            access_token=TOKEN,
            status="active",
            provenance="mark",
        )
        published(owner, post, store_connection_id=str(shop.pk))
        (article,) = fake.articles.values()
    assert MARKED.findall(str(article["body"])) == ["ai-assisted"] * 3
