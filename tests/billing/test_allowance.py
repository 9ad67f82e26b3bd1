"""Uncharged work has a daily bound per organization and plan: beyond it new work waits, and staff are told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from billing import allowance, holds, prices, usage
from billing.allowance import Uncharged
from billing.models import Plan, UsageRecord, Wallet
from scribe import metrics
from scribe.errors import TooManyRequests

D = Decimal


@pytest.fixture
def call(cast: Any, django_capture_on_commit_callbacks: Any) -> Any:
    model = prices.model("openai", "gpt-6.1-terra")  # 1 USD per million input tokens

    def record(tokens: int, **more: Any) -> None:
        number = UsageRecord.objects.count()
        given = {"outcome": "garbled", **more}
        with django_capture_on_commit_callbacks(execute=True):
            usage.record(
                organization=cast.organization,
                key=f"k{number}",
                input_tokens=tokens,
                **{"provider": "openai", "model": model, **given},
            )

    return record


def test_beyond_the_allowance_new_work_waits_until_midnight_and_staff_are_told_once(cast: Any, call: Any) -> None:
    Plan.objects.filter(pk="free").update(uncharged_xct_per_day=1000)
    call(249_999)
    holds.place(organization=cast.organization, amount=D(1), key="still")
    for _ in range(3):
        call(1)
    with pytest.raises(TooManyRequests) as refusal:
        holds.place(organization=cast.organization, amount=D(1), key="no more")
    assert refusal.value.code == "uncharged_allowance_used"
    assert 0 < refusal.value.retry_after <= 86_400
    assert cast.staff.notifications.count() == 1
    assert not cast.owner.notifications.filter(notification_type="security").exists()
    holds.place(organization=cast.organization, amount=D(0), key="own key: costs us nothing")
    holds.place(organization=cast.stranger.organization, amount=D(1), key="others are unaffected")


def test_what_was_paid_for_and_own_keys_and_yesterday_do_not_count(cast: Any, call: Any) -> None:
    call(9_000_000, outcome="ok", xct=1)
    call(9_000_000, outcome="replaced")
    call(9_000_000, byok=True)
    call(240_000)
    wallet = Wallet.objects.select_related("plan").get(organization=cast.organization)
    assert allowance.used_today(wallet) == Uncharged(usd=D("0.24"), xct=D(240))
    UsageRecord.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert allowance.used_today(wallet) == Uncharged(usd=D(0), xct=D(0))


def test_a_call_that_is_told_again_is_counted_once(cast: Any, django_capture_on_commit_callbacks: Any) -> None:
    """A task that runs again records the same keys; the graphs and the watch saw them twice."""
    call = {"organization": cast.organization, "provider": "openai", "model": "told-again", "outcome": "garbled"}
    with django_capture_on_commit_callbacks(execute=True):
        first = usage.record(key="a", **call)
        assert usage.record(key="a", **call) == first
        usage.record_many([{"key": key, **call} for key in ("a", "b", "b")])
        usage.record_many([{"key": key, **call} for key in ("b", "a")])
    counted = [n for name, labels, n in metrics.read() if labels.get("model") == "told-again"]
    assert counted == [UsageRecord.objects.count()] == [2]


def test_the_allowance_is_the_plans(cast: Any, call: Any) -> None:
    call(300_000)
    Wallet.objects.filter(organization=cast.organization).update(plan="business")
    holds.place(organization=cast.organization, amount=D(1), key="a")
    Plan.objects.filter(pk="business").update(uncharged_usd_per_day=D("0.10"))
    with pytest.raises(TooManyRequests):
        holds.place(organization=cast.organization, amount=D(1), key="b")


def test_a_model_that_costs_no_dollars_counts_by_what_it_would_have_cost_in_xct(cast: Any, call: Any) -> None:
    own = {"provider": "local", "model": prices.model("local")}  # 0 USD, 0.1 XCT per 1,000 tokens
    call(499_999, **own)
    holds.place(organization=cast.organization, amount=D(1), key="still")
    call(1, **own)
    with pytest.raises(TooManyRequests) as refusal:
        holds.place(organization=cast.organization, amount=D(1), key="no more")
    assert refusal.value.code == "uncharged_allowance_used"
    assert cast.staff.notifications.count() == 1
    Wallet.objects.filter(organization=cast.organization).update(plan="starter")  # a fifth of 1,000
    holds.place(organization=cast.organization, amount=D(1), key="again")


def test_the_built_in_writers_work_uses_nothing_of_the_allowance(cast: Any, call: Any) -> None:
    call(9_000_000, provider="offline", model=prices.model("offline"))
    holds.place(organization=cast.organization, amount=D(1), key="a")
    assert not cast.staff.notifications.exists()


def test_staff_hear_once_a_day_of_a_provider_that_counts_no_tokens(cast: Any, call: Any) -> None:
    call(10, outcome="ok", estimated=True)
    call(10, outcome="ok", estimated=True)
    call(10, outcome="ok")
    assert [told.title for told in cast.staff.notifications.all()] == ["openai counts no tokens"]
    counted = {labels["provider"]: n for name, labels, n in metrics.read() if name == "model_calls_estimated"}
    assert counted["openai"] >= 2
