"""Prices against costs: per model and plan, at what an XCT was really sold for and the stored rate of the dollar."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from billing import exchange_rates, holds, margins, prices, usage
from billing.models import AIModel, BillingPeriod, ExchangeRate, ImagePrice, ModelTier, Plan, TopupPack, Wallet
from tests.scribe.admin_browser import list_url, row_url, staff_client

D = Decimal
pytestmark = pytest.mark.django_db


@pytest.fixture
def dollar() -> date:
    """1 USD = 0.80 EUR."""
    day = exchange_rates.today() - timedelta(days=1)
    ExchangeRate.objects.create(date=day, rate=D(120), usd_rate=D(96), source="nbs")
    return day


def test_offers_are_the_plans_by_period_and_the_pack_the_cheapest_first() -> None:
    found = margins.offers()
    assert (found[0].name, round(found[0].eur_per_xct, 6)) == ("Business yearly", D("0.012458"))
    assert {offer.name for offer in found} >= {"Starter monthly", "Starter yearly", "a pack of 500"}
    Plan.objects.filter(pk="business").update(on_sale=False)
    assert not any(offer.name.startswith("Business") for offer in margins.offers())


def test_costs_are_converted_at_the_newest_stored_day_and_it_is_named(dollar: date) -> None:
    ExchangeRate.objects.create(date=exchange_rates.today(), rate=D(120), source="staff")  # without a dollar
    assert margins.dollar() == margins.Dollar(D("0.8"), dollar)
    assert f"{dollar:%Y-%m-%d}" in margins.rate_note(margins.dollar())
    ExchangeRate.objects.all().delete()
    assert margins.dollar() == margins.Dollar(D(1), None)
    assert "no rate" in margins.rate_note(margins.dollar())


def test_losses_name_the_models_that_cost_more_than_their_tier_brings(dollar: date) -> None:
    assert margins.losses().keys() == {
        "anthropic/claude-fable-5-1",
        "openai/gpt-6.2-astra",
        "google/gemini-3.5-flash-lite",
    }
    for provider, model in (name.split("/") for name in list(margins.losses())):
        prices.revise(prices.model(provider, model), by=None, multiplier=D(10))
    assert margins.losses() == {}


def test_a_model_has_a_price_of_its_own_beside_its_tier(dollar: date) -> None:
    fable = prices.model("anthropic", "claude-fable-5-1")
    assert (fable.tier_id, fable.xct_per_thousand) == ("flagship", 4)
    prices.revise(fable, by=None, multiplier=D(10))
    assert prices.model("anthropic", "claude-fable-5-1").xct_per_thousand == 10
    assert prices.model("anthropic", "claude-opus-5-5").xct_per_thousand == 4
    assert "anthropic/claude-fable-5-1" not in margins.losses()


def used(organization: Any, *, model: str, xct: int, usd: str, key: str) -> None:
    hold = holds.place(organization=organization, amount=D(xct), key=key)
    holds.capture(hold=hold, amount=D(xct), key=key)
    holds.close(hold=hold)
    row = prices.model("openai", model)
    usage.record(
        organization=organization, key=key, provider="openai", model=row, xct=D(xct), cost_usd=D(usd), input_tokens=1
    )


def test_the_margin_counts_an_xct_at_what_its_buyer_paid(cast: Any, dollar: date) -> None:
    start = timezone.now() - timedelta(days=1)
    wallets = Wallet.objects.filter(organization=cast.organization)
    wallets.update(plan="business", billing_period=BillingPeriod.YEARLY, subscription_balance=100, topup_balance=100)
    used(cast.organization, model="gpt-6.1-terra", xct=100, usd="0.5", key="of the plan")
    used(cast.organization, model="gpt-6.1-terra", xct=100, usd="0.5", key="of a pack")
    used(cast.stranger.organization, model="gpt-6.1-terra", xct=10, usd="0.1", key="free")
    business, free = margins.lines(start)
    eur = 100 * D(2990) / 240_000 + 100 * D(15) / 500
    assert (business.plan, business.calls, business.xct, business.usd) == ("business", 2, 200, 1)
    assert round(business.eur, 6) == round(eur, 6)
    assert business.margin is not None
    assert round(business.margin, 3) == round(100 * (1 - D("0.8") / eur), 3)
    assert (free.plan, free.eur, free.margin) == ("free", 0, None)


# --- staff


@pytest.fixture
def client(cast: Any) -> Any:
    return staff_client(cast.staff)


def form(row: AIModel, **changes: Any) -> dict[str, Any]:
    fields = {
        name: getattr(row, name) if getattr(row, name) is not None else ""
        for name in (
            *("display_name", "context_window", "max_output_tokens", "input_usd", "output_usd", "cached_input_usd"),
            *("cache_write_usd", "multiplier"),
        )
    }
    return {
        **fields,
        "tier": row.tier_id,
        "active": "on",
        "supports_images": "on",
        "audit_reason": "because",
        **changes,
    }


def test_staff_are_warned_before_they_save_a_model_that_loses(client: Any, dollar: date) -> None:
    prices.revise(prices.model("anthropic", "claude-fable-5-1"), by=None, multiplier=D(10))
    row = prices.model("anthropic", "claude-fable-5-1")
    versions = AIModel.objects.filter(model_id=row.model_id)
    reply = client.post(row_url(row), form(row, multiplier="4"))
    assert reply.status_code == 200
    assert "a post with one repair loses" in reply.content.decode()
    assert f"{dollar:%Y-%m-%d}" in reply.content.decode()
    assert versions.count() == 2
    assert client.post(row_url(row), form(row, multiplier="4", accept_loss="on")).status_code == 302
    assert versions.count() == 3
    assert client.post(row_url(row), form(row, display_name="Fable")).status_code == 302, "no greater loss: no question"


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        (lambda: ModelTier.objects.get(pk="premium"), {"tier": "premium", "multiplier": "1", "rank": "2"}),
        (
            lambda: TopupPack.objects.get(),
            {"xct": "50000", "price_eur": "15", "valid_from_0": "2026-01-01", "valid_from_1": "00:00:00"},
        ),
        (
            lambda: ImagePrice.objects.get(size="", quality="high"),
            {
                "provider": "openai",
                "quality": "high",
                "xct": "1",
                "cost_usd": "0.167",
                "valid_from_0": "2026-01-01",
                "valid_from_1": "00:00:00",
            },
        ),
    ],
)
def test_a_tier_a_pack_and_an_image_are_asked_about_as_well(client: Any, row: Any, fields: dict[str, Any]) -> None:
    price = row()
    sent = {**fields, "audit_reason": "because"}
    reply = client.post(row_url(price), sent)
    assert reply.status_code == 200, reply.headers
    assert "loses" in reply.content.decode()
    assert client.post(row_url(price), {**sent, "accept_loss": "on"}).status_code == 302


def test_the_board_says_plans_prices_and_the_day_of_the_rate(client: Any, cast: Any, dollar: date) -> None:
    used(cast.organization, model="gpt-6.1-terra", xct=5, usd="0.02", key="a")
    page = client.get(reverse("admin:money_at_risk")).content.decode()
    assert "Business yearly" in page
    assert f"by the list of {dollar:%Y-%m-%d}" in page
    assert "openai/gpt-6.1-terra" in page


def test_a_new_plan_price_is_asked_about(client: Any) -> None:
    assert client.get(list_url(Plan) + "business/change/").status_code == 200
    assert "Save it although it loses money" in client.get(list_url(Plan) + "business/change/").content.decode()
