"""The plugin API by plain HTTP: keys, waiting, polling, what it costs, and what a key does not open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import requests

from accounts import api_keys
from billing.models import Hold, UsageRecord, Wallet
from blog.models import BlogPost
from projects.models import ContentItem, Project
from scribe.models import Job
from tests import factories
from tests.fakes.openai import OpenAI
from tests.live import Live, wait

PRODUCT = {
    "source": "woocommerce",
    "product_title": "Wool Socks",
    "product_category": "Clothing",
    "product_attributes": {"Material": "wool", "Color": "grey"},
    "language": "en",
}


@pytest.fixture(scope="module")
def openai() -> Any:
    with OpenAI() as fake:
        yield fake


@pytest.fixture(scope="module")
def live_stack(openai: Any, django_db_setup: Any, django_db_blocker: Any) -> Any:
    from django.db import connection

    with django_db_blocker.unblock():
        live = Live(
            "web",
            "worker-generation",
            "worker-default",
            "beat",
            JOB_LEASE_SECONDS="6",
            OPENAI_BASE_URL=openai.url + "/v1",
            OPENAI_API_KEY="sk-test",
            DEFAULT_AI_PROVIDER="openai",
        )
        live.start()
        connection.close()
    yield live
    live.stop()


@pytest.fixture
def shop(live: Live, openai: Any) -> Any:
    """A plugin: a plain HTTP client with a key."""
    openai.default, openai.latency = "ok", 0.0
    openai.seen.clear()
    user = factories.make_user()
    key, raw = api_keys.create(organization=user.organization, by=user, name="Shop")

    class Shop:
        organization, row, owner, secret = user.organization, key, user, raw

        def call(self, method: str, path: str, status: int = 200, *, raw: str | None = None, **more: Any) -> Any:
            headers = {"X-API-Key": raw or self.secret}
            reply = requests.request(method, f"{live.url}/api/v1/plugin/{path}", headers=headers, timeout=90, **more)
            assert reply.status_code == status, reply.text[:800]
            return reply.json()

    yield Shop()
    wait(lambda: not Job.objects.active().exists() and not Job.objects.filter(settled_at=None).exists(), seconds=90)


def test_a_description_is_written_while_the_plugin_waits(shop: Any) -> None:
    reply = shop.call("POST", "generate-description", json=PRODUCT)
    assert "wool" in reply["content"].lower()
    assert reply["short_description"]
    assert reply["tokens_used"] > 0
    assert Decimal(reply["xct_cost"]) > 0
    record = UsageRecord.objects.get(organization=shop.organization)
    assert record.xct == Decimal(reply["xct_cost"])
    assert Decimal(reply["remaining_balance"]) == Wallet.objects.get(organization=shop.organization).total_balance
    project = Project.objects.get(organization=shop.organization, plugin_source="woocommerce")
    item = ContentItem.objects.get(project=project)
    assert item.source_data["name"] == "Wool Socks"
    assert item.generated_content["description"] == reply["content"]
    assert record.project_id == project.pk
    assert not Hold.objects.open().exists()


def test_many_are_written_at_once_and_polled(shop: Any) -> None:
    ids = [
        shop.call("POST", "generate-description-async", 202, json={**PRODUCT, "product_title": f"Socks {n}"})[
            "generation_id"
        ]
        for n in range(6)
    ]
    done = wait(
        lambda: all(shop.call("GET", f"generation/{pk}/status")["status"] == "completed" for pk in ids), seconds=90
    )
    assert done
    last = shop.call("GET", f"generation/{ids[-1]}/status")
    assert last["error"] is None
    assert "wool" in last["content"].lower()
    assert Project.objects.filter(organization=shop.organization).count() == 1
    assert ContentItem.objects.filter(organization=shop.organization).count() == 6


def test_a_blog_post_is_written_about_a_topic_and_a_product(shop: Any) -> None:
    shop.call("POST", "generate-description", json=PRODUCT)
    body = {"source": "woocommerce", "topic": "Warm feet in winter", "product_title": "Wool Socks"}
    started = shop.call("POST", "generate-blog-async", 202, json=body)
    status = wait(
        lambda: (
            (s := shop.call("GET", f"generation/{started['generation_id']}/status"))["status"]
            in ("completed", "failed")
            and s
        ),
        seconds=90,
    )
    assert status["status"] == "completed", status
    assert "<p>" in status["content"]
    assert status["texts"] == {}
    shop.call("POST", "generate-blog", 400, json={"source": "woocommerce"})
    long = {**body, "topic": "t" * 300, "product_title": "p" * 300}
    assert shop.call("POST", "generate-blog", 400, json=long)["code"] == "too_long"


def test_a_blog_post_comes_in_further_languages(shop: Any) -> None:
    """Each is a post of its own, by one job, with its own state; the whole costs what its parts do."""
    shop.call("POST", "generate-description", json=PRODUCT)
    body = {"source": "woocommerce", "product_title": "Wool Socks", "language": "en", "languages": ["de", "fr", "en"]}
    for wrong in (["tlh"], "de", [1]):
        shop.call("POST", "generate-blog-async", 400, json={**body, "languages": wrong})
    started = shop.call("POST", "generate-blog-async", 202, json=body)
    path = f"generation/{started['generation_id']}/status"
    status = wait(lambda: (s := shop.call("GET", path))["status"] in ("completed", "failed") and s, seconds=90)
    assert status["status"] == "completed", status
    assert {code: text["status"] for code, text in status["texts"].items()} == {"de": "completed", "fr": "completed"}
    assert all("<p>" in text["content"] and text["item_id"] for text in status["texts"].values())
    posts = BlogPost.objects.filter(pk__in=[text["item_id"] for text in status["texts"].values()])
    assert {(post.language, post.original.language) for post in posts} == {("de", "en"), ("fr", "en")}
    parts = sum(Decimal(text["xct_cost"]) for text in status["texts"].values())
    assert Decimal(0) <= parts <= Decimal(status["xct_cost"])


def test_a_failing_model_is_502_and_costs_nothing(shop: Any, openai: Any) -> None:
    before = Wallet.objects.get(organization=shop.organization).available
    openai.default = "refused"
    problem = shop.call("POST", "generate-description", 502, json=PRODUCT)
    assert problem["code"] == "upstream_error"
    status = shop.call("GET", f"generation/{problem['generation_id']}/status")
    assert (status["status"], status["content"], status["xct_cost"]) == ("failed", "", "0.0000")
    assert status["error"]
    assert Wallet.objects.get(organization=shop.organization).available == before


def test_a_text_with_unsupported_claims_says_so(shop: Any, openai: Any) -> None:
    fine = shop.call("POST", "generate-description", json=PRODUCT)
    assert (fine["needs_review"], fine["flagged"], fine["unsupported_claims"]) == (False, False, [])
    assert fine["confidence_score"] > 0.6
    assert (fine["content_format"], fine["short_description_format"]) == ("html", "text")
    openai.default = "lying"
    reply = shop.call("POST", "generate-description", json={**PRODUCT, "product_title": "Other Socks"})
    assert reply["status"] == "completed"
    assert (reply["needs_review"], reply["flagged"]) == (True, True)
    assert any("25" in claim for claim in reply["unsupported_claims"])
    assert reply["reasons"]
    assert reply["confidence_score"] < 0.6
    path = f"generation/{reply['generation_id']}/status"
    assert {**shop.call("GET", path), "error": 0} == {**reply, "error": 0}
    ContentItem.objects.filter(organization=shop.organization, source_data__name="Other Socks").update(
        status="approved"
    )
    approved = shop.call("GET", path)
    assert (approved["needs_review"], approved["flagged"]) == (False, True)


def test_a_post_with_unsupported_claims_says_so(shop: Any, openai: Any) -> None:
    shop.call("POST", "generate-description", json=PRODUCT)
    openai.default = "lying"
    reply = shop.call("POST", "generate-blog", json={"source": "woocommerce", "product_title": "Wool Socks"})
    assert (reply["status"], reply["needs_review"], reply["content_format"]) == ("completed", True, "html")
    assert reply["unsupported_claims"]


def test_a_title_of_markup_alone_is_refused(shop: Any) -> None:
    for title in ("<b></b>", "<script>alert(1)</script>", "<!-- -->", "&nbsp;"):
        problem = shop.call("POST", "generate-description", 400, json={**PRODUCT, "product_title": title})
        assert problem["errors"][0]["pointer"] == "#/product_title"
        shop.call("POST", "generate-blog", 400, json={"source": "woocommerce", "topic": title})
    assert not Job.objects.filter(organization=shop.organization).exists()


def test_php_s_empty_array_is_an_empty_object(shop: Any) -> None:
    shop.call("POST", "generate-description-async", 202, json={**PRODUCT, "product_attributes": []})
    shop.call("POST", "generate-description-async", 400, json={**PRODUCT, "product_attributes": ["wool"]})


def test_the_account_is_shown_with_its_active_integrations(shop: Any) -> None:
    assert shop.call("GET", "status") == {
        "plan_tier": "free",
        "total_balance": "50.0000",
        "active_integrations": [],
        "is_test": False,
    }
    shop.call("POST", "generate-description-async", 202, json={**PRODUCT, "source": "shopify"})
    shop.call("POST", "generate-description-async", 202, json=PRODUCT)
    assert shop.call("GET", "status")["active_integrations"] == ["shopify", "woocommerce"]


def test_bad_input_is_400_before_anything_is_kept(shop: Any) -> None:
    for change in ({"source": "prestashop"}, {"source": None}, {"product_title": " "}, {"language": "klingon"}):
        shop.call("POST", "generate-description", 400, json={**PRODUCT, **change})
    shop.call("POST", "generate-description", 400, json={"source": "woocommerce"})
    assert not ContentItem.objects.filter(organization=shop.organization).exists()


def test_revoked_deactivated_and_foreign_keys_are_refused(shop: Any, live: Live) -> None:
    generation = shop.call("POST", "generate-description-async", 202, json=PRODUCT)["generation_id"]
    stranger = factories.make_user()
    foreign, raw = api_keys.create(organization=stranger.organization, by=stranger, name="Other")
    shop.call("GET", f"generation/{generation}/status", 404, raw=raw)
    shop.call("GET", "status", 401, raw="xcs_" + "x" * 40)
    shop.call("GET", "status", 401, raw="nonsense")
    api_keys.deactivate(key=foreign, by=stranger)
    shop.call("GET", "status", 401, raw=raw)
    api_keys.delete(key=shop.row, by=shop.owner)
    shop.call("GET", "status", 401)
    shop.call("POST", "generate-description", 401, json=PRODUCT)


def test_a_key_opens_plugin_operations_only_and_a_token_does_not_open_those(shop: Any, live: Live) -> None:
    for path in ("projects", "users/me", "organization", "billing/balance", "api-keys", "studio/tools"):
        for headers in ({"X-API-Key": shop.secret}, {"Authorization": f"Bearer {shop.secret}"}):
            assert live.call("GET", path, status=None, headers=headers).status_code == 403, path
    token = f"Bearer {factories.token_of(shop.owner)}"
    assert live.call("GET", "plugin/status", status=None, headers={"Authorization": token}).status_code == 401
    assert live.call("GET", "plugin/status", status=None).status_code == 401
    bearer = live.call("GET", "plugin/status", headers={"Authorization": f"Bearer {shop.secret}"})
    assert bearer.json()["plan_tier"] == "free"


def test_the_same_key_twice_is_one_generation(shop: Any, live: Live) -> None:
    headers = {"X-API-Key": shop.secret, "Idempotency-Key": "order-1"}
    first, second = (
        live.call("POST", "plugin/generate-description-async", status=202, headers=headers, json=PRODUCT) for _ in "ab"
    )
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert ContentItem.objects.filter(organization=shop.organization).count() == 1
