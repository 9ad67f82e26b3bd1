"""A purchase on the real stack: checkout over HTTP, the provider's webhooks, the worker, the balance."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from billing.models import Checkout, ProviderEvent
from tests.billing import books
from tests.billing.shop import DODO_PRODUCTS
from tests.factories import make_cast
from tests.fakes import dodo
from tests.live import Live, wait

pytestmark = pytest.mark.slow


@pytest.fixture
def shop(committed):
    with dodo.Dodo() as fake:
        live = Live(
            "web",
            "worker-default",
            "beat",
            PAYMENT_PROVIDER="dodo",
            DODO_API_KEY=dodo.KEY,
            DODO_API_URL=fake.url,
            OUTBOUND_ALLOWED_HOSTS=fake.hostport,
            DODO_WEBHOOK_SECRET=dodo.SECRET,
            DODO_PRODUCT_IDS=json.dumps(DODO_PRODUCTS),
        )
        try:
            live.start()
            yield live
        finally:
            live.stop()


@pytest.mark.timeout(300)
def test_a_plan_is_bought_and_granted_by_the_worker_though_it_is_killed(shop):
    cast = make_cast()
    now = datetime.now(UTC)
    body = {"tier": "starter", "billing_period": "monthly"}
    reply = shop.call("POST", "billing/checkout", cast.owner, json=body).json()
    assert reply["checkout_url"].startswith("https://checkout.example/")
    session = Checkout.objects.get(organization=cast.organization).external_id

    def deliver(name, data, event_id):
        raw, headers = dodo.webhook(name, data, at=now, event_id=event_id)
        shop.call("POST", "webhooks/dodo", data=raw, headers={**headers, "Content-Type": "application/json"})

    paid = dodo.payment("pay_1", checkout_session_id=session, subscription_id="sub_1", charge_type="new")
    state = dodo.subscription("sub_1", next_billing_date=None)
    deliver("subscription.active", state, "evt_1")
    wait(lambda: ProviderEvent.objects.filter(event_id="evt_1", status="waiting").exists())
    shop.kill("worker-default")
    deliver("payment.succeeded", paid, "evt_2")
    shop.revive("worker-default")
    for _ in range(3):
        deliver("payment.succeeded", paid, "evt_2")
    balance = wait(
        lambda: (
            (found := shop.call("GET", "billing/balance", cast.owner).json())["subscription_tier"] == "starter"
            and found
        ),
        seconds=90,
    )
    assert balance["subscription_balance"] == "1000.0000"
    wait(lambda: not ProviderEvent.objects.exclude(status="applied").exists())
    assert books.check(cast.organization).last_number == 3  # first 50, their expiry, the plan's grant
