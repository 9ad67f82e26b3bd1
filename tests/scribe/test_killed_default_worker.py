"""`kill -9` of the worker for mail and payments in the middle of its work: nothing is lost, nothing happens twice."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts import mail
from accounts.models import MailMessage
from billing.models import Entry, ProviderEvent, Wallet
from tests import factories
from tests.billing.shop import DODO_PRODUCTS
from tests.fakes import dodo
from tests.fakes.smtp import MailServer
from tests.live import Live, logs_of, wait

pytestmark = [pytest.mark.timeout(900)]
MAILS, BUYERS = 80, 8


@pytest.fixture(scope="module")
def post() -> Iterator[MailServer]:
    with MailServer(0.1) as server:
        yield server


@pytest.fixture(scope="module")
def payments() -> Iterator[dodo.Dodo]:
    with dodo.Dodo() as fake:
        yield fake


@pytest.fixture(scope="module")
def live_stack(post: MailServer, payments: dodo.Dodo, django_db_setup: Any, django_db_blocker: Any) -> Iterator[Live]:
    with django_db_blocker.unblock():
        live = Live(
            "web",
            "worker-default",
            "beat",
            EMAIL_URL=f"smtp+plain://127.0.0.1:{post.port}",
            OUTBOUND_ALLOWED_HOSTS=payments.hostport,
            PAYMENT_PROVIDER="dodo",
            DODO_API_KEY=dodo.KEY,
            DODO_API_URL=payments.url,
            DODO_WEBHOOK_SECRET=dodo.SECRET,
            DODO_PRODUCT_IDS=json.dumps(DODO_PRODUCTS),
        )
        live.start()
        connection.close()
    yield live
    live.stop()


def bought(live: Live) -> tuple[Any, list[tuple[str, dict[str, Any], str]]]:
    """An organization that buys a plan, and the events by which the provider says so, each three times."""
    owner, number = factories.make_user(), secrets.token_hex(6)
    body = {"tier": "starter", "billing_period": "monthly"}
    url = str(live.call("POST", "billing/checkout", owner, json=body).json()["checkout_url"])
    customer = {"customer_id": f"cus_{number}", "email": "buyer@example.com", "name": "Zoë"}
    paid = dodo.payment(
        f"pay_{number}",
        checkout_session_id=url.rstrip("/").rsplit("/", 1)[-1],
        subscription_id=f"sub_{number}",
        charge_type="new",
        customer=customer,
    )
    state = dodo.subscription(f"sub_{number}", next_billing_date=None, customer=customer)
    return owner, [
        ("payment.succeeded", paid, f"evt_p{number}"),
        ("subscription.active", state, f"evt_s{number}"),
    ] * 3


def test_mail_and_payments_outlive_their_worker(live: Live, post: MailServer) -> None:
    purchases = [bought(live) for _ in range(BUYERS)]
    user = factories.make_user()
    for number in range(MAILS):
        mail.send(
            template="code", to=[f"reader{number}@example.com"], context={"code": "123456", "minutes": 10}, user=user
        )
    killed, last = 0, timezone.now()
    for at, (_, events) in enumerate(purchases):
        for name, data, event_id in events:
            raw, headers = dodo.webhook(name, data, at=datetime.now(UTC), event_id=event_id)
            headers = {**headers, "Content-Type": "application/json"}
            live.call("POST", "webhooks/dodo", data=raw, headers=headers)
        if at % 3 == 1:
            live.kill("worker-default")
            last = timezone.now()
            killed += MailMessage.objects.filter(status="queued").exists()
            live.revive("worker-default")

    # The leases of mails that died with their worker, and the wait before an event is sent again, are over at once.
    past = timezone.now() - timedelta(minutes=5)
    leased = MailMessage.objects.filter(status="queued", next_attempt_at__gt=timezone.now())
    leased.filter(next_attempt_at__lt=last + mail.LEASE).update(next_attempt_at=past)

    def over() -> bool:
        ProviderEvent.objects.exclude(status="applied").update(tried_at=past)
        mails, events = MailMessage.objects.exclude(status="sent"), ProviderEvent.objects.exclude(status="applied")
        return not mails.exists() and not events.exists()

    try:
        wait(over, seconds=500, every=3)
    except AssertionError:
        print(list(MailMessage.objects.exclude(status="sent").values_list("status", "next_attempt_at", "error")))
        print(list(ProviderEvent.objects.exclude(status="applied").values_list("event_type", "status", "outcome")))
        print(logs_of(live))
        raise
    assert killed >= 2, "the worker died when its mail was sent already"
    ours = {f"<{pk}@" for pk in MailMessage.objects.filter(template="code").values_list("pk", flat=True)}
    assert {number.partition("@")[0] + "@" for number in post.received} >= ours
    # A mail whose server had taken it when the worker died goes out again, under the same Message-ID: one in each hand.
    assert sum(post.received.values()) - len(post.received) <= 3 * 2
    for owner, _ in purchases:
        assert ProviderEvent.objects.filter(organization_id=owner.organization_id).count() == 2
        wallet = Wallet.objects.get(organization=owner.organization)
        assert wallet.plan_id == "starter"
        grants = Entry.objects.filter(wallet=wallet, transaction_type="grant", amount=1000)
        assert grants.count() == 1
        assert wallet.total_balance == sum(entry.amount for entry in Entry.objects.filter(wallet=wallet))
