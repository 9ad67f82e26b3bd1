"""A plan that staff add in the admin, and nobody has written code for: on offer, bought, renewed, changed and ended."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from billing import corrections, subscriptions
from billing.models import Checkout, Invoice, Plan, Subscription
from scribe.models import AuditEntry
from studio.models import Tool
from tests.billing import books
from tests.billing.sellers import PROVIDERS
from tests.billing.shop import open_shop
from tests.database import manage
from tests.fakes import dodo, paddle
from tests.scribe.admin_browser import list_url, row_url, staff_client
from tests.scribe.source import nodes, source_files
from tests.unsquashed import back

pytestmark = [pytest.mark.usefixtures("november"), pytest.mark.each_value("customer")]
D = Decimal
START = datetime(2026, 11, 1, tzinfo=UTC)
MONTH = timedelta(days=30)
PLUS: dict[str, Any] = {
    "tier": "plus",
    "name": "Plus",
    "rank": 150,
    "on_sale": "on",
    "monthly_xct": "2500",
    "strict_grounding": "on",
    "grounding": "standard",
    "monthly_price_eur": "59",
    "yearly_price_eur": "590",
    "dodo_monthly_product_id": "pdt_plus_m",
    "dodo_yearly_product_id": "pdt_plus_y",
    "paddle_monthly_price_id": "pri_plus_m",
    "paddle_yearly_price_id": "pri_plus_y",
    "uncharged_usd_per_day": "5",
    "audit_reason": "A plan between Starter and Professional.",
}


def add(cast, **fields):
    """Send the admin's form; the reply. A field of None is left out."""
    sent = {name: value for name, value in {**PLUS, **fields}.items() if value is not None}
    return staff_client(cast.staff).post(f"{list_url(Plan)}add/", sent)


@pytest.fixture
def shop(db):
    with open_shop() as shop:
        yield shop


@pytest.fixture
def plus(cast):
    assert add(cast).status_code == 302
    return Plan.objects.get(pk="plus")


class Customer:
    """An organization that buys from one of the providers, whose events arrive as they would."""

    def __init__(self, provider, shop, owner, organization):
        self.provider, self.shop, self.owner, self.organization = provider, shop, owner, organization

    def price(self, tier):
        prefix = "pdt" if self.provider == "dodo" else "pri"
        return f"{prefix}_plus_m" if tier == "plus" else f"{prefix}_{tier}_monthly"

    def choose(self, tier):
        return self.owner.post("billing/checkout", {"tier": tier, "billing_period": "monthly"})

    def buy(self, tier):
        self.choose(tier)
        checkout = Checkout.objects.filter(organization=self.organization).latest("created_at")
        assert checkout.price_id == self.price(tier)
        if self.provider == "dodo":
            self._deliver_payment("pay_1", START, tier, checkout_session_id=checkout.external_id, charge_type="new")
            return self.told(tier, START)
        self.told(tier, START, name="subscription.created", transaction_id=checkout.external_id)
        return self._deliver_payment(checkout.external_id, START, tier)

    def renew(self, tier, number, at):
        if self.provider == "dodo":
            self._deliver_payment(f"pay_{number}", at, tier, charge_type="renewal")
        else:
            self._deliver_payment(f"txn_{number}", at, tier, origin="subscription_recurring")
        return self.told(tier, at)

    def upgrade(self, tier, at, *, euros):
        """The provider has changed the plan and charged the difference for the rest of the month."""
        self.told(tier, at)
        kind = {"charge_type": "plan_change"} if self.provider == "dodo" else {"origin": "subscription_update"}
        return self._deliver_payment("change_1", at, tier, euros=euros, **kind)

    def told(self, tier, at, *, name="subscription.updated", **fields):
        """The provider describes the subscription."""
        ends = (at + MONTH).isoformat()
        if self.provider == "dodo":
            times = {"previous_billing_date": at.isoformat(), "next_billing_date": ends}
            data = dodo.subscription("sub_1", product_id=self.price(tier), **{**times, **fields})
        else:
            times = {"current_billing_period": {"starts_at": at.isoformat(), "ends_at": ends}}
            data = paddle.subscription("sub_1", price=self.price(tier), **{**times, **fields})
        return self._deliver(name, data, at)

    def _deliver_payment(self, identity, at, tier, *, euros=None, **fields):
        cents = 100 * (Plan.objects.get(pk=tier).monthly_price_eur if euros is None else euros)
        if self.provider == "dodo":
            sums = {"total_amount": int(cents), "created_at": at.isoformat()}
            data = dodo.payment(identity, subscription_id="sub_1", **sums, **fields)
            return self._deliver("payment.succeeded", data, at)
        times = {"subscription_id": "sub_1", "billed_at": at.isoformat()}
        data = paddle.transaction(identity, price=self.price(tier), amount=int(cents), **times, **fields)
        return self._deliver("transaction.completed", data, at)

    def _deliver(self, name, data, at):
        event = self.shop.deliver(self.provider, name, data, at=at)
        assert event.status == "applied", (name, event.outcome)
        return books.check(self.organization)

    @property
    def changes(self):
        return self.shop.fakes[self.provider].changes


@pytest.fixture(params=PROVIDERS)
def customer(request, shop, settings, api, cast, plus):
    settings.PAYMENT_PROVIDER = request.param
    return Customer(request.param, shop, api.as_(cast.owner), cast.organization)


def test_an_added_plan_is_on_offer_between_its_neighbours(api, cast, plus):
    offered = api.get("billing/plans")
    assert [row["tier"] for row in offered] == ["free", "starter", "plus", "professional", "business"]
    assert offered[2] == {
        "tier": "plus",
        "name": "Plus",
        "rank": 150,
        "monthly_xct": "2500.0000",
        "monthly_price_eur": "59.00",
        "yearly_price_eur": "590.00",
        "byok_included": False,
        "strict_grounding": True,
        "on_sale": True,
    }
    assert (offered[0]["monthly_price_eur"], offered[0]["on_sale"]) == (None, False)
    entry = AuditEntry.objects.get(action="plan.added")
    assert (entry.target_id, entry.actor_id, entry.after["rank"]) == ("plus", cast.staff.pk, 150)


def test_it_can_be_bought_and_renewed(customer):
    wallet = customer.buy("plus")
    assert (wallet.plan_id, wallet.subscription_balance, wallet.allotment) == ("plus", 2500, 2500)
    wallet = customer.renew("plus", 2, START + MONTH)
    assert (wallet.plan_id, wallet.subscription_balance) == ("plus", 2500)
    assert customer.owner.get("billing/subscription")["subscription_tier"] == "plus"


def test_an_upgrade_to_it_is_made_at_once_and_grants_its_share(customer):
    customer.buy("starter")
    reply = customer.choose("plus")
    assert (reply["plan_changed"], reply["scheduled"]) == (True, False)
    assert customer.price("plus") in str(customer.changes[-1])
    wallet = customer.upgrade("plus", START + timedelta(days=10), euros=20)
    assert (wallet.plan_id, wallet.allotment) == ("plus", 2500)
    assert wallet.subscription_balance == 1000 + D(1500) * 20 / 30  # 20 of the cycle's 30 days are left


def test_an_upgrade_from_it_is_made_at_once(customer):
    customer.buy("plus")
    assert customer.choose("professional")["plan_changed"] is True
    wallet = customer.upgrade("professional", START + timedelta(days=15), euros=20)
    assert wallet.subscription_balance == 2500 + D(2500) * 15 / 30


@pytest.mark.parametrize(("tier", "down_to"), [("plus", "starter"), ("professional", "plus")])
def test_a_downgrade_from_it_and_to_it_waits_for_the_renewal(customer, tier, down_to):
    wallet = customer.buy(tier)
    had = wallet.subscription_balance
    reply = customer.choose(down_to)
    assert (reply["plan_changed"], reply["scheduled"]) == (False, True)
    assert customer.owner.get("billing/subscription")["pending_subscription_tier"] == down_to
    assert books.check(customer.organization).subscription_balance == had
    if customer.provider == "paddle":
        assert subscriptions.send_pending_changes(now=START + MONTH - timedelta(minutes=30)) == 1
    assert customer.price(down_to) in str(customer.changes[-1])
    wallet = customer.renew(down_to, 2, START + MONTH)
    allotment = Plan.objects.get(pk=down_to).monthly_xct
    assert (wallet.plan_id, wallet.subscription_balance) == (down_to, allotment)
    assert customer.owner.get("billing/subscription")["pending_subscription_tier"] is None


def test_its_cancellation_leads_back_to_free(customer):
    customer.buy("plus")
    assert customer.owner.post("billing/cancel-subscription")["status"] == "cancellation_scheduled"
    over = START + MONTH
    ended = {"status": "cancelled", "cancelled_at": over.isoformat()}
    if customer.provider == "paddle":
        ended = {"status": "canceled", "canceled_at": over.isoformat()}
    wallet = customer.told("plus", over, **ended)
    assert (wallet.plan_id, wallet.subscription_balance) == ("free", 50)
    assert Subscription.objects.get().status == "cancelled"


def test_it_is_sold_by_bank_transfer_and_allows_overage(api, cast, buyer, plus):
    from billing import invoices

    made = api.as_(cast.owner).post(
        "billing/invoices/upgrade", {"tier": "plus", "billing_period": "yearly"}, status=201
    )
    assert (made["tier"], made["eur_amount"]) == ("plus", "590.00")
    invoices.confirm(invoice=Invoice.objects.get(), by=cast.staff)
    assert books.check(buyer).subscription_balance == 2500
    corrections.set_overage(organization=buyer, enabled=True, by=cast.owner)
    assert books.check(buyer).overage_room == 2500


def test_staff_put_an_organization_on_it_and_tools_ask_for_it(api, cast, plus):
    Tool.objects.filter(slug="store-audit").update(min_tier=plus)
    owner = api.as_(cast.owner)

    def unlocked():
        tools = owner.get("studio/tools")["tools"]
        return next(tool["unlocked"] for tool in tools if (tool["slug"], tool["min_tier"]) == ("store-audit", "plus"))

    for tier, opens in (("starter", False), ("plus", True), ("business", True), ("free", False)):
        api.as_(cast.staff).patch(
            f"billing/subscription?organization_id={cast.organization.pk}", {"tier": tier, "allocate_immediately": True}
        )
        assert unlocked() is opens, tier


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"tier": "Plus"}, "small letters"),
        ({"tier": "plus_two"}, "small letters"),
        ({"tier": "starter"}, "already exists"),
        ({"rank": "100"}, "already exists"),
        ({"rank": "0"}, "rank 0"),
        ({"monthly_price_eur": ""}, "a price for the month"),
        ({"yearly_price_eur": "0"}, "a price for the month"),
        ({"monthly_xct": "-1"}, "plan_allotment_is_not_negative"),
        ({"grounding": "strict", "strict_grounding": None}, "where it is allowed"),
        ({"dodo_yearly_product_id": "pdt_plus_m"}, "an id each"),
        ({"dodo_monthly_product_id": "pdt_starter_monthly"}, "Starter has this id"),
        ({"paddle_monthly_price_id": "pri_business_yearly"}, "Business has this id"),
        ({"audit_reason": ""}, "required"),
    ],
)
def test_the_form_refuses_what_cannot_be_a_plan(cast, shop, fields, said):
    reply = add(cast, **fields)
    assert reply.status_code == 200
    assert said in str(reply.context["errors"])
    assert Plan.objects.count() == 5


def test_a_plan_can_be_moved_but_not_renamed_in_the_api(cast, plus):
    client = staff_client(cast.staff)
    client.post(row_url(plus), {**PLUS, "tier": "other", "name": "Plus XL", "rank": "160", "on_sale": ""})
    assert Plan.objects.filter(pk="plus", name="Plus XL", rank=160).exists()
    free = Plan.objects.get(pk="free")
    client.post(row_url(free), {**PLUS, "rank": "10", "name": "Free"})
    assert Plan.objects.get(pk="free").rank == 0


def test_the_database_holds_the_form_of_a_plan(db):
    starter = Plan.objects.get(pk="starter")
    for wrong in ({"tier": "No"}, {"rank": 0}, {"rank": 200}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Plan.objects.filter(pk=starter.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk="free").update(rank=1)
    Plan.objects.filter(pk="starter").update(dodo_monthly_product_id="pdt_1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk="business").update(dodo_monthly_product_id="pdt_1")


def test_no_code_names_a_plan_but_the_free_one(db):
    """A seeded plan is a row like an added one. "professional" is a tone as well, so only the apps of plans are read for it."""
    seeded = set(Plan.objects.exclude(pk="free").values_list("pk", flat=True))
    found = []
    for module, path in source_files().items():
        sells = module.partition(".")[0] in ("billing", "studio", "backoffice")
        names = seeded if sells else seeded - {"professional"}
        named = [node for node in nodes(path) if isinstance(node, ast.Constant) and node.value in names]
        found += [f"{module}:{node.lineno}" for node in named]
    assert found == []


def test_ranks_get_room_and_go_back_with_a_plan_between(own_database):
    def ask(statement):
        with psycopg.connect(own_database, autocommit=True) as link:
            cursor = link.execute(statement)
            return cursor.fetchall() if cursor.description else []

    copied = "SELECT (jsonb_populate_record(p, %s)).* FROM billing_plan p WHERE tier = 'starter'"
    plus = '\'{"tier": "plus", "name": "Plus", "rank": 150, "on_sale": false}\''
    ask(f"INSERT INTO billing_plan {copied % plus}")
    ask("UPDATE studio_tool SET min_tier = 'plus' WHERE slug = 'store-audit'")
    back(own_database, "studio", "0002_seeds")
    back(own_database, "billing", "0011_parked_events")
    assert dict(ask("SELECT tier, rank FROM billing_plan")) == {
        "free": 0, "starter": 1, "plus": 2, "professional": 3, "business": 4, "enterprise": 5,
    }  # fmt: skip
    assert ask("SELECT min_tier FROM studio_tool WHERE slug = 'store-audit'") == [("plus",)]
    ask("UPDATE studio_tool SET min_tier = 'gone' WHERE slug = 'store-audit'")
    manage(own_database, "migrate", "--noinput", "--verbosity=0")
    assert [rank for (rank,) in ask("SELECT rank FROM billing_plan ORDER BY rank")] == [0, 100, 200, 300, 400, 500]
    assert ask("SELECT min_tier FROM studio_tool WHERE slug = 'store-audit'") == [("enterprise",)]
