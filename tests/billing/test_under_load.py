"""Money under concurrency: shuffled events from many connections, and spenders, resets and top-ups side by side.

BILLING_LOAD_MONTHS lengthens the first test (70 months make 500 events), BILLING_LOAD_SECONDS the second one. 70 and 60 are
what the books were promised to bear.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction

from billing import corrections, cycles, holds, ledger, provider_events
from billing.errors import InsufficientXCT
from billing.models import Checkout, Entry, Hold, Plan, ProviderEvent
from billing.models.entry import Balance
from billing.months import months_after
from tests.billing import books
from tests.billing.shop import DODO_PRODUCTS, open_shop
from tests.factories import make_organization, make_user
from tests.fakes import dodo

pytestmark = pytest.mark.slow

D = Decimal
MONTHS = int(os.environ.get("BILLING_LOAD_MONTHS", "28"))
START = months_after(datetime(2026, 5, 1, tzinfo=UTC), -MONTHS)  # all of it is over, as in a history that is told again
SECONDS = float(os.environ.get("BILLING_LOAD_SECONDS", "4"))
MOST = MONTHS * 50 // 7  # events
ROOT = Path(__file__).resolve().parents[2]


def history(organization, run: str) -> list[tuple[str, dict, datetime, str]]:
    """The events of one customer's MONTHS, some seven a month: renewals, upgrades, failures, top-ups, refunds of them, and an
    end. Dodo charges by the calendar, and prorates what is left until it charges again."""
    common = {"organization": organization, "provider": "dodo", "live_mode": True, "created_at": START}
    first, sub, customer = f"cks_{run}", f"sub_{run}", {"customer_id": f"cus_{run}"}
    Checkout.objects.create(
        **common,
        kind="subscription",
        plan_id="starter",
        billing_period="monthly",
        external_id=first,
        price_id="pdt_starter_monthly",
    )
    events: list[tuple[str, dict, datetime]] = []

    def state(name, at, product, **more):
        data = dodo.subscription(sub, product_id=product, customer=customer, next_billing_date=None, **more)
        events.append((f"subscription.{name}", data, at))

    def paid(identity, at, **more):
        data = dodo.payment(f"{identity}_{run}", created_at=at.isoformat(), customer=customer, **more)
        events.append(("payment.succeeded", data, at))

    plans = ["starter", "professional", "business"]
    cents = [2900, 9900, 29900]
    rng = random.Random(7)
    current = 0
    paid("pay_0", START, checkout_session_id=first, subscription_id=sub, charge_type="new")
    state("active", START, "pdt_starter_monthly")
    for month in range(1, MONTHS):
        at, again = months_after(START, month), months_after(START, month + 1)
        product = f"pdt_{plans[current]}_monthly"
        cart = [{"product_id": product, "quantity": 1}]
        charged = {"product_cart": cart, "total_amount": cents[current]}
        paid(f"pay_{month}", at, subscription_id=sub, charge_type="renewal", **charged)
        state("renewed", at + timedelta(minutes=1), product, payment_id=f"pay_{month}_{run}")
        if rng.random() < 0.15 and current < 2:
            current += 1
            when = at + timedelta(days=9)
            state("plan_changed", when, f"pdt_{plans[current]}_monthly")
            dearer = cents[current] - cents[current - 1]
            prorated = int(dearer * ((again - when) / (again - at)))
            paid(f"pro_{month}", when, subscription_id=sub, charge_type="plan_change", total_amount=prorated)
        if rng.random() < 0.3:
            failed = dodo.payment(
                f"bad_{month}_{run}", subscription_id=sub, charge_type="renewal", status="failed", customer=customer
            )
            events.append(("payment.failed", failed, at - timedelta(hours=1)))
    for number in range(MONTHS * 12 // 7):
        session, at = f"cks_t{number}_{run}", START + timedelta(days=17 * number)
        Checkout.objects.create(
            **common,
            kind="topup",
            packs=1 + number % 3,
            xct_per_pack=500,
            quantity=1 + number % 3,
            external_id=session,
            price_id="pdt_topup",
        )
        cart = [{"product_id": "pdt_topup", "quantity": 1 + number % 3}]
        total = 1500 * (1 + number % 3)
        paid(f"top_{number}", at, checkout_session_id=session, product_cart=cart, total_amount=total)
        if number % 6 == 0:
            refund = {"refund_id": f"ref_{number}_{run}", "payment_id": f"top_{number}_{run}", "amount": total}
            events.append(("refund.succeeded", refund, at + timedelta(days=2)))
    ends = months_after(START, MONTHS)
    product = f"pdt_{plans[current]}_monthly"
    state("cancelled", ends, product, status="cancelled", cancelled_at=ends.isoformat())
    while len(events) < MOST:
        number = len(events)
        events.append(("customer.updated", {"id": f"x{number}"}, START + timedelta(days=number)))
    events.sort(key=lambda event: event[2])
    return [(kind, data, at, f"evt_{number}_{run}") for number, (kind, data, at) in enumerate(events[:MOST])]


@pytest.fixture
def many_connections(committed):
    """Room for more spenders at once than a process has connections for otherwise."""
    options = connection.settings_dict["OPTIONS"]["pool"]
    before = dict(options)
    connection.close()
    connection.close_pool()
    options.update(max_size=64, timeout=60)
    yield
    connection.close()
    connection.close_pool()
    options.clear()
    options.update(before)


def ledger_of(organization):
    """What the ledger says, whatever the order it was written in: how much of each kind on each balance."""
    sums: Counter = Counter()
    for entry in Entry.objects.filter(organization=organization):
        sums[entry.transaction_type, entry.balance_type] += entry.amount
    wallet = books.check(organization)
    return dict(sums), (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance, wallet.overage_owed)


def receive(kind, data, at, event_id):
    body, headers = dodo.webhook(kind, data, at=at, event_id=event_id)
    return provider_events.receive("dodo", body, headers)


def drain(run):
    """What the sweep and a worker do until nothing of this run can be applied any more."""
    while True:
        before = ProviderEvent.objects.filter(event_id__endswith=run, status__in=("applied", "ignored")).count()
        left = ProviderEvent.objects.filter(event_id__endswith=run).exclude(status__in=("applied", "ignored"))
        for pk in left.order_by("occurred_at").values_list("pk", flat=True):
            provider_events.apply(pk)
        if before == ProviderEvent.objects.filter(event_id__endswith=run, status__in=("applied", "ignored")).count():
            return left.count()


WORKER = """
import time
from urllib.parse import urlsplit
import django
django.setup()
from django.conf import settings
from billing import provider_events
from billing.models import ProviderEvent
settings.DODO_PRODUCT_IDS = {products!r}
settings.DODO_API_URL = {url!r}
settings.OUTBOUND_ALLOWED_HOSTS = [urlsplit(settings.DODO_API_URL).netloc]
print("ready", flush=True)
while True:
    rows = ProviderEvent.objects.filter(event_id__endswith={run!r}).exclude(status__in=("applied", "ignored"))
    for pk in rows.order_by("?").values_list("pk", flat=True)[:20]:
        provider_events.apply(pk)
    time.sleep(0.05)
"""


def start_worker(run, url):
    """A worker process of its own, that applies events of this run until it is killed."""
    database = django_settings.DATABASES["default"]
    script = WORKER.format(run=run, url=url, products=DODO_PRODUCTS)
    setup = (
        "import scribe.settings as s; d = s.DATABASES['default']; "
        f"d.update(NAME={database['NAME']!r}, HOST={database['HOST']!r}, PORT={database['PORT']!r}, "
        f"USER={database['USER']!r}, PASSWORD={database['PASSWORD']!r})\n"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "scribe.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", setup + script],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.timeout(300)
def test_events_shuffled_thrice_each_with_workers_killed_give_the_same_ledger(committed):
    with open_shop() as shop:
        in_order, shuffled = make_organization(), make_organization()
        one = f"a{uuid4().hex[:8]}"
        for event in history(in_order, one):
            provider_events.apply(receive(*event).pk)
        assert drain(one) == 0
        expected = ledger_of(in_order)

        two = f"b{uuid4().hex[:8]}"
        deliveries = history(shuffled, two) * 3
        random.Random(11).shuffle(deliveries)

        def deliver(event):
            try:
                stored = receive(*event)
                if random.random() < 0.5:
                    provider_events.apply(stored.pk)
            finally:
                connection.close()

        workers = [start_worker(two, shop.dodo.url) for _ in range(2)]
        killed = 0
        try:
            with ThreadPoolExecutor(8) as pool:
                pending = [pool.submit(deliver, event) for event in deliveries]
                while not all(future.done() for future in pending):
                    time.sleep(random.uniform(0.3, 0.8))
                    if killed < 4:
                        victim = workers.pop(0)
                        victim.send_signal(signal.SIGKILL)
                        victim.wait()
                        killed += 1
                        workers.append(start_worker(two, shop.dodo.url))
                for future in pending:
                    future.result()
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
        assert killed > 0
        assert drain(two) == 0
        assert ProviderEvent.objects.filter(event_id__endswith=two).count() == MOST
        assert ledger_of(shuffled) == expected
        assert expected[1][:2] == ("free", 50)


@pytest.mark.thorough
@pytest.mark.timeout(max(120, int(SECONDS) + 60))
def test_50_spenders_resets_and_topups_on_one_organization_leave_exact_books(many_connections):
    organization = make_organization()
    staff = make_user(make_organization("Platform"), is_super_admin=True)
    plan = Plan.objects.get(pk="starter")
    ends = time.monotonic() + SECONDS
    lowest: list[Decimal] = []
    done: Counter = Counter()

    def spend(number):
        rng = random.Random(number)
        while time.monotonic() < ends:
            amount = D(rng.randint(1, 400_000)) / 10_000
            try:
                hold = holds.place(organization=organization, amount=amount, key=f"hold:{uuid4()}")
            except InsufficientXCT as refused:
                done["refused"] += 1
                lowest.append(refused.available)
                time.sleep(0.02)
                continue
            parts = rng.randint(1, 4)
            share = (amount / parts).quantize(D("0.0001"), "ROUND_DOWN")
            for part in range(parts):
                used = (share * rng.randint(0, 100) / 100).quantize(D("0.0001"), "ROUND_DOWN")
                with transaction.atomic():
                    holds.capture(hold=hold, amount=used, key=f"{hold.pk}:{part}", release=share)
            holds.close(hold=hold)
            done["spent"] += 1

    def reset(number):
        while time.monotonic() < ends:
            cycles.start(
                organization=organization, key=f"cycle:{uuid4()}", source="staff", plan=plan, at=datetime.now(UTC)
            )
            done["resets"] += 1
            time.sleep(0.1)

    def topup(number):
        while time.monotonic() < ends:
            corrections.topup(organization=organization, amount=D("37.5"), by=staff)
            done["topups"] += 1
            time.sleep(0.15)

    def watch(number):
        while time.monotonic() < ends:
            with transaction.atomic():
                wallet = ledger.lock(organization)
                lowest.extend((wallet.subscription_balance, wallet.topup_balance, wallet.available))
            time.sleep(0.05)

    def closing(work, number):
        try:
            work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(54) as pool:
        jobs = [pool.submit(closing, spend, n) for n in range(50)]
        jobs += [pool.submit(closing, work, 0) for work in (reset, topup, watch)]
        for job in jobs:
            job.result()
    wallet = books.check(organization)
    assert (wallet.held, wallet.expiring, wallet.overage_owed) == (0, 0, 0)
    assert not Hold.objects.open().filter(organization=organization).exists()
    assert not Entry.objects.filter(organization=organization, balance_type=Balance.OVERAGE).exists()
    assert min(lowest) >= 0
    assert done["spent"] > 20
    assert done["resets"] >= 1
    assert done["topups"] >= 1
    print(dict(done))
