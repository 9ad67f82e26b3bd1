"""The account's pages about money: balance, usage, plans, top-ups, invoices, and what became of a checkout."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts import impersonation
from billing import exchange_rates, holds, ledger, plans, summaries, usage
from billing.models import Checkout, Entry, ExchangeRate, Hold, Invoice, Payment, Subscription
from scribe import jobs
from tests.factories import BILLING_DETAILS, make_invoice, make_project, make_user
from tests.fakes import dodo, paddle
from tests.workbench.visiting import Visitor, plain


@pytest.fixture
def owner(cast: Any) -> Visitor:
    return Visitor(cast.owner)


@pytest.fixture
def transfers(settings: Any, db: Any) -> None:
    settings.SELLER_NAME, settings.SELLER_ADDRESS = "Primer Studio d.o.o.", "Kneza Miloša 10"
    settings.SELLER_CITY, settings.SELLER_PIB = "Beograd", "101134702"
    settings.SELLER_ACCOUNT = "310-1234567891211-86"
    ExchangeRate.objects.create(date=exchange_rates.today(), rate=Decimal("117.1837"), source="nbs")


@pytest.fixture
def cards(settings: Any) -> Iterator[paddle.Paddle]:
    with paddle.Paddle() as server:
        settings.PADDLE_API_KEY, settings.PADDLE_API_URL = paddle.KEY, server.url
        settings.PADDLE_PRICE_IDS = {
            "starter_monthly": "pri_starter",
            "business_monthly": "pri_biz",
            "topup": "pri_pack",
        }
        yield server


def used(cast: Any, key: str, *, days: int = 0, project: Any = None, model: str = "large", xct: str = "2.5") -> None:
    row = usage.record(
        organization=cast.organization, key=key, provider="anthropic", model=model, input_tokens=900,
        output_tokens=100, xct=Decimal(xct), project_id=project,
    )  # fmt: skip
    type(row).objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=days))


def test_a_transaction_names_its_work(cast: Any, owner: Visitor) -> None:
    project = make_project(cast.organization, name="Boots & more")
    job = jobs.create(job_type="generation", organization=cast.organization, created_by=cast.owner, project=project)
    with ledger.book(cast.organization) as book:
        book.post("topup", Decimal(500), Entry.Type.TOPUP, key="topup", description="1 × 500 XCT")
        book.spend(Decimal("2.4"), key="texts", description="anthropic/large", job_id=job.pk)
    page = owner.get("billing")
    assert f'href="/app/projects/{project.pk}/jobs/{job.pk}">Generation: <bdi>Boots &amp; more</bdi></a>' in page
    assert "anthropic/large" not in page
    assert '<td class="number good">+500</td>' in page
    assert '<td class="number">-2.4</td>' in page


def test_the_balance_tells_what_is_held_and_for_what(cast: Any, owner: Visitor) -> None:
    project = make_project(cast.organization, name="Boots & more")
    job = jobs.create(job_type="generation", organization=cast.organization, created_by=cast.owner, project=project)
    holds.place(organization=cast.organization, amount=Decimal("7.5"), key="hold-1", job=job)
    page = plain(owner.get("billing"))
    assert "42.5 XCT" in page  # to spend
    assert "7.5 XCT Generation: Boots &amp; more" in page
    assert "From your plan" in page


def test_the_whole_ledger_is_a_file(cast: Any, owner: Visitor) -> None:
    rows = list(csv.reader(io.StringIO(owner.get("account/movements").lstrip("\ufeff"))))
    assert rows[0][:3] == ["number", "time", "type"]
    assert [row[2] for row in rows[1:]] == ["grant"]
    assert "attachment" in owner.last["Content-Disposition"]


def test_usage_is_shown_by_day_by_model_and_by_project(cast: Any, owner: Visitor) -> None:
    project = make_project(cast.organization, name="=cmd()")
    used(cast, "a", project=project.pk)
    used(cast, "b", days=1, project=project.pk, model="small", xct="0.5")
    used(cast, "c", days=40, xct="100")
    for days, total in ((30, Decimal("3")), (90, Decimal("103"))):
        for found in (summaries.by_day, summaries.by_model, summaries.by_project, summaries.lines):
            assert sum(row["used"] for row in found(cast.owner, days=days)) == total
    page = owner.get("account/usage")
    assert page.count("<rect") >= 30
    assert "3 XCT in 2 calls" in plain(page)
    assert "=cmd()" in page
    assert "103 XCT in 3 calls" in plain(owner.get("account/usage?days=90"))
    rows = list(csv.reader(io.StringIO(owner.get("account/usage/file?days=90").lstrip("\ufeff"))))
    assert sum(Decimal(row[-1]) for row in rows[1:]) == Decimal("103")
    assert rows[-1][1] == "'=cmd()"  # no spreadsheet runs it
    assert "No XCT were used" in Visitor(cast.stranger).get("account/usage")
    other = make_project(cast.organization)
    elsewhere = Visitor(make_user(cast.organization, role="member", project_ids=[other.pk]))
    assert "No XCT were used" in elsewhere.get("account/usage")
    assert "cmd" not in elsewhere.get("account/usage/file?days=90")
    job = jobs.create(job_type="sync", project=project, created_by=cast.owner)
    wallet = cast.organization.wallet
    Hold.objects.create(organization=cast.organization, wallet=wallet, job=job, key="k", amount=1, remaining=1)
    assert str(job.pk) in owner.get("billing")
    assert str(job.pk) not in elsewhere.get("billing")


def test_a_day_without_a_call_is_there_too(cast: Any) -> None:
    found = summaries.by_day(cast.owner, days=7)
    assert len(found) == 7
    assert found[-1]["day"] == timezone.now().date()
    assert {row["used"] for row in found} == {0}


def test_nothing_can_be_bought_where_payments_are_not_configured(owner: Visitor) -> None:
    page = owner.get("account/plans")
    assert "Payments are not set up on this server" in page
    assert "Pay by card" not in page
    refused = owner.post("account/packs/order", {"packs": "2", "way": "card"}, 422)
    assert "Payments are not set up" in refused


def test_plans_and_packs_say_how_many_products_they_are_for(owner: Visitor, settings: Any) -> None:
    assert "about" not in owner.get("account/plans")  # the built-in writer costs nothing
    settings.OPENAI_API_KEY, settings.DEFAULT_AI_PROVIDER = "sk-test", "openai"
    said = [int(n.replace(",", "")) for n in re.findall(r"about ([\d,]+) products?", owner.get("account/plans"))]
    assert len(said) == 1 + len(list(plans.plans_on_offer()))
    assert said[0] >= 5  # Free writes five products at default settings
    assert said[:-1] == sorted(said[:-1])
    print(said)


def test_members_see_the_plans_and_buy_nothing(cast: Any, cards: paddle.Paddle) -> None:
    member = Visitor(cast.teammate)
    page = member.get("account/plans?tier=starter&period=monthly")
    assert "Only admins of your organization can change the plan" in page
    assert '<button name="way"' not in page
    for path in ("plans/order", "packs/order", "plans/end", "overage", "portal", "billing-details"):
        member.post(f"account/{path}", {"tier": "starter", "period": "monthly"}, 403)


def test_support_sees_and_buys_nothing(cast: Any) -> None:
    token = impersonation.start(user=cast.owner, by=cast.staff, reason="Ticket 7")
    visitor = Visitor()
    visitor.post("support-session", {"token": token})
    assert "Support is signed in as" in visitor.get("account/plans")
    visitor.post("account/packs/order", {"packs": "1", "way": "card"}, 403)


def test_packs_are_ordered_by_invoice_and_its_page_says_how_to_pay(cast: Any, owner: Visitor, transfers: None) -> None:
    refused = owner.post("account/packs/order", {"packs": "2", "way": "transfer"}, 422)
    assert "Enter your billing details first" in refused
    assert "/app/account/billing-details" in refused
    owner.post("account/billing-details", BILLING_DETAILS)
    owner.post("account/packs/order", {"packs": "2", "way": "transfer"})
    page = owner.get(owner.last["Location"])
    invoice = Invoice.objects.get(organization=cast.organization)
    assert "The invoice was issued." in page
    assert "data:image/svg+xml" in page
    assert invoice.reference in page
    assert "3,515.51 RSD" in page
    assert owner.get(f"account/invoices/{invoice.pk}/file").startswith("%PDF")
    assert invoice.number in owner.get("account/invoices")


def test_billing_details_keep_what_was_typed(owner: Visitor) -> None:
    page = owner.post("account/billing-details", {**BILLING_DETAILS, "billing_pib": "123"}, 422)
    assert "This PIB is not valid" in page
    assert "Đure Jakšića 5" in page
    assert "Saved." in owner.post("account/billing-details", {**BILLING_DETAILS, "billing_mb": "17162540"}, 200)


def test_a_number_of_packs_that_cannot_be_keeps_what_was_typed(owner: Visitor, cards: paddle.Paddle) -> None:
    page = owner.post("account/packs/order", {"packs": "5000", "way": "card"}, 422)
    assert 'value="5000"' in page
    assert "less than or equal to 1000" in page


def test_a_card_order_goes_on_at_the_provider(cast: Any, owner: Visitor, cards: paddle.Paddle) -> None:
    assert "Pay by card" in owner.get("account/plans?tier=starter&period=monthly")
    page = owner.post("account/plans/order", {"tier": "starter", "period": "monthly", "way": "card"}, 200)
    checkout = Checkout.objects.get(organization=cast.organization)
    assert checkout.plan_id == "starter"
    assert str(checkout.external_id) in page
    assert "Your checkout is ready" in page


def test_paddles_script_is_on_its_checkout_page_alone(
    cast: Any, owner: Visitor, cards: paddle.Paddle, settings: Any
) -> None:
    settings.PADDLE_CLIENT_TOKEN = "test_token"
    owner.post("account/packs/order", {"packs": "3", "way": "card"})
    place = owner.last["Location"]
    assert place.startswith("/app/account/checkout?_ptxn=")
    page = owner.get(place)
    assert "https://cdn.paddle.com/paddle/v2/paddle.js" in page
    policy = owner.last["Content-Security-Policy"]
    assert "script-src 'self' https://cdn.paddle.com;" in policy
    assert "paddle" not in owner.get("account/plans").lower()
    assert "paddle" not in owner.last["Content-Security-Policy"]
    Visitor(cast.stranger).get(place, 404)
    owner.get("account/checkout?_ptxn=txn_other", 404)
    assert "There is nothing to pay here" in owner.get("account/checkout")


def live(cast: Any, tier: str = "starter", **fields: Any) -> Subscription:
    ends = timezone.now() + timedelta(days=20)
    return Subscription.objects.create(
        organization=cast.organization, provider="paddle", external_id="sub_1", plan_id=tier, status="active",
        period_ends_at=ends, **fields,
    )  # fmt: skip


def test_a_change_of_plan_says_first_what_it_does(cast: Any, owner: Visitor, cards: paddle.Paddle) -> None:
    live(cast)
    assert "your card is charged" in owner.get("account/plans?tier=business&period=monthly")
    assert "You already have this plan" in owner.get("account/plans?tier=starter&period=monthly")
    Subscription.objects.update(plan_id="business")
    assert "Nothing is charged today" in owner.get("account/plans?tier=starter&period=monthly")
    Subscription.objects.update(cancel_at_period_end=True)
    assert "is cancelled" in owner.get("account/plans?tier=business&period=monthly")


def test_a_plan_that_nobody_sells_is_explained(owner: Visitor) -> None:
    assert "be chosen. Available plans" in owner.get("account/plans?tier=nope&period=monthly", 422)
    assert "Choose monthly or yearly billing" in owner.get("account/plans?tier=starter&period=day", 422)


def test_overage_is_the_admins_to_allow(cast: Any, owner: Visitor) -> None:
    assert "you need a paid plan" in owner.post("account/overage", {"enabled": "1"}, 422)
    wallet = cast.organization.wallet
    wallet.plan_id = "starter"
    wallet.save()
    for name, value in BILLING_DETAILS.items():
        setattr(cast.organization, name, value)
    cast.organization.save()
    owner.post("account/overage", {"enabled": "1"})
    assert "Generation will continue" in owner.get(owner.last["Location"])


def test_a_checkout_that_comes_back_says_what_became_of_it(cast: Any, owner: Visitor) -> None:
    assert "did not go through" in owner.get("billing?payment_id=pay_9&status=failed")
    waiting = owner.get("billing?payment_id=pay_9&status=succeeded")
    assert "We are waiting for the payment provider" in waiting  # an address is no proof
    assert "arrival?payment_id=pay_9" in waiting
    assert "We are waiting for the payment provider" in owner.part("account/arrival?payment_id=pay_9&looks=3")
    assert "HX-Refresh" not in owner.last
    assert "has not confirmed the payment yet" in owner.part("account/arrival?payment_id=pay_9&looks=36")
    payment = Payment.objects.create(
        organization=cast.organization, provider="dodo", external_id="pay_9", kind="topup", status="succeeded",
        paid_at=timezone.now(), xct=500,
    )  # fmt: skip
    owner.part("account/arrival?payment_id=pay_9&looks=3")
    assert owner.last["HX-Refresh"] == "true"
    assert "500 XCT were added" in owner.get("billing?payment_id=pay_9&status=succeeded")
    assert "500" in owner.get("account/invoices")
    stranger = Visitor(cast.stranger)
    assert "were added" not in stranger.get("billing?payment_id=pay_9&status=succeeded")
    stranger.get(f"account/payments/{payment.pk}/file", 404)


def test_the_latest_checkout_is_meant_where_the_address_names_none(cast: Any, owner: Visitor) -> None:
    checkout = Checkout.objects.create(
        organization=cast.organization, provider="paddle", external_id="txn_1", kind="topup", packs=1, price_id="p"
    )
    Payment.objects.create(
        organization=cast.organization, provider="paddle", external_id="pay_x", kind="topup", status="succeeded",
        paid_at=timezone.now(), xct=500, checkout=checkout,
    )  # fmt: skip
    assert "500 XCT were added" in owner.get("billing?subscription_id=sub_7&status=active")
    assert "were added" not in owner.get("billing")


def test_invoices_of_others_are_not_there(cast: Any, owner: Visitor) -> None:
    theirs = make_invoice(make_user().organization)
    owner.get(f"account/invoices/{theirs.pk}", 404)
    owner.get(f"account/invoices/{theirs.pk}/file", 404)
    assert theirs.number not in owner.get("account/invoices")


def test_a_payments_own_invoice_is_offered_where_its_provider_gives_one(
    cast: Any, owner: Visitor, settings: Any
) -> None:
    given, kept, failed = (
        Payment.objects.create(
            organization=cast.organization, provider=provider, external_id=f"pay_{provider}_{status}", kind="topup",
            status=status, paid_at=timezone.now(),
        )
        for provider, status in (("dodo", "succeeded"), ("paddle", "succeeded"), ("dodo", "failed"))
    )  # fmt: skip
    with dodo.Dodo() as server:
        settings.DODO_API_URL, settings.DODO_API_KEY = server.url, dodo.KEY
        page = owner.get("account/invoices")
        assert [f"payments/{row.pk}/file" in page for row in (given, kept, failed)] == [True, False, False]
        assert owner.get(f"account/payments/{given.pk}/file") == dodo.PDF.decode()
    assert "Cards and receipts" in owner.get(f"account/payments/{kept.pk}/file", 404)
