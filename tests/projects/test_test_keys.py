"""Test keys: the built-in writer writes, nothing costs, nothing leaves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from accounts import api_keys
from billing import holds
from billing.models import Entry, Hold, UsageRecord, Wallet
from blog.models import BlogPost
from projects.models import ContentItem, PluginGeneration, Project
from scribe import test_mode
from scribe.api import scopes
from scribe.errors import Conflict, Forbidden
from scribe.http import client
from scribe.models import Event, Job
from tests import factories
from tests.helpers import Api, run_jobs
from writing.offline import rehearsal

pytestmark = pytest.mark.django_db(transaction=True)  # the engine settles in a thread of its own

FACTS = {"name": "Wool Socks", "attributes": {"Material": "wool"}}


def key(cast: Any, mode: str) -> Api:
    named = [scope for scope in scopes.SCOPES if scope not in scopes.DEFAULT or mode]
    _, raw = api_keys.create(organization=cast.organization, by=cast.owner, name=mode, scopes=named, mode=mode)
    return Api({"X-API-Key": raw})


@pytest.fixture
def test_api(cast: Any, settings: Any) -> Api:
    settings.DEFAULT_AI_PROVIDER = "anthropic"
    settings.ANTHROPIC_API_KEY = "sk-live"  # a real model is configured, and would be asked
    return key(cast, "test")


def test_work_of_a_test_key_is_written_by_the_built_in_writer_and_marked(test_api: Api, cast: Any, api: Any) -> None:
    project = test_api.post("projects", {"name": "Try", "platform": "woocommerce"}, status=201)
    assert project["is_test"] is True
    source = test_api.post(f"projects/{project['id']}/sources/manual", {"name": "By hand"}, status=201)
    body = {"items": [{"source_data": FACTS}]}
    test_api.post(f"projects/{project['id']}/sources/{source['id']}/items", body, status=201)
    asked = {"ai_provider": "anthropic", "grounding": "strict", "image_analysis": True}
    before = Entry.objects.count()
    created = test_api.post(f"projects/{project['id']}/jobs", {"job_type": "generation", "payload": asked}, status=201)
    run_jobs()
    job = test_api.get(f"jobs/{created['job_id']}")
    assert (job["status"], job["is_test"], job["result"]["xct_used"]) == ("completed", True, "0.0000")
    (item,) = test_api.get(f"projects/{project['id']}/items")
    assert item["is_test"] is True
    assert item["generated_content"]
    used = UsageRecord.objects.get()
    assert (used.provider, used.is_test, used.xct) == ("offline", True, 0)
    assert Entry.objects.count() == before
    assert not Hold.objects.filter(amount__gt=0).exists()
    # Programs act on events, so live ones are told of no test work, whoever does it.
    path = f"projects/{project['id']}/items/{item['id']}"
    for caller in (test_api, api.as_(cast.owner)):
        caller.patch(path, {"status": "approved", "override": True})
        caller.patch(path, {"status": "rejected"})
    assert {event.is_test for event in Event.objects.all()} == {True}
    # People see it, with its mark; live keys do not.
    assert api.as_(cast.owner).get(f"projects/{project['id']}")["is_test"] is True
    assert api.as_(cast.owner).get("usage")[0]["is_test"] is True
    live = key(cast, "live")
    live.get(f"projects/{project['id']}", 404)
    live.get(f"jobs/{created['job_id']}", 404)
    assert live.get("projects") == []
    assert live.get("usage") == []


@pytest.mark.parametrize("named", [{"mode": "test"}, {"is_test": True}])
def test_a_person_who_asks_for_a_test_project_gets_no_live_one(cast: Any, api: Any, named: Any) -> None:
    body = {"name": "Try", "platform": "woocommerce", **named}
    refused = api.as_(cast.owner).post("projects", body, status=400)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("wrong_mode", f"#/{next(iter(named))}")
    assert not Project.objects.exists()


def with_skus(caller: Api, *skus: str) -> str:
    project: str = caller.post("projects", {"name": "Rehearsal", "platform": "woocommerce"}, status=201)["id"]
    source = caller.post(f"projects/{project}/sources/manual", {"name": "By hand"}, status=201)
    items = [{"source_data": {**FACTS, "sku": sku}} for sku in skus]
    caller.post(f"projects/{project}/sources/{source['id']}/items", {"items": items}, status=201)
    return project


@pytest.mark.each_value
@pytest.mark.parametrize("language", ["en", "de", "sr"])
@pytest.mark.parametrize("wish", [{}, {"generate_long": False}, {"use_html": False}])
def test_skus_of_a_test_project_rehearse_a_flagged_and_a_failed_text(test_api: Api, language: str, wish: Any) -> None:
    project = with_skus(test_api, "A-1", rehearsal.FLAGGED, rehearsal.FAILED)
    started = test_api.with_(Prefer="wait=0").post(
        f"projects/{project}/generate", {"language": language, **wish}, status=202
    )
    run_jobs()
    job = test_api.get(f"jobs/{started['job_id']}")
    result = {name: job["result"][name] for name in ("generated", "flagged", "failed", "xct_used")}
    assert result == {"generated": 1, "flagged": 1, "failed": 1, "xct_used": "0.0000"}
    plain, flagged, failed = test_api.get(f"projects/{project}/items")
    assert [plain["status"], flagged["status"], failed["status"]] == ["generated", "flagged", "pending"]
    assert flagged["has_unsupported_claims"] is True
    assert flagged["generation_metadata"]["reasons"]


def test_a_sku_of_a_test_project_rehearses_an_empty_wallet(test_api: Api) -> None:
    project = with_skus(test_api, "A-1", rehearsal.UNPAID)
    first, unpaid = test_api.get(f"projects/{project}/items")
    refused = test_api.post(f"projects/{project}/generate", {}, status=402)
    assert (refused["code"], refused["required"], refused["available"]) == ("insufficient_xct", "2.0000", "0.0000")
    assert not Job.objects.exists()
    test_api.post(f"projects/{project}/items/{unpaid['id']}/regenerate", {}, status=402)
    asked = {"item_ids": [first["id"]]}
    test_api.with_(Prefer="wait=0").post(f"projects/{project}/generate", asked, status=202)


def test_these_skus_are_ordinary_ones_in_live_work(test_api: Api, cast: Any, settings: Any) -> None:
    settings.DEFAULT_AI_PROVIDER = "offline"
    live = key(cast, "live")
    project = with_skus(live, rehearsal.FLAGGED, rehearsal.FAILED, rehearsal.UNPAID)
    live.with_(Prefer="wait=0").post(f"projects/{project}/generate", {}, status=202)
    run_jobs()
    assert {item["status"] for item in live.get(f"projects/{project}/items")} == {"generated"}


def test_a_test_key_sees_no_live_work(test_api: Api, cast: Any) -> None:
    item = factories.make_item(factories.make_project(cast.organization))
    test_api.get(f"projects/{item.project_id}/items/{item.pk}", 404)
    assert test_api.get("projects") == []
    made = test_api.post("projects", {"name": "Try", "platform": "woocommerce"}, status=201)
    body = {"post_type": "article", "topic": "Socks", "source_item_ids": [str(item.pk)]}
    test_api.post(f"projects/{made['id']}/blog-posts", body, status=404)


def test_shops_sites_and_payments_are_refused_by_name(test_api: Api) -> None:
    made = test_api.post("projects", {"name": "Try", "platform": "woocommerce"}, status=201)
    path = f"projects/{made['id']}"
    for refused in (
        f"{path}/import/execute",
        f"{path}/sync",
        "billing/checkout",
        "store-connections",
        "studio-requests",
    ):
        assert test_api.post(refused, {}, status=403)["code"] == "test_key_refused"
    jobs = {"job_type": "sync", "payload": {}}
    assert test_api.post(f"{path}/jobs", jobs, status=403)["code"] == "test_key_refused"


def test_a_post_that_names_a_shop_is_refused_when_it_is_made(test_api: Api, cast: Any, api: Any) -> None:
    made = test_api.post("projects", {"name": "Try", "platform": "woocommerce"}, status=201)
    connection = factories.make_woocommerce_connection(cast.organization, "https://shop.example.com")
    body = {"post_type": "article", "topic": "Socks", "store_connection_id": str(connection.pk)}
    for caller in (test_api, api.as_(cast.owner)):
        refused = caller.post(f"projects/{made['id']}/blog-posts", body, status=409)
        assert refused["code"] == "test_project"
    assert not BlogPost.objects.exists()


def test_a_test_key_is_told_of_no_real_money(test_api: Api, cast: Any) -> None:
    """Whoever found the key could read how the organization stands."""
    Wallet.objects.filter(organization=cast.organization).update(topup_balance="4711.2357")
    status = test_api.get("plugin/status")
    assert (status["total_balance"], status["is_test"]) == ("1000.0000", True)
    body = {"source": "woocommerce", "product_title": "Wool Socks", "product_attributes": {"Material": "wool"}}
    asked = test_api.post("plugin/generate-description-async", body, status=202)["generation_id"]
    run_jobs()
    assert test_api.get(f"plugin/generation/{asked}/status")["remaining_balance"] == "999.0000"
    project = str(PluginGeneration.objects.get().project_id)
    for answer in (
        test_api.post(f"projects/{project}/generate/estimate", {}),
        test_api.get(f"projects/{project}"),
        test_api.get("billing/balance"),
    ):
        assert "4711.2357" not in str(answer)
    assert key(cast, "live").get("plugin/status")["total_balance"] == "4761.2357"


def test_people_cannot_let_a_test_project_out_either(test_api: Api, cast: Any, api: Any) -> None:
    made = test_api.post("projects", {"name": "Try", "platform": "woocommerce"}, status=201)
    connection = factories.make_woocommerce_connection(cast.organization, "https://shop.example.com")
    refused = api.as_(cast.owner).patch(
        f"projects/{made['id']}", {"store_connection_id": str(connection.pk)}, status=409
    )
    assert refused["code"] == "test_project"
    assert api.as_(cast.owner).post(f"projects/{made['id']}/sync", {}, status=409)["code"] == "no_store_connection"


def test_plugin_texts_of_a_test_key_have_a_project_of_their_own(test_api: Api, cast: Any) -> None:
    live = key(cast, "live")
    body = {"source": "woocommerce", "product_title": "Wool Socks", "product_attributes": {"Material": "wool"}}
    asked = test_api.post("plugin/generate-description-async", body, status=202)["generation_id"]
    run_jobs()
    reply = test_api.get(f"plugin/generation/{asked}/status")
    assert (reply["status"], reply["is_test"], reply["xct_cost"]) == ("completed", True, "0.0000")
    live.get(f"plugin/generation/{asked}/status", 404)
    assert live.get("plugin/status")["active_integrations"] == []
    project = PluginGeneration.objects.get().project
    assert project is not None
    assert project.is_test
    assert Project.objects.filter(plugin_source="woocommerce", is_test=False).count() == 0
    assert ContentItem.objects.get().project == project


def test_the_second_line_sets_nothing_aside_and_sends_nothing(cast: Any) -> None:
    job = Job.objects.create(organization=cast.organization, job_type="generation", is_test=True)
    with pytest.raises(Forbidden) as refused:
        holds.place(organization=cast.organization, amount=Decimal(1), key="k", job=job)
    assert refused.value.code == "test_key_refused"
    with test_mode.within(True):
        for call in (
            lambda: holds.place(organization=cast.organization, amount=Decimal(1), key="k"),
            lambda: client.request("GET", "https://shop.example.com/"),
        ):
            with pytest.raises(Forbidden):
                call()
    assert Wallet.objects.get(organization=cast.organization).held == 0


def test_a_test_project_publishes_nothing(cast: Any) -> None:
    project = factories.make_project(cast.organization, is_test=True)
    with pytest.raises(Conflict) as refused:
        project.check_live()
    assert refused.value.code == "test_project"


def test_what_is_of_the_whole_organization_is_refused_for_its_own_reason(test_api: Api) -> None:
    for path, scope in (("usage", "billing:read"), ("notifications", "notifications:read")):
        refused = test_api.get(path, status=403)
        assert refused["code"] == "test_key_refused"
        assert scope in refused["detail"]
        assert "AI providers" not in refused["detail"]
