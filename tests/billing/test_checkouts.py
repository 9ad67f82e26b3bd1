"""Checkouts, plan changes, cancelling and the portal, with the SDKs talking to both providers' fakes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from billing.models import Checkout, Payment, PaymentCustomer, Subscription, Wallet
from integrations import payments
from tests.billing import books
from tests.billing.buyer import Buyer, ago
from tests.billing.sellers import PROVIDERS
from tests.billing.shop import open_shop
from tests.fakes import dodo as dodo_fake

pytestmark = pytest.mark.usefixtures("november")


@pytest.fixture
def shop(db):
    with open_shop() as shop:
        yield shop


@pytest.fixture(params=PROVIDERS)
def provider(request, shop, settings):
    settings.PAYMENT_PROVIDER = request.param
    return request.param


@pytest.fixture
def subscribed(cast):
    """A live subscription to Professional, by `subscribed(provider)`."""

    def make(provider, tier="professional", **fields):
        Wallet.objects.filter(organization=cast.organization).update(plan=tier, allotment=5000)
        return Subscription.objects.create(
            organization=cast.organization,
            provider=provider,
            external_id="sub_1",
            customer_id="cus_1",
            plan_id=tier,
            billing_period="monthly",
            status="active",
            period_ends_at=datetime(2027, 1, 1, tzinfo=UTC),
            **fields,
        )

    return make


def test_a_subscription_checkout_is_stored_with_what_was_ordered(api, cast, shop, provider):
    reply = api.as_(cast.owner).post("billing/checkout", {"tier": "starter", "billing_period": "yearly"})
    checkout = Checkout.objects.get(organization=cast.organization)
    assert (checkout.provider, checkout.plan_id, checkout.billing_period) == (provider, "starter", "yearly")
    assert checkout.external_id
    assert reply["checkout_url"].startswith("https://")
    assert (reply["plan_changed"], reply["scheduled"]) == (False, False)
    if provider == "paddle":
        assert (reply["transaction_id"], reply["client_token"]) == (checkout.external_id, "live_client_token")
        sent = shop.paddle.transactions[checkout.external_id]
        assert sent["items"] == [{"price_id": "pri_starter_yearly", "quantity": 1}]
    else:
        assert reply["transaction_id"] is None
        sent = shop.dodo.sessions[checkout.external_id]
        assert sent["product_cart"] == [{"product_id": "pdt_starter_yearly", "quantity": 1}]
        assert sent["customer"]["email"] == cast.owner.email
    assert books.check(cast.organization).plan_id == "free"  # nothing is granted by going to a checkout


def test_a_topup_checkout_orders_packs(api, cast, shop, provider):
    reply = api.as_(cast.owner).post("billing/topup-checkout", {"packs": 3})
    checkout = Checkout.objects.get(organization=cast.organization)
    assert (checkout.kind, checkout.packs, checkout.xct_per_pack, checkout.quantity) == ("topup", 3, 500, 3)
    assert set(reply) == {"checkout_url", "transaction_id", "client_token"}
    for wrong in (0, -1, 1001, "x", None):
        api.as_(cast.owner).post("billing/topup-checkout", {"packs": wrong}, status=400)


def test_legacy_paths_do_the_same(api, cast, shop):
    owner = api.as_(cast.owner)
    owner.post("billing/paddle/checkout", {"tier": "starter", "billing_period": "monthly"})
    owner.post("billing/paddle/topup-checkout", {"packs": 1})
    assert Checkout.objects.filter(organization=cast.organization).count() == 2
    assert owner.get("billing/paddle/portal")["portal_url"] is None
    found = owner.get("billing/paddle/subscription")
    assert (found["subscription_tier"], found["paddle_subscription_status"]) == ("free", None)


def test_only_admins_buy_and_only_what_is_for_sale(api, cast, shop):
    body = {"tier": "starter", "billing_period": "monthly"}
    for path in ("billing/checkout", "billing/paddle/checkout"):
        assert api.as_(cast.teammate).post(path, body, status=403)["code"] == "admin_required"
    for path in ("billing/portal", "billing/paddle/portal"):
        api.as_(cast.teammate).get(path, status=403)
    api.as_(cast.teammate).post("billing/cancel-subscription", status=403)
    for wrong in ({"tier": "free"}, {"tier": "enterprise"}, {"tier": "x"}, {}, {**body, "billing_period": "weekly"}):
        api.as_(cast.owner).post("billing/checkout", wrong, status=400)


def test_without_keys_payments_are_not_configured(api, cast):
    owner = api.as_(cast.owner)
    reply = owner.post("billing/checkout", {"tier": "starter", "billing_period": "monthly"}, status=503)
    assert reply["code"] == "payments_not_configured"
    assert owner.post("billing/topup-checkout", {"packs": 1}, status=503)["code"] == "payments_not_configured"
    assert owner.get("billing/portal") == {
        "portal_url": None,
        "message": "There is no customer account for payments yet.",
    }


def test_an_organization_that_is_about_to_be_deleted_buys_nothing(api, cast, shop):
    now = datetime.now(UTC)
    cast.organization.deletion_requested_at = cast.organization.deletion_scheduled_for = now
    cast.organization.save()
    body = {"tier": "starter", "billing_period": "monthly"}
    assert api.as_(cast.owner).post("billing/checkout", body, status=409)["code"] == "deletion_pending"


@pytest.mark.parametrize("name", PROVIDERS)
def test_an_upgrade_is_made_at_once(api, cast, shop, subscribed, name):
    subscribed(name, "starter")
    reply = api.as_(cast.owner).post("billing/checkout", {"tier": "business", "billing_period": "monthly"})
    assert (reply["plan_changed"], reply["scheduled"], reply["checkout_url"]) == (True, False, None)
    sent = shop.fakes[name].changes[0]
    if name == "paddle":
        assert sent["items"] == [{"price_id": "pri_business_monthly", "quantity": 1}]
    else:
        assert (sent["product_id"], sent["effective_at"]) == ("pdt_business_monthly", "immediately")
    assert api.as_(cast.owner).get("billing/subscription")["subscription_tier"] == "starter"  # until its webhook


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_downgrade_waits_for_the_periods_end(api, cast, shop, subscribed, name):
    from billing import subscriptions

    live = subscribed(name)
    owner = api.as_(cast.owner)
    reply = owner.post("billing/checkout", {"tier": "starter", "billing_period": "monthly"})
    assert (reply["plan_changed"], reply["scheduled"]) == (False, True)
    shown = owner.get("billing/subscription")
    assert (shown["pending_subscription_tier"], shown["pending_billing_period"]) == ("starter", "monthly")
    if name == "dodo":
        assert shop.dodo.changes[0]["effective_at"] == "next_billing_date"
        return
    assert shop.paddle.changes == []  # it has no such flag: sent in the period's last hour
    assert subscriptions.send_pending_changes(now=live.period_ends_at.replace(year=2026, day=1)) == 0
    in_time = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert subscriptions.send_pending_changes(now=in_time) == 1
    assert subscriptions.send_pending_changes(now=in_time) == 0
    assert shop.paddle.changes[0]["items"] == [{"price_id": "pri_starter_monthly", "quantity": 1}]
    assert shop.paddle.changes[0]["proration_billing_mode"] == "do_not_bill"


def test_asking_for_the_plan_one_has_takes_a_scheduled_change_back(api, cast, shop, subscribed):
    subscribed("dodo")
    owner = api.as_(cast.owner)
    same = {"tier": "professional", "billing_period": "monthly"}
    assert owner.post("billing/checkout", same, status=409)["code"] == "already_subscribed"
    owner.post("billing/checkout", {"tier": "starter", "billing_period": "monthly"})
    reply = owner.post("billing/checkout", same)
    assert (reply["plan_changed"], reply["scheduled"]) == (False, False)
    assert owner.get("billing/subscription")["pending_subscription_tier"] is None
    assert shop.dodo.requests[-1].method == "DELETE"


def test_a_plan_whose_money_went_back_is_ordered_anew(api, cast, shop, provider):
    """The provider still called the subscription active, and the plan could not be bought before its next charge."""
    buyer = Buyer(provider, shop, cast.organization)
    payment = buyer.buy("starter", ago(days=3))
    owner, body = api.as_(cast.owner), {"tier": "starter", "billing_period": "monthly"}
    assert owner.post("billing/checkout", body, status=409)["code"] == "already_subscribed"
    buyer.money_back(payment, "refund", ago(hours=1))
    assert owner.post("billing/checkout", body)["checkout_url"]
    assert Subscription.objects.get().cancel_at_period_end, "else both would be charged"


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_cancellation_ends_with_the_period_and_can_be_repeated(api, cast, shop, subscribed, name):
    owner = api.as_(cast.owner)
    assert owner.post("billing/cancel-subscription", status=409)["code"] == "no_subscription"
    subscribed(name)
    first = owner.post("billing/cancel-subscription")
    assert first["status"] == "cancellation_scheduled"
    assert first["effective_at"].startswith("2026-12-01")
    calls = len(shop.fakes[name].requests)
    assert owner.post("billing/cancel-subscription")["status"] == "cancellation_scheduled"
    assert len(shop.fakes[name].requests) == calls
    assert owner.get("billing/subscription")["cancel_at_period_end"] is True


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_portal_of_a_customer(api, cast, shop, subscribed, name):
    subscribed(name)
    owner = api.as_(cast.owner)
    assert owner.get("billing/portal")["portal_url"] is None, "no row of this organization names the customer"
    PaymentCustomer.objects.create(organization=cast.stranger.organization, provider=name, external_id="cus_1")
    assert owner.get("billing/portal")["portal_url"] is None, "another organization's"
    PaymentCustomer.objects.all().delete()
    PaymentCustomer.objects.create(organization=cast.organization, provider=name, external_id="cus_1")
    assert owner.get("billing/portal")["portal_url"] == "https://portal.example/cus_1"


@pytest.mark.parametrize("trouble", ["500", "429", "422", "garbage", "cut", "dropped", "empty", "slow"])
def test_a_provider_in_trouble_costs_nobody_money_and_says_so(api, cast, shop, provider, trouble, monkeypatch):
    module = payments.PROVIDERS[provider].client.rpartition(".")[0]
    monkeypatch.setattr(f"{module}.TIMEOUT", 0.5)
    fake = shop.fakes[provider]
    PaymentCustomer.objects.create(organization=cast.organization, provider=provider, external_id="cus_1")
    fake.trouble, fake.slowness = [trouble], 2
    status = 504 if trouble in ("slow", "cut", "dropped") else 502  # it may have counted
    body = {"tier": "starter", "billing_period": "monthly"}
    reply = api.as_(cast.owner).post("billing/checkout", body, status=status)
    assert reply["party"] == provider
    assert len(fake.requests) == 1  # a POST that may have counted is not repeated
    if trouble == "429":
        assert api.last is None or reply["code"] == "upstream_error"
    assert Checkout.objects.get(organization=cast.organization).external_id is None
    books.check(cast.organization)
    fake.trouble = []
    assert api.as_(cast.owner).post("billing/checkout", body)["checkout_url"]


def test_retry_after_of_the_provider_is_passed_on(api, cast, shop):
    shop.dodo.trouble = ["429"]
    caller = api.as_(cast.owner)
    caller.post("billing/topup-checkout", {"packs": 1}, status=502)
    assert caller.last["Retry-After"] == "7"


def test_a_customer_that_paddle_knows_by_an_address_is_not_adopted(api, cast, shop, settings):
    """Anybody can write anybody's address into `billing_email`."""
    settings.PAYMENT_PROVIDER = "paddle"
    shop.paddle.customers[cast.owner.email] = "ctm_of_somebody"
    api.as_(cast.owner).post("billing/topup-checkout", {"packs": 1})
    checkout = Checkout.objects.get(organization=cast.organization)
    assert "customer_id" not in shop.paddle.transactions[checkout.external_id]
    assert not PaymentCustomer.objects.exists()
    assert api.as_(cast.owner).get("billing/portal")["portal_url"] is None


@pytest.mark.parametrize("said", ["given before", "x" * 81, "x" * 300, "ü", "a\x00b"])
def test_a_session_that_is_no_new_one_is_the_providers_failure(api, cast, shop, provider, said):
    """It was an internal error: the id of another order broke a constraint, a long one no column takes."""
    fake = shop.fakes[provider]
    if said == "given before":
        api.as_(cast.stranger).post("billing/topup-checkout", {"packs": 1})
        said = Checkout.objects.get(organization=cast.stranger.organization).external_id
    fake.session_id = said
    reply = api.as_(cast.owner).post("billing/topup-checkout", {"packs": 1}, status=502)
    assert (reply["code"], reply["party"]) == ("upstream_error", provider)
    assert Checkout.objects.get(organization=cast.organization).external_id is None
    assert not PaymentCustomer.objects.filter(organization=cast.organization).exists()
    fake.session_id = ""
    assert api.as_(cast.owner).post("billing/topup-checkout", {"packs": 1})["checkout_url"]


def test_a_customer_of_another_organization_is_not_taken_for_a_new_one(api, cast, shop, settings):
    settings.PAYMENT_PROVIDER = "paddle"
    shop.paddle.customer_id = "ctm_of_somebody"
    PaymentCustomer.objects.create(
        organization=cast.stranger.organization, provider="paddle", external_id="ctm_of_somebody"
    )
    reply = api.as_(cast.owner).post("billing/topup-checkout", {"packs": 1}, status=502)
    assert (reply["code"], reply["party"]) == ("upstream_error", "paddle")
    assert Checkout.objects.get(organization=cast.organization).external_id is None
    assert PaymentCustomer.objects.get().organization_id == cast.stranger.organization_id


def test_a_customer_that_was_made_for_the_organization_is_used_again(api, cast, shop, settings):
    settings.PAYMENT_PROVIDER = "paddle"
    for _ in range(2):
        api.as_(cast.owner).post("billing/topup-checkout", {"packs": 1})
    mine = PaymentCustomer.objects.get(organization=cast.organization)
    assert {sent["customer_id"] for sent in shop.paddle.transactions.values()} == {mine.external_id}


def test_dodo_makes_a_customer_instead_of_attaching_one_by_address(api, cast, shop):
    shop.dodo.customers[cast.owner.email] = "cus_of_somebody"
    api.as_(cast.owner).post("billing/topup-checkout", {"packs": 1})
    [session] = shop.dodo.sessions.values()
    assert session["attached_to"] != "cus_of_somebody"


def test_one_refusal_does_not_keep_other_renewals_going(cast, shop):
    from django.utils import timezone

    from billing import checkouts

    for organization in (cast.organization, cast.stranger.organization):
        Wallet.objects.get(organization=organization)
        organization.deletion_requested_at = organization.deletion_scheduled_for = timezone.now()
        organization.save()
        Subscription.objects.create(
            organization=organization,
            provider="dodo",
            external_id=f"sub_{organization.pk}",
            plan_id="starter",
            status="active",
        )
    shop.dodo.trouble = ["422"]
    assert checkouts.stop_renewals() == 1
    assert checkouts.stop_renewals() == 1, "the refused one is asked again"


def test_a_cancelled_deletion_lets_the_subscription_go_on(cast, shop):
    from django.utils import timezone

    from accounts import erasure
    from billing import checkouts, tasks

    organization = cast.organization
    organization.deletion_requested_at = timezone.now()
    organization.deletion_scheduled_for = timezone.now() + erasure.GRACE
    organization.save()
    live = Subscription.objects.create(
        organization=organization, provider="dodo", external_id="sub_1", plan_id="starter", status="active"
    )
    tasks.stop_renewals()
    live.refresh_from_db()
    assert live.cancel_at_period_end
    erasure.cancel(organization=organization, by=cast.owner)
    shop.dodo.trouble = ["422"]
    assert checkouts.resume_renewals() == 0, "the provider is asked again by the next beat"
    tasks.stop_renewals()
    live.refresh_from_db()
    assert not live.cancel_at_period_end
    assert shop.dodo.requests[-1].json == {"cancel_at_next_billing_date": False}
    assert checkouts.resume_renewals() == 0


def test_a_subscription_that_the_customer_cancelled_stays_cancelled(cast, shop):
    from django.utils import timezone

    from accounts import erasure
    from billing import checkouts, tasks

    organization = cast.organization
    organization.deletion_requested_at = timezone.now()
    organization.deletion_scheduled_for = timezone.now() + erasure.GRACE
    organization.save()
    live = Subscription.objects.create(
        organization=organization, provider="dodo", external_id="sub_1", plan_id="starter", status="active"
    )
    tasks.stop_renewals()
    checkouts.cancel(organization=organization, by=cast.owner)
    erasure.cancel(organization=organization, by=cast.owner)
    tasks.stop_renewals()
    live.refresh_from_db()
    assert live.cancel_at_period_end


def test_one_refusal_does_not_keep_other_downgrades_waiting(cast, shop):
    from datetime import timedelta

    from django.utils import timezone

    from billing import subscriptions

    for organization in (cast.organization, cast.stranger.organization):
        Subscription.objects.create(
            organization=organization,
            provider="paddle",
            external_id=f"sub_{organization.pk}",
            plan_id="professional",
            status="active",
            pending_plan_id="starter",
            pending_period="monthly",
            period_ends_at=timezone.now() + timedelta(minutes=30),
        )
    shop.paddle.trouble = ["422"]
    assert subscriptions.send_pending_changes() == 1
    assert subscriptions.send_pending_changes() == 1
    assert subscriptions.send_pending_changes() == 0


def test_a_dodo_invoice_is_for_whoever_paid(api, cast, shop):
    Payment.objects.create(
        organization=cast.organization,
        provider="dodo",
        external_id="pay_1",
        kind="topup",
        status="succeeded",
        paid_at=datetime.now(UTC),
    )
    path = "billing/invoices/dodo/pay_1/pdf"
    assert api.as_(cast.owner).get(path) == dodo_fake.PDF
    api.as_(cast.stranger).get(path, status=404)
    api.as_(cast.owner).get("billing/invoices/dodo/pay_2/pdf", status=404)
    shop.dodo.trouble = ["garbage"]
    api.as_(cast.owner).get(path, status=502)


def test_every_provider_that_gives_invoices_gives_them_by_the_api(api, cast, shop, monkeypatch):
    paid = Payment.objects.create(
        organization=cast.organization,
        provider="paddle",
        external_id="pay_1",
        kind="topup",
        status="succeeded",
        paid_at=datetime.now(UTC),
    )
    path = f"billing/invoices/dodo/{paid.external_id}/pdf"
    api.as_(cast.owner).get(path, status=404)
    row = replace(payments.PROVIDERS["dodo"], id="paddle")
    monkeypatch.setitem(payments.PROVIDERS, "paddle", row)
    assert api.as_(cast.owner).get(path) == dodo_fake.PDF
    api.as_(cast.stranger).get(path, status=404)


def test_one_click_twice_with_an_idempotency_key_makes_one_checkout(api, cast, shop):
    owner = api.as_(cast.owner).with_(Idempotency_Key="once")
    first = owner.post("billing/topup-checkout", {"packs": 1})
    assert owner.post("billing/topup-checkout", {"packs": 1}) == first
    assert len(shop.dodo.sessions) == 1
