"""Invoices for bank transfer: frozen, numbered without gaps, confirmed once, printed with a readable QR code."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone, translation
from pypdf import PdfReader

from billing import cycles, exchange_rates, holds, invoice_pdf, invoices, ips, ledger, orders, settlement
from billing.models import ExchangeRate, Invoice, InvoiceCounter, Plan, Subscription, Wallet
from billing.months import months_after
from scribe.errors import Conflict
from scribe.models import AuditEntry
from tests.billing import books
from tests.factories import BILLING_DETAILS, make_organization, make_user
from tests.workbench.sentences import messages_in

D = Decimal


def test_a_topup_invoice_says_all_that_the_contract_asks_for(api, cast, buyer):
    reply = api.as_(cast.owner).post("billing/invoices/topup", {"xct_packs": 2}, status=201)
    year = exchange_rates.today().year
    assert (reply["invoice_type"], reply["status"], reply["xct_amount"]) == ("topup", "pending", "1000.0000")
    assert (reply["eur_amount"], reply["amount"], reply["currency"]) == ("30.00", "3515.51", "RSD")
    assert (reply["exchange_rate"], reply["exchange_rate_source"]) == ("117.1837", "nbs")
    assert (reply["buyer_company_name"], reply["buyer_pib"]) == ("Čigra Tekstil d.o.o.", "100002887")
    assert reply["buyer_address"] == "Đure Jakšića 5, 18000 Niš, RS"
    assert reply["due_date"] == str(exchange_rates.today() + timedelta(days=8))
    assert reply["invoice_number"].startswith(f"{year}-0000")
    assert ips.check(reply["qr_code_data"]) is None
    assert "I:RSD3515,51" in reply["qr_code_data"]
    assert f"RO:{reply['payment_reference']}" in reply["qr_code_data"]
    assert books.check(buyer).topup_balance == 0
    assert [row["id"] for row in api.as_(cast.teammate).get("billing/invoices")] == [reply["id"]]
    assert api.as_(cast.stranger).get("billing/invoices") == []


def test_who_may_order_and_what_is_needed(api, cast, seller, rate):
    owner = api.as_(cast.owner)
    assert owner.post("billing/invoices/topup", {"xct_packs": 1}, status=400)["code"] == "billing_details_required"
    for wrong in ({"xct_packs": 0}, {}, {"xct_packs": "x"}):
        owner.post("billing/invoices/topup", wrong, status=400)
    for wrong in ({"tier": "free"}, {"tier": "nope"}, {"tier": "starter", "billing_period": "daily"}):
        owner.post("billing/invoices/upgrade", wrong, status=400)
    api.as_(cast.teammate).post("billing/invoices/topup", {"xct_packs": 1}, status=403)


def test_numbers_are_given_to_verified_people_and_few_at_a_time(api, cast, buyer, settings):
    settings.INVOICES_OPEN_AT_MOST, settings.INVOICES_A_DAY = 2, 3
    owner = api.as_(cast.owner)
    type(cast.owner).objects.filter(pk=cast.owner.pk).update(email_verified_at=None)
    asked = {"tier": "starter", "billing_period": "monthly"}
    assert owner.post("billing/invoices/topup", {"xct_packs": 1}, status=403)["code"] == "email_not_verified"
    assert owner.post("billing/invoices/upgrade", asked, status=403)["code"] == "email_not_verified"
    type(cast.owner).objects.filter(pk=cast.owner.pk).update(email_verified_at=timezone.now())
    made = [owner.post("billing/invoices/topup", {"xct_packs": 1}, status=201) for _ in range(2)]
    for path, body in (("topup", {"xct_packs": 1}), ("upgrade", asked)):
        assert owner.post(f"billing/invoices/{path}", body, status=409)["code"] == "too_many_open_invoices"
    assert InvoiceCounter.objects.get(series="invoice").last == 2
    for invoice in made:
        api.as_(cast.staff).post(f"billing/invoices/{invoice['id']}/cancel")
    owner.post("billing/invoices/topup", {"xct_packs": 1}, status=201)
    assert owner.post("billing/invoices/topup", {"xct_packs": 1}, status=429)["code"] == "too_many_invoices"
    assert int(owner.last["Retry-After"]) > 0


def test_without_seller_or_rate_nothing_is_issued_and_no_number_is_used(api, cast, buyer, rate, settings):
    owner = api.as_(cast.owner)
    rate.delete()
    assert owner.post("billing/invoices/topup", {"xct_packs": 1}, status=503)["code"] == "exchange_rate_unavailable"
    settings.SELLER_ACCOUNT = "310-1234567891211-87"
    assert owner.post("billing/invoices/topup", {"xct_packs": 1}, status=503)["code"] == "invoices_not_configured"
    assert not Invoice.objects.of(buyer).exists()


def test_a_live_card_subscription_excludes_upgrades_by_invoice_but_not_topups(api, cast, buyer):
    Subscription.objects.create(
        organization=buyer, provider="dodo", external_id="sub_x", plan_id="starter", status="active"
    )
    owner = api.as_(cast.owner)
    reply = owner.post("billing/invoices/upgrade", {"tier": "business", "billing_period": "monthly"}, status=409)
    assert reply["code"] == "card_subscription"
    owner.post("billing/invoices/topup", {"xct_packs": 1}, status=201)


def test_confirming_grants_once_and_repeats_give_the_same_answer(api, cast, buyer):
    made = api.as_(cast.owner).post("billing/invoices/topup", {"xct_packs": 2}, status=201)
    path = f"billing/invoices/{made['id']}"
    for who in (cast.owner, cast.teammate, cast.stranger):
        api.as_(who).post(f"{path}/confirm", status=403)
    first = api.as_(cast.staff).post(f"{path}/confirm")
    assert (first["status"], first["confirmed_by"]) == ("paid", str(cast.staff.pk))
    assert api.as_(cast.staff).post(f"{path}/confirm") == first
    assert books.check(buyer).topup_balance == 1000
    assert api.as_(cast.staff).post(f"{path}/cancel", status=409)["code"] == "invoice_paid"
    assert AuditEntry.objects.filter(action="invoice.confirmed", target_id=made["id"]).count() == 1
    assert cast.owner.notifications.filter(notification_type="invoice_confirmed").count() == 1


def test_an_upgrade_invoice_starts_the_plan_when_it_is_paid(api, cast, buyer):
    made = api.as_(cast.owner).post(
        "billing/invoices/upgrade", {"tier": "professional", "billing_period": "yearly"}, status=201
    )
    assert (made["tier"], made["billing_period"], made["eur_amount"]) == ("professional", "yearly", "990.00")
    api.as_(cast.staff).post(f"billing/invoices/{made['id']}/confirm")
    wallet = books.check(buyer)
    assert (wallet.plan_id, wallet.subscription_balance) == ("professional", 5000)
    shown = api.as_(cast.owner).get("billing/subscription")
    assert (shown["payment_method"], shown["billing_period"]) == ("bank_transfer", "yearly")
    months = [wallet.next_cycle_at + timedelta(days=31 * n) for n in range(14)]
    started = [settlement.roll_over(buyer, now=when) for when in months]
    assert sum(cycle is not None for cycle in started) == 11  # the twelfth month ends what was paid for
    assert books.check(buyer).next_cycle_at is None


def test_a_renewal_that_is_paid_early_prolongs(api, cast, buyer):
    for _ in range(2):
        invoice = orders.order_plan(organization=buyer, plan=_plan("starter"), billing_period="monthly")
        invoices.confirm(invoice=invoice, by=cast.staff)
    wallet = books.check(buyer)
    assert wallet.subscription_balance == 1000
    assert wallet.paid_until == months_after(wallet.next_cycle_at, 1)
    assert settlement.roll_over(buyer, now=wallet.next_cycle_at + timedelta(hours=1)) is not None
    assert books.check(buyer).subscription_balance == 1000


def _plan(tier):
    from billing.models import Plan

    return Plan.objects.get(pk=tier)


def test_cancelling_makes_a_counter_invoice_and_keeps_the_number(api, cast, buyer):
    made = api.as_(cast.owner).post("billing/invoices/topup", {"xct_packs": 1}, status=201)
    path = f"billing/invoices/{made['id']}"
    staff = api.as_(cast.staff)
    first = staff.post(f"{path}/cancel", {"reason": "Ordered twice"})
    assert first["status"] == "cancelled"
    assert staff.post(f"{path}/cancel") == first
    assert staff.post(f"{path}/confirm", status=409)["code"] == "invoice_cancelled"
    note = Invoice.objects.get(corrects_id=made["id"])
    assert (note.series, note.number[:3], note.amount, note.reason) == ("credit", "KO-", D("1757.76"), "Ordered twice")
    owner = api.as_(cast.owner)
    assert len(owner.get("billing/invoices")) == 1
    assert len(owner.get("billing/invoices", include_credit_notes=True)) == 2
    assert owner.get(f"billing/invoices/{note.pk}/pdf").startswith(b"%PDF")
    assert books.check(buyer).topup_balance == 0


def test_crediting_a_paid_invoice_takes_its_xct_back(cast, buyer):
    invoice = orders.order_packs(organization=buyer, packs=1, by=cast.owner)
    invoices.confirm(invoice=invoice, by=cast.staff)
    hold = holds.place(organization=buyer, amount=D(100), key="work")
    holds.capture(hold=hold, amount=D(100), key="item")
    for _ in range(2):
        credited = invoices.credit(invoice=invoice, by=cast.staff, reason="Returned")
        assert credited.status == "cancelled"
    assert books.check(buyer).topup_balance == D(-50)


def test_crediting_an_invoice_that_prolonged_a_plan_takes_the_month_back(cast, buyer):
    from billing import invoices, orders
    from billing.models import Plan

    plan = Plan.objects.get(pk="starter")
    paid = []
    for _ in range(2):
        made = orders.order_plan(organization=buyer, plan=plan, billing_period="monthly", by=cast.owner)
        paid.append(invoices.confirm(invoice=made, by=cast.staff))
    first_end = months_after(paid[0].paid_at, 1)
    invoices.credit(invoice=paid[1], by=cast.staff, reason="Paid twice")
    wallet = books.check(buyer)
    assert (wallet.plan_id, wallet.subscription_balance) == ("starter", 1000)
    assert abs(wallet.paid_until - first_end) < timedelta(seconds=5)
    live = Subscription.objects.of(buyer).get()
    assert (live.period_ends_at, live.status) == (wallet.paid_until, "active")
    assert settlement.roll_over(buyer, now=first_end + timedelta(days=1)) is None
    invoices.credit(invoice=paid[0], by=cast.staff, reason="Paid by mistake")
    wallet = books.check(buyer)
    assert (wallet.plan_id, wallet.total_balance, wallet.paid_until) == ("free", 50, None)
    assert Subscription.objects.of(buyer).get().status == "expired"


def test_crediting_the_first_of_two_moves_the_second_up(cast, buyer):
    from billing import invoices, orders
    from billing.models import Plan

    plan = Plan.objects.get(pk="starter")
    paid = []
    for _ in range(2):
        made = orders.order_plan(organization=buyer, plan=plan, billing_period="monthly", by=cast.owner)
        paid.append(invoices.confirm(invoice=made, by=cast.staff))
    invoices.credit(invoice=paid[0], by=cast.staff, reason="Paid twice")
    wallet = books.check(buyer)
    assert wallet.plan_id == "starter"
    assert abs(wallet.paid_until - months_after(paid[0].paid_at, 1)) < timedelta(days=4)


def test_the_database_refuses_to_change_an_invoice_or_give_its_number_twice(cast, buyer):
    invoice = orders.order_packs(organization=buyer, packs=1, by=cast.owner)
    for statement in (
        "UPDATE billing_invoice SET amount = 1",
        "UPDATE billing_invoice SET number = 'x'",
        "UPDATE billing_invoice SET buyer = '{}'",
        "UPDATE billing_invoice SET organization_id = NULL",
        "DELETE FROM billing_invoice",
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            connection.cursor().execute(statement)
    copy = Invoice.objects.get(pk=invoice.pk)
    copy.pk, copy._state.adding = None, True
    copy.id = type(invoice)._meta.pk.get_default()
    with pytest.raises(IntegrityError, match="invoice_number_once"), transaction.atomic():
        copy.save()


def test_invoices_outlive_the_erasure_of_their_organization_with_what_the_law_asks(cast, buyer):
    from billing import erasure

    buyer.billing_email = "buyer@example.com"
    buyer.save()
    invoice = orders.order_packs(organization=buyer, packs=1, by=cast.owner)
    erasure.reduce_invoices(Invoice.objects.of(buyer))
    invoice.refresh_from_db()
    assert (invoice.organization, invoice.created_by_id) == (None, None)
    assert "email" not in invoice.buyer
    assert invoice.buyer["pib"] == "100002887"


def test_reminders_come_once_and_what_is_overdue_expires(cast, buyer):
    invoice = orders.order_packs(organization=buyer, packs=1, by=cast.owner)
    assert orders.remind(today=invoice.due_date - timedelta(days=3)) == 0
    assert [orders.remind(today=invoice.due_date - timedelta(days=n)) for n in (2, 2, 1)] == [1, 0, 0]
    orders.expire(today=invoice.due_date)
    invoice.refresh_from_db()
    assert invoice.status == "pending"
    orders.expire(today=invoice.due_date + timedelta(days=1))
    invoice.refresh_from_db()
    assert invoice.status == "expired"
    assert invoices.confirm(invoice=invoice, by=cast.staff).status == "paid"  # transfers come late
    assert books.check(buyer).topup_balance == 500


def test_overage_is_invoiced_at_the_cycles_end_and_paid_off_by_it(cast, buyer):
    Wallet.objects.filter(organization=buyer).update(plan="starter", allotment=1000, overage_enabled=True)
    hold = holds.place(organization=buyer, amount=D(250), key="work")
    holds.capture(hold=hold, amount=D(250), key="item")
    assert orders.bill_overage(buyer) is None  # not before the cycle's end
    cycles.reset_today(organization=buyer, by=cast.staff)
    assert books.check(buyer).total_balance == D(800)
    invoice = orders.bill_overage(buyer)
    assert orders.bill_overage(buyer) is None
    assert (invoice.invoice_type, invoice.xct_amount, invoice.eur_amount) == ("overage", D(200), D(6))
    invoices.confirm(invoice=invoice, by=cast.staff)
    wallet = books.check(buyer)
    assert (wallet.overage_owed, wallet.total_balance) == (0, 1000)


def test_unpaid_overage_is_told_then_stops_generation_then_overage(api, cast, buyer):
    from billing import access, dunning, invoices
    from scribe.errors import Forbidden

    Wallet.objects.filter(organization=buyer).update(plan="starter", overage_enabled=True)
    with transaction.atomic(), ledger.book(buyer) as book:
        book.post("overage", D(-100), "adjustment", key="work")
        book.wallet.overage_due = D(100)
        book.touch("overage_due")
    invoice = orders.bill_overage(buyer)
    due = invoice.due_date
    for days, stage in ((2, 0), (3, 3), (6, 3), (7, 7), (13, 7), (14, 14)):
        dunning.run_overage(today=due + timedelta(days=days))
        dunning.run_overage(today=due + timedelta(days=days))
        wallet = Wallet.objects.get(organization=buyer)
        assert (wallet.overage_stage, wallet.overage_enabled) == (stage, stage < 14)
        if stage < 7:
            access.check_can_spend(buyer)
            continue
        with pytest.raises(Forbidden) as refusal:
            access.check_can_spend(buyer)
        assert refusal.value.code == "payment_overdue"
    assert wallet.plan_id == "starter", "the plan is paid by itself"
    assert cast.owner.notifications.filter(notification_type="payment_failed").count() == 3
    invoices.confirm(invoice=invoice, by=cast.staff)
    access.check_can_spend(buyer)
    assert books.check(buyer).overage_stage == 0


def test_overage_that_cannot_be_invoiced_for_want_of_details_is_dunned_too(cast, buyer):
    from billing import dunning

    with transaction.atomic(), ledger.book(buyer) as book:
        book.post("overage", D(-100), "adjustment", key="work")
        book.wallet.overage_due = D(100)
        book.touch("overage_due")
    buyer.billing_address = ""
    buyer.save()
    started = Wallet.objects.get(organization=buyer).cycle_started_at.date()
    dunning.run_overage(today=started + timedelta(days=14))
    assert Wallet.objects.get(organization=buyer).overage_stage == 3
    buyer.billing_address = "Main street 1"
    buyer.save()
    dunning.run_overage(today=started + timedelta(days=20))
    assert Wallet.objects.get(organization=buyer).overage_stage == 0, "now it can be invoiced"


def test_bank_plans_are_invoiced_again_before_they_end_once(cast, buyer):
    first = orders.order_plan(organization=buyer, plan=_plan("starter"), billing_period="monthly")
    invoices.confirm(invoice=first, by=cast.staff)
    ends = books.check(buyer).paid_until
    early = ends - timedelta(days=11)
    assert [orders.issue_renewals(now=now) for now in (early, ends - timedelta(days=9), ends)] == [0, 1, 0]
    second = Invoice.objects.of(buyer).latest("sequence")
    assert (second.plan_id, second.billing_period, second.status) == ("starter", "monthly", "pending")
    invoices.confirm(invoice=second, by=cast.staff)
    assert books.check(buyer).paid_until == months_after(ends, 1)
    Subscription.objects.filter(organization=buyer).update(cancel_at_period_end=True)
    assert orders.issue_renewals(now=months_after(ends, 1) - timedelta(days=1)) == 0


@pytest.mark.thorough
def test_fifty_invoices_at_once_and_ten_rollbacks_leave_no_gap(committed, at_once, seller):
    ExchangeRate.objects.get_or_create(date=exchange_rates.today(), defaults={"rate": D("117.1837"), "source": "nbs"})
    organization = make_organization(**BILLING_DETAILS)
    year = exchange_rates.today().year
    before = InvoiceCounter.objects.filter(series="invoice", year=year).values_list("last", flat=True).first() or 0

    def order(number):
        with transaction.atomic():
            invoice = orders.order_packs(organization=organization, packs=1, by=None)
            if number % 6 == 5:
                raise RuntimeError("something later in the transaction failed")
            return invoice.sequence

    made = [number for number in at_once(order, range(60)) if isinstance(number, int)]
    assert len(made) == 50
    assert sorted(made) == list(range(before + 1, before + 51))


def test_two_super_admins_confirm_one_invoice_and_it_counts_once(committed, at_once, seller):
    ExchangeRate.objects.get_or_create(date=exchange_rates.today(), defaults={"rate": D("117.1837"), "source": "nbs"})
    organization = make_organization(**BILLING_DETAILS)
    staff = [make_user(make_organization("Platform"), is_super_admin=True) for _ in range(2)]
    invoice = orders.order_packs(organization=organization, packs=3, by=None)
    answers = at_once(lambda who: invoices.confirm(invoice=invoice, by=who), staff * 4)
    assert {answer.status for answer in answers} == {"paid"}
    assert len({answer.confirmed_by_id for answer in answers}) == 1
    assert books.check(organization).topup_balance == 1500
    refused = at_once(lambda who: invoices.cancel(invoice=invoice, by=who), staff)
    assert all(isinstance(error, Conflict) for error in refused)


# --- the PDF


def page(content, number=0, scale=3):
    return pypdfium2.PdfDocument(content)[number].render(scale=scale).to_pil()


@pytest.mark.thorough
def test_the_pdf_can_be_searched_and_its_qr_code_read_from_the_pixels(api, cast, buyer):
    made = api.as_(cast.owner).post("billing/invoices/topup", {"xct_packs": 2}, status=201)
    content = api.as_(cast.owner).get(f"billing/invoices/{made['id']}/pdf")
    reader = PdfReader(io.BytesIO(content))
    text = " ".join(" ".join(p.extract_text() for p in reader.pages).split())
    for wanted in (
        f"Račun {made['invoice_number']}",
        "Čigra Tekstil d.o.o.",
        "Đure Jakšića 5",
        "PIB: 100002887",
        "3.515,51 RSD",
        "30,00",
        "1 EUR = 117,1837 RSD (NBS srednji kurs",
        "Kursna lista br. 226",
        "član 33. Zakona",
        "310-1234567891211-86",
        "NBS IPS QR",
        "1 / 2",
        f"Invoice {made['invoice_number']}",
    ):
        assert wanted in text, wanted
    assert "PDV 20" not in text
    for number in range(len(reader.pages)):
        [code] = zxingcpp.read_barcodes(page(content, number))
        assert code.text == made["qr_code_data"]
    assert content == api.as_(cast.staff).get(f"billing/invoices/{made['id']}/pdf")  # the same row, the same page
    api.as_(cast.stranger).get(f"billing/invoices/{made['id']}/pdf", status=404)


def words(invoice):
    """Of each page."""
    pages = PdfReader(io.BytesIO(invoice_pdf.render(invoice))).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def fixed(template, language):
    """The longest words of a sentence that stand on every page that has it."""
    with translation.override(language):
        return max(re.split(r"\{[^}]*\}", translation.gettext(template)), key=len).strip()


@pytest.mark.parametrize(
    ("payer", "languages"),
    [(("RS", "de"), ["sr-latn", "en"]), (("AT", "de"), ["de", "sr-latn", "en"]), (("AT", ""), ["en", "sr-latn"])],
)
def test_each_page_is_in_one_language_and_the_payers_is_the_first(cast, buyer, rate, payer, languages):
    buyer.billing_country, cast.owner.language = payer
    buyer.save()
    cast.owner.save()
    rate.date -= timedelta(days=3)
    rate.save()
    plan = Plan.objects.get(pk="starter")
    invoice = orders.order_plan(organization=buyer, plan=plan, billing_period="yearly", by=cast.owner)
    invoices.cancel(invoice=invoice, by=cast.staff)
    templates = {"XC Scribe {plan_name}: 1 year", "Cancelled before payment.", *messages_in(Path(invoice_pdf.__file__))}
    assert len(templates) > 30
    pages = words(Invoice.objects.get(pk=invoice.pk)), words(Invoice.objects.get(corrects=invoice))
    for language, *both in zip(languages, *pages, strict=True):
        text = " ".join(both)
        for other in {"en", "de", "sr-latn"} - {language}:
            there = {template: (fixed(template, other), fixed(template, language)) for template in templates}
            assert [said for said, own in there.values() if len(said) > 8 and said != own and said in text] == []
        for template in ("XC Scribe {plan_name}: 1 year", "Cancelled before payment.", "Date of supply"):
            assert fixed(template, language) in text


@pytest.mark.thorough
def test_cyrillic_long_names_and_markup_are_printed_as_they_are(cast, buyer, settings):
    settings.SELLER_NAME = "Пример Студио д.о.о."
    buyer.billing_company_name = "<b>Љубав & Њива</b> д.о.о. за производњу, промет и услуге Ђак Џеп ћуп " + "Ш" * 40
    buyer.save()
    invoice = orders.order_packs(organization=buyer, packs=1, by=None)
    content = invoice_pdf.render(invoice)
    text = " ".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
    assert "<b>Љубав & Њива</b>" in text
    [code] = zxingcpp.read_barcodes(page(content))
    assert code.text == invoice.qr_code_data
    assert "N:Пример Студио д.о.о." in code.text


def test_an_older_rate_shows_its_age(cast, buyer, rate):
    rate.date = exchange_rates.today() - timedelta(days=3)
    rate.save()
    invoice = orders.order_packs(organization=buyer, packs=1, by=None)
    assert "published: 3." in invoice_pdf.rate_note(invoice)


def test_ledger_and_invoices_are_written_together(cast, buyer):
    invoice = orders.order_packs(organization=buyer, packs=1, by=None)
    with pytest.raises(RuntimeError), transaction.atomic():
        invoices.confirm(invoice=invoice, by=cast.staff)
        raise RuntimeError("the process dies here")
    invoice.refresh_from_db()
    assert invoice.status == "pending"
    assert books.check(buyer).topup_balance == 0
    with transaction.atomic():
        assert ledger.lock(buyer).topup_balance == 0
