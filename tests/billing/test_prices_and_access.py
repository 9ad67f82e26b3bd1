"""Which model at which price, and who may spend on what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Organization
from billing import access, prices
from billing.models import AIModel, ImagePrice, Plan, Wallet
from scribe.errors import Conflict, Forbidden, InvalidInput
from tests.billing.books import priced

D = Decimal


def plan(tier):
    return Plan.objects.get(pk=tier)


def fresh(organization):
    return Organization.objects.get(pk=organization.pk)


@pytest.mark.parametrize(
    ("provider", "default"),
    [
        ("anthropic", "claude-haiku-5-5"),
        ("openai", "gpt-6-luna"),
        ("deepseek", "deepseek-flash"),
        ("google", "gemini-3.5-flash-lite"),
        ("local", "local"),
        ("offline", "offline-writer"),
    ],
)
def test_each_provider_has_a_default_model(db, provider, default):
    assert prices.model(provider).model_id == default
    assert prices.model(provider, default).pk == prices.model(provider).pk


def test_unknown_models_and_models_of_another_provider_are_invalid(db):
    for provider, model_id in (("anthropic", "gpt-6-luna"), ("anthropic", "x"), ("nobody", None)):
        with pytest.raises(InvalidInput):
            prices.model(provider, model_id)


def test_a_self_hosted_model_is_named_by_the_deployment(db, settings):
    settings.LOCAL_AI_MODEL = "qwen-small"
    for asked in ("qwen-small", "local", None):  # its server knows no other name
        found = prices.model("local", asked)
        assert (found.model_id, found.context_window) == ("qwen-small", 4096)
    assert prices.provider_of("qwen-small") == "local"
    with pytest.raises(InvalidInput):
        prices.model("local", "another")


def test_prices_come_into_force_at_their_time_and_switched_off_models_are_gone(db):
    for day, price in ((datetime(2026, 11, 2, tzinfo=UTC), "0.75"), (datetime(2027, 1, 2, tzinfo=UTC), "1.5")):
        assert AIModel.objects.in_force(day).get(model_id="gemini-3.8-flash").input_usd == D(price)
    flash = prices.model("google", "gemini-3.8-flash")
    prices.revise(flash, by=None, active=False)
    with pytest.raises(InvalidInput):
        prices.model("google", "gemini-3.8-flash")


def test_a_new_default_replaces_the_old_one(db):
    prices.revise(prices.model("anthropic", "claude-sonnet-5-5"), by=None, is_default=True)
    assert prices.model("anthropic").model_id == "claude-sonnet-5-5"


def test_costs_by_tier_and_by_the_organizations_rate(cast):
    Wallet.objects.filter(organization=cast.organization).update(token_rate_multiplier=D("1.5"))
    for model_id, expected in (("gpt-6-luna", "0.1500"), ("gpt-6.1-terra", "1.5000"), ("gpt-6.2-astra", "6.0000")):
        assert priced(prices.model("openai", model_id), 1000, fresh(cast.organization)) == D(expected)
    assert prices.usd(prices.model("openai", "gpt-6.1-terra"), 1000, 500) == D("0.003500")


def test_images_by_the_most_specific_newest_row(cast):
    organization = cast.organization
    assert prices.image(organization, size="1024x1024", quality="medium") == 20
    assert prices.image(organization, size="1024x1024", quality="low") == 8
    assert prices.image(organization, size="1536x1024", quality="high") == 90
    ImagePrice.objects.create(size="1536x1024", quality="high", xct=D(70))
    ImagePrice.objects.create(quality="low", xct=D(1), valid_from=timezone.now() + timedelta(days=1))
    assert prices.image(organization, size="1536x1024", quality="high") == 70
    assert prices.image(organization, quality="low") == 8


def test_a_plan_includes_those_below_it(cast):
    with pytest.raises(Forbidden) as refused:
        access.check_plan(cast.organization, plan("starter"))
    assert (refused.value.code, refused.value.extra["required_tier"]) == ("tier_required", "starter")
    Wallet.objects.filter(organization=cast.organization).update(plan="professional")
    access.check_plan(fresh(cast.organization), plan("starter"))
    access.check_plan(fresh(cast.organization), plan("professional"))
    with pytest.raises(Forbidden):
        access.check_plan(fresh(cast.organization), plan("business"))


def test_who_may_not_spend(cast):
    organization = cast.organization
    access.check_can_spend(organization)
    for stage, allowed in ((3, True), (7, False)):
        Wallet.objects.filter(organization=organization).update(dunning_stage=stage)
        if allowed:
            access.check_can_spend(fresh(organization))
        else:
            with pytest.raises(Forbidden, match="overdue"):
                access.check_can_spend(fresh(organization))
    Wallet.objects.filter(organization=organization).update(dunning_stage=0)
    Organization.objects.filter(pk=organization.pk).update(suspended_at=timezone.now())
    with pytest.raises(Forbidden, match="suspended"):
        access.check_can_spend(fresh(organization))
    now = timezone.now()
    Organization.objects.filter(pk=organization.pk).update(deletion_requested_at=now, deletion_scheduled_for=now)
    with pytest.raises(Conflict, match="deletion"):
        access.check_can_spend(fresh(organization))


def test_cached_input_has_prices_of_its_own(cast):
    from billing import usage
    from billing.models import UsageRecord

    model = prices.model("anthropic", "claude-sonnet-5-5")  # 2 and 10 USD; cached 0.1 read, 2.5 written
    tokens = {"input_tokens": 1_000_000, "output_tokens": 100_000}
    assert prices.usd(model, 1_000_000, 100_000) == D("3.000000")
    assert prices.usd(model, 1_000_000, 100_000, cached_tokens=600_000, cache_write_tokens=300_000) == D("2.010000")
    call = {"organization": cast.organization, "provider": "anthropic", "model": model, **tokens}
    usage.record(**call, key="a", cached_tokens=600_000, cache_write_tokens=300_000)
    row = UsageRecord.objects.get()
    assert (row.cached_tokens, row.cache_write_tokens, row.cost_usd) == (600_000, 300_000, D("2.010000"))
    local = prices.model("local")
    assert prices.usd(local, 10, 10, cached_tokens=99, cache_write_tokens=99) == 0, "a vendor that counts oddly"


def test_prices_of_the_cache_are_the_inputs_where_none_is_known(db):
    model = AIModel(input_usd=D(2), output_usd=D(10))
    assert prices.usd(model, 1_000_000, 0, cached_tokens=1_000_000) == 2
