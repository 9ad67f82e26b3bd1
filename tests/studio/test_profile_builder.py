"""The catalogue of tools, and the profile builder's metered call."""

from __future__ import annotations

from decimal import Decimal

import pytest

from billing.models import Hold, UsageRecord, Wallet
from scribe.errors import InvalidInput, UpstreamFailed, UpstreamTimeout
from studio.api.views.profile_builder import render
from studio.models import ProfileTemplate, Tool
from studio.profiles import job as builder
from tests.fakes.openai import OpenAI
from tests.helpers import run_jobs

BRAND = {
    "brand_name": "Nordlicht",
    "target_audience": "hikers",
    "unique_selling_points": "repairs for life",
    "things_to_avoid": "slang",
}


@pytest.fixture(autouse=True)
def committing(committed):
    """Jobs have threads with connections of their own."""


@pytest.fixture
def model(settings):
    with OpenAI() as fake:
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = fake.url + "/v1", "k"
        settings.DEFAULT_AI_PROVIDER = "openai"
        yield fake


def build(user, **more):
    job = builder.start(organization=user.organization, by=user, template_id="fashion", request={**BRAND, **more})
    run_jobs()
    job.refresh_from_db()
    return job


def available(user):
    return Wallet.objects.get(organization=user.organization).available


def test_the_catalogue_says_what_is_open(api, cast):
    tools = {tool["slug"]: tool for tool in api.as_(cast.owner).get("studio/tools")["tools"]}
    assert tools["profile-builder"]["unlocked"] is True
    assert (tools["store-audit"]["min_tier"], tools["store-audit"]["unlocked"]) == ("starter", False)
    Wallet.objects.filter(organization=cast.organization).update(plan_id="business")
    assert all(tool["unlocked"] for tool in api.as_(cast.owner).get("studio/tools")["tools"])
    Tool.objects.filter(slug="store-audit").update(is_visible=False)
    assert "store-audit" not in str(api.as_(cast.owner).get("studio/tools"))


def test_templates_are_public_and_at_least_eight(api):
    rows = api.get("studio/profile-builder/templates")
    assert len(rows) >= 8
    assert all(row["id"] and row["name"] and row["icon"] and row["defaults"]["custom_instructions"] for row in rows)
    assert len(api.get("studio/profile-builder/templates?limit=3&offset=1")) == 3
    ProfileTemplate.objects.filter(slug=rows[0]["id"]).update(is_active=False)
    assert len(api.get("studio/profile-builder/templates")) == len(rows) - 1


def test_the_built_in_writer_builds_a_profile_for_nothing(cast, settings):
    settings.DEFAULT_AI_PROVIDER = "offline"
    reply = render(build(cast.owner, language="de")).data
    assert reply["xct_used"] == 0
    for word in ("Nordlicht", "hikers", "repairs for life", "slang", "Deutsch"):
        assert word in reply["custom_instructions"]


def test_one_call_is_charged_once_and_the_rest_given_back(cast, model):
    before = available(cast.owner)
    job = build(cast.owner)
    reply = render(job).data
    assert reply["xct_used"] > 0
    assert before - available(cast.owner) == Decimal(str(reply["xct_used"]))
    record = UsageRecord.objects.get(job_id=job.pk)
    assert (record.xct, record.content_type) == (Decimal(str(reply["xct_used"])), "profile")
    assert not Hold.objects.open().exists()
    assert "repairs for life" in model.seen[0].user
    assert "repairs for life" not in model.seen[0].system


@pytest.mark.parametrize("behaviour", ["refused", "truncated", "garbled", "401"])
def test_a_model_that_fails_is_502_and_costs_nothing(cast, model, behaviour):
    model.default = behaviour
    before = available(cast.owner)
    job = build(cast.owner)
    with pytest.raises(UpstreamFailed):
        render(job)
    assert available(cast.owner) == before
    assert not UsageRecord.objects.exclude(xct=0).exists()


def test_a_job_that_has_not_ended_is_504(cast, model):
    job = builder.start(organization=cast.organization, by=cast.owner, template_id="fashion", request=BRAND)
    with pytest.raises(UpstreamTimeout):
        render(job)


def test_an_unknown_template_and_impossible_settings_are_400(api, cast):
    caller = api.as_(cast.owner)
    caller.post("studio/profile-builder/generate", {"template_id": "nonsense"}, status=400)
    caller.post("studio/profile-builder/generate", {}, status=400)
    caller.post("studio/profile-builder/generate", {"template_id": "fashion", "language": "klingon"}, status=400)
    caller.post("studio/profile-builder/generate", {"template_id": "fashion", "tone": "sarcastic-9"}, status=400)
    with pytest.raises(InvalidInput):
        builder.start(organization=cast.organization, by=cast.owner, template_id="x", request={})


def test_without_balance_it_is_402_before_any_call(api, cast, model):
    from django.db import transaction

    from billing import ledger
    from billing.models import Entry

    with transaction.atomic(), ledger.book(cast.organization) as book:
        book.post("subscription", -available(cast.owner), Entry.Type.EXPIRY, key="test", description="For tests")
    problem = api.as_(cast.owner).post("studio/profile-builder/generate", {"template_id": "fashion"}, status=402)
    assert problem["code"] == "insufficient_xct"
    assert model.seen == []
