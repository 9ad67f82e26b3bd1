"""Signed events that say what no provider should: ids that nobody can keep, impossible times, numbers that are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from billing import provider_events
from billing.models import Checkout, Payment, ProviderEvent, Refund, Subscription
from integrations.payments.values import LONGEST_ID, minor, written_minor
from scribe.written import moment, whole
from tests.billing import books
from tests.billing.shop import open_shop
from tests.fakes import dodo, paddle

pytestmark = pytest.mark.usefixtures("november")
START = datetime(2026, 11, 1, tzinfo=UTC)
LONG = "x" * (LONGEST_ID + 1)


@pytest.fixture
def shop(db):
    with open_shop() as shop:
        yield shop


@pytest.fixture
def session(api, cast, shop):
    api.as_(cast.owner).post("billing/checkout", {"tier": "starter", "billing_period": "monthly"})
    return Checkout.objects.get().external_id


def first(session, payment_id="pay_1", subscription_id="sub_1", **fields):
    return dodo.payment(
        payment_id,
        **{
            "checkout_session_id": session,
            "subscription_id": subscription_id,
            "charge_type": "new",
            "created_at": START.isoformat(),
            **fields,
        },
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"payment_id": LONG},
        {"payment_id": "x" * 200},
        {"payment_id": ""},
        {"payment_id": None},
        {"payment_id": "pay ü"},
        {"subscription_id": LONG},
        {"checkout_session_id": LONG},
        {"customer": {"customer_id": "x" * 200}},
        {"invoice_id": "x" * 61},
        {"currency": "EUROS"},
        {"total_amount": 10**30},
    ],
    ids=lambda odd: next(iter(odd)),
)
def test_a_payment_that_no_row_can_keep_is_parked_at_once(cast, shop, session, odd):
    """It failed twenty times, an hour long, and then lay there as a failure of ours."""
    event = shop.deliver("dodo", "payment.succeeded", first(session, **odd), at=START)
    assert (event.status, event.attempts) == ("for_staff", 1)
    assert event.outcome
    assert provider_events.sweep() == 0
    assert not Payment.objects.exists()
    assert not Subscription.objects.exists()
    assert books.check(cast.organization).plan_id == "free"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("refund.succeeded", {"refund_id": LONG, "payment_id": "pay_1"}),
        ("refund.succeeded", {"refund_id": "", "payment_id": "pay_1"}),
        ("refund.succeeded", {"refund_id": "ref_1", "payment_id": LONG}),
        ("dispute.lost", {"dispute_id": LONG, "payment_id": "pay_1"}),
        ("payment.failed", dodo.payment(LONG, subscription_id="sub_1")),
        ("subscription.active", dodo.subscription(LONG)),
        ("subscription.renewed", dodo.subscription("sub_1", payment_id=LONG)),
        ("subscription.active", dodo.subscription("sub_1", customer={"customer_id": LONG})),
        ("subscription.active", dodo.subscription("sub_1", product_id=LONG)),
    ],
)
def test_so_is_what_speaks_of_a_payment_that_is_known(cast, shop, session, name, data):
    shop.deliver("dodo", "payment.succeeded", first(session), at=START)
    event = shop.deliver("dodo", name, data, at=START + timedelta(days=1))
    assert event.status == "for_staff", event.outcome
    assert not Refund.objects.exists()
    assert books.check(cast.organization).plan_id == "starter"


def test_the_longest_ids_are_kept_by_every_row_and_key(cast, shop, session):
    """Keys of cycles, periods and entries contain them."""
    longest = {"payment_id": "p" * LONGEST_ID, "subscription_id": "s" * LONGEST_ID}
    customer = {"customer_id": "c" * LONGEST_ID}
    day = timedelta(days=1)
    told = [
        ("payment.succeeded", first(session, **longest, customer=customer), START),
        ("subscription.active", dodo.subscription("s" * LONGEST_ID, customer=customer), START),
        (
            "subscription.renewed",
            dodo.subscription("s" * LONGEST_ID, customer=customer, payment_id="r" * LONGEST_ID),
            START + 30 * day,
        ),
        (
            "refund.succeeded",
            {"refund_id": "f" * LONGEST_ID, "payment_id": "r" * LONGEST_ID, "amount": 100},
            START + 31 * day,
        ),
        ("dispute.lost", {"dispute_id": "d" * LONGEST_ID, "payment_id": "r" * LONGEST_ID}, START + 32 * day),
        (
            "subscription.cancelled",
            dodo.subscription("s" * LONGEST_ID, customer=customer, status="cancelled"),
            START + 33 * day,
        ),
    ]
    charged = {"subscription_id": "s" * LONGEST_ID, "charge_type": "renewal", "customer": customer}
    shop.dodo.paid["r" * LONGEST_ID] = dodo.payment("r" * LONGEST_ID, **charged)
    for name, data, at in told:
        event = shop.deliver("dodo", name, data, at=at)
        assert event.status == "applied", (name, event.outcome)
    books.check(cast.organization)


@pytest.mark.parametrize(
    "text",
    [
        '"total_amount": Infinity',
        '"total_amount": NaN',
        '"total_amount": 1e999',
        r'"payment_id": "\ud800"',
        r'"payment_id": "\u0000"',
        '"created_at": "2026-02-30T00:00:00Z", "total_amount": -Infinity',
    ],
)
def test_json_that_the_database_cannot_keep_is_400(shop, text):
    """It was an internal error, so the provider sent it again for days."""
    named = f'"event_id": "e", "event_type": "transaction.completed", "occurred_at": "{START.isoformat()}"'
    raw = f'{{{named}, "data": {{{text}}}}}'
    reply = Client(raise_request_exception=False).post(
        "/api/v1/webhooks/paddle",
        data=raw.encode(),
        content_type="application/json",
        headers={"Paddle-Signature": paddle.signature(raw.encode())},
    )
    assert reply.status_code == 400, reply.content
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("when", ["2026-02-30T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "now", 5])
def test_an_impossible_time_is_no_time(cast, shop, session, when):
    """The year 9999 ended in an error when a month was added; what a payment cannot say, its event says."""
    data = first(session, created_at=when)
    assert shop.deliver("dodo", "payment.succeeded", data, at=START).status == "applied"
    assert Payment.objects.get().paid_at == START
    state = dodo.subscription("sub_1", next_billing_date=when, cancelled_at=when, expires_at=when)
    assert shop.deliver("dodo", "subscription.active", state, at=START).status == "applied"
    books.check(cast.organization)


def test_one_odd_answer_does_not_keep_others_from_being_asked_about(cast, shop):
    now = START + timedelta(days=40)
    for number, owner in enumerate((cast.organization, cast.stranger.organization)):
        Subscription.objects.create(
            organization=owner,
            provider="dodo",
            external_id=f"sub_{number}" if number else "x" * 120,
            plan_id="business",
            status="active",
            last_event_at=START,
            period_ends_at=START + timedelta(days=30),
        )
    provider_events.ask_about_silent(now=now)
    shop.work()
    assert Subscription.objects.get(external_id="sub_1").last_event_at == now
    assert ProviderEvent.objects.get(event_id__contains="xxx").status == "for_staff"


def test_numbers_and_times_are_read_or_are_none():
    assert [whole(text) for text in ("12", "0", "", "-1", "1.5", "²", "٣", "9" * 19, "9" * 5000)] == [12, 0] + [
        None
    ] * 7
    assert [minor(value) for value in (1500, 0, -5, 1500.0, "1500", True, None)] == [1500, 0] + [None] * 5
    assert [written_minor(value) for value in ("10", "", "10.00", 10, "-1", "1e3", None)] == [10] + [None] * 6
    assert moment("1969-12-31T23:59:59Z") is moment("3000-01-01T00:00:00Z") is moment("2026-13-01T00:00:00Z") is None
    assert moment("2026-11-01T00:00:00.1234567Z") == START.replace(microsecond=123456)
