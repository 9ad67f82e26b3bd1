"""What webhooks do: first payments, renewals, upgrades, refunds, ends; once, in any order, and only as ordered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing import dunning, provider_events
from billing.models import Checkout, Entry, Payment, ProviderEvent, Subscription, Wallet
from billing.months import months_after
from integrations.payments.types import Started
from scribe.models import AuditEntry
from tests.billing import books
from tests.billing.sellers import PROVIDERS
from tests.billing.shop import open_shop
from tests.fakes import dodo, paddle

pytestmark = pytest.mark.usefixtures("november")
D = Decimal
START = datetime(2026, 11, 1, tzinfo=UTC)
MONTH = timedelta(days=30)


@pytest.fixture
def shop(db):
    with open_shop() as shop:
        yield shop


def order(api, cast, *, provider="dodo", settings=None, tier="starter", period="monthly", packs=0):
    """Go to a checkout; the provider's id of it."""
    if settings is not None:
        settings.PAYMENT_PROVIDER = provider
    owner = api.as_(cast.owner)
    if packs:
        owner.post("billing/topup-checkout", {"packs": packs})
    else:
        owner.post("billing/checkout", {"tier": tier, "billing_period": period})
    return Checkout.objects.filter(organization=cast.organization).latest("created_at").external_id


def dodo_first(shop, session, *, at=START, **fields):
    data = dodo.payment(
        "pay_1",
        checkout_session_id=session,
        subscription_id="sub_1",
        charge_type="new",
        created_at=at.isoformat(),
        **{"total_amount": Checkout.objects.get(external_id=session).expected_minor, **fields},
    )
    return shop.deliver("dodo", "payment.succeeded", data, at=at)


def dodo_state(shop, name="subscription.active", *, at=START, **fields):
    ends = (at + MONTH).isoformat()
    data = dodo.subscription("sub_1", previous_billing_date=at.isoformat(), **{"next_billing_date": ends, **fields})
    return shop.deliver("dodo", name, data, at=at)


def dodo_renewal(shop, number, *, at, **fields):
    data = dodo.payment(
        f"pay_{number}", subscription_id="sub_1", charge_type="renewal", created_at=at.isoformat(), **fields
    )
    return shop.deliver("dodo", "payment.succeeded", data, at=at)


def dodo_proration(shop, euros, *, at, number="up"):
    data = dodo.payment(
        f"pay_{number}",
        subscription_id="sub_1",
        charge_type="plan_change",
        total_amount=euros * 100,
        created_at=at.isoformat(),
    )
    return shop.deliver("dodo", "payment.succeeded", data, at=at)


def test_a_first_payment_by_dodo_starts_the_plan(api, cast, shop):
    session = order(api, cast)
    early = dodo_state(shop)  # it names no checkout: nobody knows yet whose it is
    assert early.status == "waiting"
    assert dodo_first(shop, session).status == "applied"
    early.refresh_from_db()
    assert early.status == "applied"
    wallet = books.check(cast.organization)
    assert (wallet.plan_id, wallet.subscription_balance, wallet.next_cycle_at) == ("starter", 1000, None)
    shown = api.as_(cast.owner).get("billing/subscription")
    assert (shown["payment_subscription_status"], shown["payment_method"]) == ("active", "dodo")
    assert (shown["payment_customer_id"], shown["billing_period"]) == ("cus_1", "monthly")
    history = api.as_(cast.owner).get("billing/payment-history")
    assert [(p["payment_id"], p["amount"], p["kind"], p["xct_amount"]) for p in history] == [
        ("pay_1", "29.00", "first", "1000.0000")
    ]


def test_a_first_payment_by_paddle_starts_the_plan(api, cast, shop, settings):
    txn = order(api, cast, provider="paddle", settings=settings, tier="professional")
    state = paddle.subscription("sub_9", price="pri_professional_monthly", transaction_id=txn)
    assert shop.deliver("paddle", "subscription.created", state, at=START).status == "applied"
    paid = paddle.transaction(
        txn, price="pri_professional_monthly", amount=9900, subscription_id="sub_9", billed_at=START.isoformat()
    )
    for _ in range(2):
        assert shop.deliver("paddle", "transaction.completed", paid, at=START).status == "applied"
    wallet = books.check(cast.organization)
    assert (wallet.plan_id, wallet.subscription_balance) == ("professional", 5000)
    cast.organization.refresh_from_db()
    assert cast.organization.byok_enabled


def test_a_topup_grants_its_packs_once_per_payment(api, cast, shop):
    session = order(api, cast, packs=2)
    cart = [{"product_id": "pdt_topup", "quantity": 2}]
    data = dodo.payment("pay_7", checkout_session_id=session, product_cart=cart, total_amount=3000)
    for _ in range(3):  # three events about one payment
        assert shop.deliver("dodo", "payment.succeeded", data, at=START).status == "applied"
    assert books.check(cast.organization).topup_balance == 1000
    assert Entry.objects.filter(organization=cast.organization, transaction_type="topup").count() == 1


def test_an_event_locks_all_that_it_names_and_reads_the_cycles_once(api, cast, shop):
    dodo_first(shop, order(api, cast))
    with CaptureQueriesContext(connection) as asked:
        dodo_state(shop)
    statements = [query["sql"] for query in asked]
    assert len([one for one in statements if one.startswith("SELECT pg_advisory_xact_lock(")]) == 1
    assert len([one for one in statements if one.startswith("SELECT") and ' FROM "billing_cycle"' in one]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"product_cart": [{"product_id": "pdt_other", "quantity": 2}]},
        {"product_cart": [{"product_id": "pdt_topup", "quantity": 1}]},
        {"currency": "USD"},
        {"livemode": False},
    ],
    ids=["product", "quantity", "currency", "mode"],
)
def test_what_disagrees_with_the_order_waits_for_staff(api, cast, shop, wrong):
    session = order(api, cast, packs=2)
    cart = [{"product_id": "pdt_topup", "quantity": 2}]
    data = dodo.payment("pay_7", checkout_session_id=session, product_cart=cart) | wrong
    event = shop.deliver("dodo", "payment.succeeded", data, at=START)
    assert (event.status, bool(event.outcome)) == ("for_staff", True)
    assert books.check(cast.organization).topup_balance == 0
    assert provider_events.replay(event=event, by=cast.staff).status == "for_staff"
    assert AuditEntry.objects.filter(action="provider_event.replayed").count() == 1


def test_what_a_process_of_the_version_before_held_is_parked_too(api, cast, shop):
    """While a new version is rolled out, the old one writes a status that the new one does not look for."""
    data = dodo.payment("pay_7", checkout_session_id=order(api, cast)) | {"currency": "USD"}
    event = shop.deliver("dodo", "payment.succeeded", data, at=START)
    past = event.tried_at - timedelta(minutes=5)
    ProviderEvent.objects.filter(pk=event.pk).update(status="held", tried_at=past)
    assert provider_events.sweep() == 1
    assert provider_events.apply(event.pk).status == "for_staff"


@pytest.mark.parametrize("what", ["payment", "subscription"])
def test_another_organizations_customer_holds_the_event(api, cast, shop, what):
    from billing.models import PaymentCustomer

    session = order(api, cast)
    if what == "subscription":
        dodo_first(shop, session)
    rows = PaymentCustomer.objects.filter(provider="dodo", external_id="cus_1")
    if not rows.update(organization=cast.stranger.organization):
        rows.create(provider="dodo", external_id="cus_1", organization=cast.stranger.organization)
    event = dodo_first(shop, session) if what == "payment" else dodo_state(shop, at=START + timedelta(days=1))
    assert event.status == "for_staff"
    assert "another organization" in event.outcome
    assert PaymentCustomer.objects.get().organization_id == cast.stranger.organization_id
    assert api.as_(cast.owner).get("billing/portal")["portal_url"] is None


def test_metadata_of_another_checkout_grants_nothing(api, cast, shop):
    order(api, cast, packs=2)
    checkout = Checkout.objects.get(organization=cast.organization)
    data = dodo.payment("pay_7", checkout_session_id="cks_unknown", metadata={"checkout": str(checkout.pk)})
    assert shop.deliver("dodo", "payment.succeeded", data, at=START).status == "waiting"
    assert books.check(cast.organization).topup_balance == 0


def test_each_renewal_starts_a_cycle_and_expires_the_rest(api, cast, shop):
    begins = months_after(datetime.now(UTC), -2)
    ordered = order(api, cast)
    Checkout.objects.update(created_at=begins)
    dodo_first(shop, ordered, at=begins)
    dodo_state(shop, at=begins)
    for number in (2, 3):
        at = months_after(begins, number - 1)
        assert dodo_renewal(shop, number, at=at).status == "applied"
        # the subscription tells of the same payment; that grants nothing more
        dodo_state(shop, "subscription.renewed", at=at, payment_id=f"pay_{number}")
    wallet = books.check(cast.organization)
    assert wallet.subscription_balance == 1000
    kinds = list(Entry.objects.filter(organization=cast.organization).values_list("transaction_type", flat=True))
    assert (kinds.count("grant"), kinds.count("expiry")) == (4, 3)


def test_a_renewal_told_by_the_subscription_alone_grants_once(api, cast, shop):
    dodo_first(shop, order(api, cast))
    at = START + MONTH
    dodo_state(shop, "subscription.renewed", at=at, payment_id="pay_2")
    dodo_renewal(shop, 2, at=at)
    assert Payment.objects.get(external_id="pay_2").amount_minor == 2900
    kinds = list(Entry.objects.filter(organization=cast.organization).values_list("transaction_type", flat=True))
    assert kinds.count("grant") == 3


def test_a_late_older_payment_ends_where_it_would_have_in_time(api, cast, shop):
    dodo_first(shop, order(api, cast))
    dodo_renewal(shop, 3, at=months_after(START, 2))
    late = dodo_renewal(shop, 2, at=months_after(START, 1))
    assert "over" in late.outcome
    wallet = books.check(cast.organization)
    assert (wallet.subscription_balance, wallet.cycle_key) == (1000, "payment:dodo:pay_3")


def test_an_upgrade_grants_the_difference_once_and_its_proration_payment_nothing(api, cast, shop):
    dodo_first(shop, order(api, cast))
    at = START + timedelta(days=10)
    assert dodo_proration(shop, 47, at=at).status == "waiting"  # for what it pays
    assert books.check(cast.organization).subscription_balance == 1000
    for name in ("subscription.plan_changed", "subscription.updated"):
        dodo_state(shop, name, at=at, product_id="pdt_professional_monthly")
    wallet = books.check(cast.organization)
    share = D(1000) + (D(4000) * 20 / 30).quantize(D("0.0001"), ROUND_DOWN)  # 20 of the cycle's 30 days are left
    assert (wallet.plan_id, wallet.subscription_balance, wallet.allotment) == ("professional", share, 5000)
    # down and up again within the cycle grants nothing more
    dodo_state(shop, "subscription.plan_changed", at=at + timedelta(days=1), product_id="pdt_starter_monthly")
    dodo_state(shop, "subscription.plan_changed", at=at + timedelta(days=2), product_id="pdt_professional_monthly")
    assert books.check(cast.organization).subscription_balance == share


def test_an_upgrade_on_the_last_day_grants_a_days_share(api, cast, shop):
    dodo_first(shop, order(api, cast))
    at = START + timedelta(days=29)
    dodo_proration(shop, 9, at=at)
    dodo_state(shop, "subscription.plan_changed", at=at, product_id="pdt_business_monthly")
    wallet = books.check(cast.organization)
    assert wallet.plan_id == "business"
    assert wallet.subscription_balance == 1000 + (D(19000) / 30).quantize(D("0.0001"), ROUND_DOWN)


@pytest.mark.parametrize("told_first", ["earlier", "later"])
def test_two_upgrades_grant_the_same_whichever_is_told_first(api, cast, shop, told_first):
    dodo_first(shop, order(api, cast))
    told = [(10, "pdt_professional_monthly", 47), (20, "pdt_business_monthly", 67)]
    for days, product, euros in told if told_first == "earlier" else reversed(told):
        at = START + timedelta(days=days)
        dodo_state(shop, "subscription.plan_changed", at=at, product_id=product)
        dodo_proration(shop, euros, at=at, number=f"up_{days}")
    expected = 1000 + (D(4000) * 20 / 30).quantize(D("0.0001"), ROUND_DOWN) + D(15000) * 10 / 30
    assert books.check(cast.organization).subscription_balance == expected


def test_a_paddle_card_change_and_an_unknown_type_grant_nothing(api, cast, shop, settings):
    txn = order(api, cast, provider="paddle", settings=settings)
    card = paddle.transaction(txn, origin="subscription_payment_method_change")
    assert shop.deliver("paddle", "transaction.completed", card, at=START).status == "ignored"
    assert shop.deliver("paddle", "address.created", {"id": "add_1"}, at=START).status == "ignored"
    assert books.check(cast.organization).total_balance == 50


@pytest.mark.parametrize("told_first", ["payment", "subscription"])
def test_a_scheduled_downgrade_comes_with_the_renewal(api, cast, shop, told_first):
    session = order(api, cast, tier="professional")
    dodo_first(shop, session)
    dodo_state(shop, product_id="pdt_professional_monthly")
    reply = api.as_(cast.owner).post("billing/checkout", {"tier": "starter", "billing_period": "monthly"})
    assert reply["scheduled"] is True
    assert books.check(cast.organization).subscription_balance == 5000
    at = START + MONTH
    renewals = [
        lambda: dodo_renewal(shop, 2, at=at),
        lambda: dodo_state(shop, "subscription.renewed", at=at, payment_id="pay_2"),
    ]
    for tell in renewals if told_first == "payment" else reversed(renewals):
        tell()
    wallet = books.check(cast.organization)
    assert (wallet.plan_id, wallet.subscription_balance, wallet.allotment) == ("starter", 1000, 1000)
    assert api.as_(cast.owner).get("billing/subscription")["pending_subscription_tier"] is None


def test_older_news_of_a_subscription_changes_nothing(api, cast, shop):
    dodo_first(shop, order(api, cast))
    dodo_state(shop, at=START + timedelta(days=2), product_id="pdt_business_monthly")
    dodo_proration(shop, 252, at=START + timedelta(days=2))
    stale = dodo_state(shop, at=START + timedelta(days=1), status="on_hold")
    assert stale.outcome.startswith("Older")
    assert Subscription.objects.get(external_id="sub_1").status == "active"
    assert books.check(cast.organization).plan_id == "business"


def test_a_price_of_no_plan_is_for_staff(api, cast, shop):
    dodo_first(shop, order(api, cast))
    assert dodo_state(shop, at=START + MONTH, product_id="pdt_unknown").status == "for_staff"


def test_the_end_puts_back_to_free_and_keeps_topups(api, cast, shop):
    dodo_first(shop, order(api, cast))
    dodo_state(shop)
    session = order(api, cast, packs=1)
    shop.deliver("dodo", "payment.succeeded", dodo.payment("pay_t", checkout_session_id=session), at=START)
    scheduled = dodo_state(shop, "subscription.updated", at=START + timedelta(days=3), cancel_at_next_billing_date=True)
    assert scheduled.status == "applied"
    assert books.check(cast.organization).plan_id == "starter"
    over = START + MONTH
    for name in ("subscription.cancelled", "subscription.updated"):
        dodo_state(shop, name, at=over, status="cancelled", cancelled_at=over.isoformat())
    wallet = books.check(cast.organization)
    assert (wallet.plan_id, wallet.subscription_balance, wallet.topup_balance) == ("free", 50, 500)
    assert wallet.next_cycle_at is not None


def test_a_subscription_whose_first_payment_failed_gives_no_fresh_free_month(api, cast, shop):
    order(api, cast, packs=1)
    wallet = Wallet.objects.get(organization=cast.organization)
    session = order(api, cast)
    failed = dodo.payment(
        "pay_1", checkout_session_id=session, subscription_id="sub_1", charge_type="new", status="failed"
    )
    assert shop.deliver("dodo", "payment.failed", failed, at=START).status == "applied"
    dodo_state(shop, "subscription.failed", status="failed")
    assert books.check(cast.organization).last_number == wallet.last_number


def test_a_full_refund_takes_back_what_is_left_and_makes_a_debt_of_the_rest(api, cast, shop):
    from billing import holds
    from billing.errors import InsufficientXCT

    session = order(api, cast, packs=1)
    data = dodo.payment("pay_7", checkout_session_id=session, total_amount=1500)
    shop.deliver("dodo", "payment.succeeded", data, at=START)
    hold = holds.place(organization=cast.organization, amount=D(200), key="work")
    holds.capture(hold=hold, amount=D(200), key="item")
    refund = {"refund_id": "ref_1", "payment_id": "pay_7", "amount": 1500, "currency": "EUR", "status": "succeeded"}
    for _ in range(2):
        shop.deliver("dodo", "refund.succeeded", refund, at=START)
    wallet = books.check(cast.organization)
    assert (wallet.subscription_balance, wallet.topup_balance) == (0, -150)
    with pytest.raises(InsufficientXCT):
        holds.place(organization=cast.organization, amount=D("0.0001"), key="more")


def test_partial_refunds_take_their_share_and_never_more_than_was_given(api, cast, shop):
    session = order(api, cast, packs=1)
    data = dodo.payment("pay_7", checkout_session_id=session, total_amount=1500)
    shop.deliver("dodo", "payment.succeeded", data, at=START)
    for number, amount in enumerate((300, 900, 600), 1):
        refund = {"refund_id": f"ref_{number}", "payment_id": "pay_7", "amount": amount}
        shop.deliver("dodo", "refund.succeeded", refund, at=START)
    assert books.check(cast.organization).topup_balance == 0


def test_a_refund_that_comes_before_its_payment_waits_for_it(api, cast, shop):
    session = order(api, cast, packs=1)
    refund = {"refund_id": "ref_1", "payment_id": "pay_7", "amount": 1500}
    early = shop.deliver("dodo", "refund.succeeded", refund, at=START)
    assert early.status == "waiting"
    shop.deliver("dodo", "payment.succeeded", dodo.payment("pay_7", checkout_session_id=session), at=START)
    early.refresh_from_db()
    assert early.status == "applied"


def test_a_paddle_chargeback_takes_back_and_its_reversal_gives_again(api, cast, shop, settings):
    at = recently()  # its month is not over
    txn = order(api, cast, provider="paddle", settings=settings)
    paid = paddle.transaction(txn, subscription_id="sub_9", billed_at=at.isoformat())
    shop.deliver("paddle", "transaction.completed", paid, at=at)
    adjustment = {"id": "adj_1", "action": "chargeback", "type": "full", "status": "approved", "transaction_id": txn}
    pending = {**adjustment, "id": "adj_0", "action": "refund", "status": "pending_approval"}
    assert shop.deliver("paddle", "adjustment.created", pending, at=at).status == "ignored"
    shop.deliver("paddle", "adjustment.created", adjustment, at=at)
    assert books.check(cast.organization).total_balance == 50  # of the Free plan, which it is back on
    won = {**adjustment, "id": "adj_2", "action": "chargeback_reverse"}
    shop.deliver("paddle", "adjustment.created", won, at=at)
    assert books.check(cast.organization).total_balance == 1000


def recently():
    from django.utils import timezone

    return timezone.now() - timedelta(days=3)


def charge_back(shop, payment_id, number=1):
    dispute = {"dispute_id": f"dis_{number}", "payment_id": payment_id, "dispute_status": "dispute_lost"}
    return shop.deliver("dodo", "dispute.lost", dispute, at=recently())


def test_a_year_that_is_charged_back_grants_no_further_month(api, cast, shop):
    from billing import settlement

    at = recently()
    session = order(api, cast, period="yearly")
    dodo_first(shop, session, at=at)
    year = {"product_id": "pdt_starter_yearly", "next_billing_date": (at + timedelta(days=365)).isoformat()}
    dodo_state(shop, at=at, **year)
    assert charge_back(shop, "pay_1").status == "applied"
    wallet = books.check(cast.organization)
    assert (wallet.plan_id, wallet.total_balance, wallet.paid_until) == ("free", 50, None)
    # The provider still calls it active, and says so again.
    dodo_state(shop, "subscription.updated", at=at + timedelta(days=1), **year)
    wallet = books.check(cast.organization)
    assert (wallet.plan_id, wallet.total_balance) == ("free", 50)
    for month in range(1, 6):
        settlement.roll_over(cast.organization, now=at + timedelta(days=31 * month + 5))
    assert books.check(cast.organization).total_balance == 50


def test_a_plan_stays_when_another_payment_covers_it(api, cast, shop):
    at = recently()
    dodo_first(shop, order(api, cast), at=at)
    dodo_state(shop, at=at)
    dodo_renewal(shop, 2, at=at + timedelta(days=1))
    charge_back(shop, "pay_1")
    wallet = books.check(cast.organization)
    assert (wallet.plan_id, wallet.subscription_balance) == ("starter", 1000)


def test_a_partial_refund_leaves_the_plan(api, cast, shop):
    dodo_first(shop, order(api, cast), at=recently())
    for number, plan in ((1, "starter"), (2, "free")):
        refund = {"refund_id": f"ref_{number}", "payment_id": "pay_1", "amount": 1450}
        shop.deliver("dodo", "refund.succeeded", refund, at=recently())
        assert books.check(cast.organization).plan_id == plan


@pytest.mark.parametrize("upgrade_told_first", [True, False])
def test_a_proration_that_is_charged_back_takes_its_grant_and_its_plan(api, cast, shop, upgrade_told_first):
    start = recently()
    at = start + timedelta(days=1)
    dodo_first(shop, order(api, cast), at=start)
    dodo_state(shop, at=start)
    dodo_proration(shop, 68, at=at)
    if upgrade_told_first:
        dodo_state(shop, "subscription.plan_changed", at=at, product_id="pdt_professional_monthly")
        assert books.check(cast.organization).subscription_balance > 4000
    charge_back(shop, "pay_up")
    if not upgrade_told_first:
        dodo_state(shop, "subscription.plan_changed", at=at, product_id="pdt_professional_monthly")
    wallet = books.check(cast.organization)
    assert (wallet.plan_id, wallet.total_balance) == ("starter", 1000)


def test_a_chargeback_that_is_won_gives_the_plan_again(api, cast, shop, settings):
    at = recently()
    txn = order(api, cast, provider="paddle", settings=settings)
    paid = paddle.transaction(txn, subscription_id="sub_9", billed_at=at.isoformat())
    shop.deliver("paddle", "transaction.completed", paid, at=at)
    adjustment = {"id": "adj_1", "action": "chargeback", "type": "full", "status": "approved", "transaction_id": txn}
    shop.deliver("paddle", "adjustment.created", adjustment, at=at)
    assert books.check(cast.organization).plan_id == "free"
    won = {**adjustment, "id": "adj_2", "action": "chargeback_reverse"}
    shop.deliver("paddle", "adjustment.created", won, at=at)
    wallet = books.check(cast.organization)
    assert (wallet.plan_id, wallet.total_balance) == ("starter", 1000)


def test_a_failed_payment_is_told_and_dunning_goes_by_3_7_and_14_days(api, cast, shop):
    from billing import access
    from scribe.errors import Forbidden

    dodo_first(shop, order(api, cast))
    at = START + MONTH
    failed = dodo.payment("pay_2", subscription_id="sub_1", charge_type="renewal", status="failed")
    shop.deliver("dodo", "payment.failed", failed, at=at)
    dodo_state(shop, "subscription.on_hold", at=at, status="on_hold")
    now = Wallet.objects.get(organization=cast.organization).overdue_since
    expected = {1: ("starter", True), 4: ("starter", True), 8: ("starter", False), 15: ("free", True)}
    for days, (plan, may_spend) in expected.items():
        dunning.run(now=now + timedelta(days=days))
        dunning.run(now=now + timedelta(days=days))
        wallet = books.check(cast.organization)
        cast.organization = type(cast.organization).objects.get(pk=cast.organization.pk)
        assert wallet.plan_id == plan, days
        if may_spend:
            access.check_can_spend(cast.organization)
        else:
            with pytest.raises(Forbidden, match="overdue"):
                access.check_can_spend(cast.organization)
    told = cast.owner.notifications.filter(notification_type="payment_failed").count()
    assert told == 4  # the failure itself, and three stages


def test_a_payment_in_time_ends_the_dunning(api, cast, shop):
    dodo_first(shop, order(api, cast))
    dodo_state(shop, "subscription.on_hold", at=START + MONTH, status="on_hold")
    since = Wallet.objects.get(organization=cast.organization).overdue_since
    dunning.run(now=since + timedelta(days=8))
    at = START + MONTH + timedelta(days=8)
    dodo_renewal(shop, 2, at=at)
    dodo_state(shop, at=at)
    wallet = books.check(cast.organization)
    assert (wallet.overdue_since, wallet.dunning_stage, wallet.subscription_balance) == (None, 0, 1000)


def test_an_event_that_is_quicker_than_the_checkouts_answer_waits_for_it(api, cast, shop):
    from billing import checkouts

    order(api, cast, packs=1)
    checkout = Checkout.objects.get(organization=cast.organization)
    session = checkout.external_id
    Checkout.objects.filter(pk=checkout.pk).update(external_id=None)
    event = shop.deliver("dodo", "payment.succeeded", dodo.payment("pay_7", checkout_session_id=session), at=START)
    assert event.status == "waiting"
    checkouts._remember(checkout, Started(session, None))
    shop.work()
    assert books.check(cast.organization).topup_balance == 500


def test_an_event_whose_effect_fails_is_kept_and_tried_again(api, cast, shop, settings):
    session = order(api, cast, packs=1)
    body = dodo.payment("pay_7", checkout_session_id=session)
    event = shop.deliver("dodo", "payment.succeeded", body, at=START, apply=False)
    ProviderEvent.objects.filter(pk=event.pk).update(provider="nobody")
    assert provider_events.apply(event.pk) is None
    event.refresh_from_db()
    assert (event.status, event.attempts) == ("failed", 1)
    past = event.tried_at - timedelta(minutes=5)
    ProviderEvent.objects.filter(pk=event.pk).update(provider="dodo", tried_at=past)
    assert provider_events.sweep() == 1
    provider_events.apply(event.pk)
    assert books.check(cast.organization).topup_balance == 500


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_provider_is_asked_about_a_subscription_that_fell_silent(cast, shop, name):

    Subscription.objects.create(
        organization=cast.organization,
        provider=name,
        external_id="sub_1",
        plan_id="business",
        status="active",
        last_event_at=START,
        period_ends_at=START + MONTH,
    )
    now = START + MONTH + timedelta(days=2)
    assert provider_events.ask_about_silent(now=START + MONTH) == 0
    assert [provider_events.ask_about_silent(now=now) for _ in range(2)] == [1, 1]
    shop.work()
    found = Subscription.objects.get(external_id="sub_1")
    assert (found.plan_id, found.last_event_at) == ("starter", now)
    assert ProviderEvent.objects.get().status == "applied"
    assert books.check(cast.organization).total_balance == 50  # a state grants nothing
    shop.fakes[name].trouble = ["500", "500"]
    assert provider_events.ask_about_silent(now=now + MONTH) == 0
