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
    # Programs act on events, so they are told of no test work, whoever does it.
    path = f"projects/{project['id']}/items/{item['id']}"
    for caller in (test_api, api.as_(cast.owner)):
        caller.patch(path, {"status": "approved", "override": True})
        caller.patch(path, {"status": "rejected"})
    assert [event.type for event in Event.objects.all()] == []
    # People see it, with its mark; live keys do not.
    assert api.as_(cast.owner).get(f"projects/{project['id']}")["is_test"] is True
    assert api.as_(cast.owner).get("usage")[0]["is_test"] is True
    live = key(cast, "live")
    live.get(f"projects/{project['id']}", 404)
    live.get(f"jobs/{created['job_id']}", 404)
    assert live.get("projects") == []
    assert live.get("usage") == []


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


def test_a_test_key_is_told_of_no_money(test_api: Api, cast: Any) -> None:
    """Whoever found the key could read how the organization stands."""
    Wallet.objects.filter(organization=cast.organization).update(topup_balance="4711.2357")
    status = test_api.get("plugin/status")
    assert (status["total_balance"], status["is_test"]) == ("0.0000", True)
    body = {"source": "woocommerce", "product_title": "Wool Socks", "product_attributes": {"Material": "wool"}}
    asked = test_api.post("plugin/generate-description-async", body, status=202)["generation_id"]
    run_jobs()
    assert test_api.get(f"plugin/generation/{asked}/status")["remaining_balance"] == "0.0000"
    project = str(PluginGeneration.objects.get().project_id)
    for answer in (
        test_api.post(f"projects/{project}/generate/estimate", {}),
        test_api.get(f"projects/{project}"),
    ):
        assert "4711.2357" not in str(answer)
    assert key(cast, "live").get("plugin/status")["total_balance"] != "0.0000"


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
