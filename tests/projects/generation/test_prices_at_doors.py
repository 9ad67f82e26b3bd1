"""A price at every door before it is used: an estimate, a maximum on the start, and the same figure in all three."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Hold, Wallet
from blog.models import BlogImage, BlogPost
from projects.generation import parts, prices
from projects.models import ContentItem, PluginGeneration, Project
from projects.staleness import NATIVE, TRANSLATION
from scribe.models import Job
from tests import factories
from tests.helpers import Api, run_jobs
from tests.projects.generation.conftest import make_items

LEAST = Decimal("0.0001")
PRODUCT = {"source": "woocommerce", "product_title": "Trail Bottle", "product_attributes": {"Volume": "750 ml"}}
DOORS: dict[str, tuple[str, dict[str, Any]]] = {
    "generate": ("projects/{project}/generate", {}),
    "regenerate": ("projects/{project}/regenerate", {}),
    "rejected": ("projects/{project}/regenerate-rejected", {}),
    "item": ("projects/{project}/items/{item}/regenerate", {}),
    "post": ("projects/{project}/blog-posts", {"topic": "Bottles", "languages": ["de"]}),
    "post again": ("projects/{project}/blog-posts/{post}/regenerate", {}),
    "translations": ("projects/{project}/blog-posts/{post}/translations", {"languages": ["de"]}),
    "image": ("projects/{project}/blog-posts/{post}/images/ai-generate", {"prompt": "A bottle", "quality": "auto"}),
    "alt text": ("projects/{project}/blog-posts/{post}/images/{image}/alt-text", {}),
    "profile": ("studio/profile-builder/generate", {"template_id": "fashion", "brand_name": "Nordlicht"}),
    "plugin": ("plugin/generate-description", {**PRODUCT, "languages": ["de"]}),
    "plugin's batch": ("plugin/batches", {"source": "woocommerce", "items": [{**PRODUCT, "external_id": "1"}]}),
    "plugin's post": ("plugin/generate-blog", {"source": "woocommerce", "topic": "Bottles"}),
}
#: Starts that share the estimate of another door.
ALSO = {
    "generate": ["projects/{project}/generate/stream"],
    "regenerate": ["projects/{project}/regenerate/stream"],
    "rejected": ["projects/{project}/regenerate-rejected/stream"],
    "plugin": ["plugin/generate-description-async"],
    "plugin's post": ["plugin/generate-blog-async"],
}
KEPT = (Job, Hold, ContentItem, BlogPost, PluginGeneration, Project)


@pytest.fixture
def places(cast: Any, project: Any, openai: Any) -> dict[str, Any]:
    Wallet.objects.filter(organization=cast.organization).update(topup_balance=1000)
    make_items(project, 2)
    item = factories.make_item(project, status="rejected")
    common = {"organization": cast.organization, "project": project}
    post = BlogPost.objects.create(
        **common, title="Cold", topic="Cold", content="<p>Steel keeps it cold.</p>", slug="c"
    )
    image = BlogImage.objects.create(
        organization=cast.organization, post=post, source="upload", s3_key="x", width=1, height=1, file_size=1
    )
    return {"project": project.pk, "item": item.pk, "post": post.pk, "image": image.pk}


@pytest.fixture
def at(api: Any, cast: Any) -> Any:
    person, plugin = api.as_(cast.owner), Api({"X-API-Key": factories.make_plugin_key(cast.organization)})
    return lambda path: plugin if path.startswith("plugin/") else person


def rows() -> list[int]:
    return [model._base_manager.count() for model in KEPT]


@pytest.mark.parametrize("door", DOORS)
def test_every_door_says_its_price_and_keeps_to_a_maximum(door: str, at: Any, places: Any) -> None:
    path, body = DOORS[door]
    path = path.format(**places)
    caller, before = at(path), rows()
    quote = caller.post(f"{path}/estimate", body)
    most = Decimal(quote["xct_max"])
    assert rows() == before, "an estimate saves nothing"
    if door != "translations":  # has a reply of its own
        assert 0 < Decimal(quote["xct_expected"]) <= most
        assert "balance_after" in quote
    for start in [path, *(other.format(**places) for other in ALSO.get(door, []))]:
        refused = caller.post(start, {**body, "max_xct": str(most - LEAST)}, 409)
        assert refused["code"] == "max_xct_exceeded"
        assert Decimal(refused["xct_max"]) == most
        assert rows() == before, "a start that is refused saves nothing"
    data = json.dumps({**body, "max_xct": str(most)})
    caller.client.post(f"/api/v1/{path}", data, content_type="application/json", headers=caller.headers)
    assert [hold.amount for hold in Hold.objects.all()] == [most]


def test_a_model_that_is_switched_after_the_estimate_costs_no_more(at: Any, places: Any) -> None:
    path = DOORS["generate"][0].format(**places)
    quote = at(path).post(f"{path}/estimate", {})
    body = {"max_xct": quote["xct_max"], "ai_model": "gpt-6.2-astra"}
    refused = at(path).post(path, body, 409)
    assert refused["code"] == "max_xct_exceeded"
    assert Decimal(refused["xct_max"]) > 10 * Decimal(quote["xct_max"])
    assert not Job.objects.exists()


def test_a_job_that_is_created_by_its_type_keeps_to_a_maximum(at: Any, places: Any) -> None:
    body = {"job_type": "generation", "payload": {"max_xct": "0.0001"}}
    refused = at("").post(f"projects/{places['project']}/jobs", body, 409)
    assert refused["code"] == "max_xct_exceeded"


def test_a_maximum_below_zero_is_400_and_an_empty_balance_still_gets_an_estimate(
    at: Any, cast: Any, places: Any
) -> None:
    path = DOORS["post"][0].format(**places)
    at(path).post(path, {"topic": "Bottles", "max_xct": "-1"}, 400)
    Wallet.objects.filter(organization=cast.organization).update(topup_balance=0, subscription_balance=0)
    assert Decimal(at(path).post(f"{path}/estimate", {"topic": "Bottles"})["balance_after"]) < 0
    at(path).post(path, {"topic": "Bottles"}, 402)


def test_the_reply_names_the_price_of_each_text(at: Any, project: Any, openai: Any, cast: Any) -> None:
    from projects.api.views.generation import totals

    make_items(project, 2)
    at("").post(f"projects/{project.pk}/generate", {}, 202)
    [job] = run_jobs()
    found = totals(job)
    assert all(Decimal(item["xct_used"]) > 0 for item in found["items"])
    assert sum(Decimal(item["xct_used"]) for item in found["items"]) == Decimal(found["xct_used"])


@pytest.mark.parametrize("way", [NATIVE, TRANSLATION])
@pytest.mark.parametrize("sees", [True, False])
def test_an_estimate_counts_the_texts_of_each_length_as_an_order_quotes_them(
    project: Any, openai: Any, way: str, sees: bool
) -> None:
    for at in range(6):
        attributes = {f'Size "{n}": ': str(n) for n in range(at % 3)}
        written = {"description": "A bottle. " * (at % 2), **({"attributes": attributes} if at else {})}
        source = {"name": "Bottle", "description": "Steel. " * (at % 3), "images": ["https://shop.example/1.jpg"] * at}
        item = factories.make_item(project, status="approved", generated_content=written, source_data=source)
        factories.make_language_text(item, "fr", status="rejected", reject_reason="Dull. " * (at % 2))
    request = {"languages": ["en", "fr", "de"], "language_way": way, "image_analysis_enabled": sees}
    main, found = parts.plan_parts(project, request, selection=parts.ALL, item_ids=None)
    assert {part.way for part in found} == {NATIVE, way}
    asked: Any = {"project": project, "rate": Decimal("1.5"), "stale": False}
    for part, total in zip(found, prices.total_prices(found, main, **asked), strict=True):
        one_by_one = prices.quote_rows(part, main, **asked)
        assert total == sum((prices.Price.of(text.quote, 1) for text in one_by_one), prices.Price())
        assert total == prices.total_prices([part], main, **asked)[0]
        assert total.texts == 6


@pytest.mark.parametrize("way", ["translation", "native"])
@pytest.mark.parametrize("door", ["generate", "regenerate"])
def test_an_estimate_in_many_languages_measures_each_item_once(
    at: Any, project: Any, openai: Any, door: str, way: str
) -> None:
    for _ in range(3):
        factories.make_item(project, status="approved", generated_content={"name": "Bottle"})
    path = f"projects/{project.pk}/{door}/estimate"
    asked = {"languages": ["fr", "de", "it"], "language_way": way}
    each = [at(path).post(path, {**asked, "languages": [code]}) for code in asked["languages"]]
    with CaptureQueriesContext(connection) as caught:
        quote = at(path).post(path, asked)
    measures = "".join(one["sql"] or "" for one in caught)
    column = '"generated_content"' if way == "translation" else '"source_data"'
    assert measures.count(f'LENGTH(("projects_contentitem".{column})::text)') == 1
    assert 'INTO "projects_generation' not in measures
    assert "INSERT INTO projects_contentitem" not in measures
    for key in ("xct_expected", "xct_max"):
        assert Decimal(quote[key]) == sum(Decimal(one[key]) for one in each)
