"""The figures behind dashboard and board. Windows of time are cut by primary key, whose order is that of time, so a
query reads the window and not the table."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from django.db.models import Aggregate, Count, Exists, Model, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Concat, TruncDate
from django.utils import timezone

from accounts.models import Organization
from billing.models import Entry, Invoice, Payment, Refund, UsageRecord
from scribe.ids import first_id
from scribe.models import Job

Rows = TypeVar("Rows", bound=Model)
#: A figure of each day.
Days = Mapping[date, Decimal | int]

DAYS = 30
PAID_BY = Q(cycle_key__startswith="payment:") | Q(cycle_key__startswith="invoice:")


def since(queryset: QuerySet[Rows], moment: datetime) -> QuerySet[Rows]:
    """Rows made at or after `moment`, found through the primary key."""
    return queryset.filter(pk__gte=first_id(moment), created_at__gte=moment)


def window_start() -> datetime:
    return (timezone.now() - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)


def by_day(rows: QuerySet[Rows], field: str, value: Aggregate) -> Days:
    counted = rows.order_by().annotate(day=TruncDate(field)).values("day").annotate(value=value)
    return {row["day"]: row["value"] or 0 for row in counted}


def revenue(start: datetime) -> dict[str, Days]:
    """EUR received by day: cards (less refunds) and bank transfers."""
    cards: dict[date, Decimal] = defaultdict(Decimal)
    came = ~Q(status=Payment.Status.FAILED) | Q(kind=Payment.Kind.PARKED)
    paid = Payment.objects.filter(came, paid_at__gte=start, currency="EUR")
    for day, cents in by_day(paid, "paid_at", Sum("amount_minor")).items():
        cards[day] += Decimal(cents) / 100
    # A word that takes an earlier one back has its id and a suffix: then neither counts.
    words = Refund.objects.filter(provider=OuterRef("provider"), refunded_at__gte=OuterRef("refunded_at"))
    void = words.filter(external_id__startswith=Concat(OuterRef("external_id"), Value(":")))
    back = Refund.objects.filter(~Exists(void), refunded_at__gte=start, payment__currency="EUR")
    back, all_of_it = back.exclude(external_id__contains=":"), Coalesce("amount_minor", "payment__amount_minor")
    for sign, rows in ((-1, back.filter(reverses=False)), (1, back.filter(reverses=True))):
        for day, cents in by_day(rows, "refunded_at", Sum(all_of_it)).items():
            cards[day] += sign * Decimal(cents) / 100
    bank = Invoice.objects.filter(paid_at__gte=start, status=Invoice.Status.PAID, series=Invoice.Series.INVOICE)
    return {"Cards": dict(cards), "Bank transfers": by_day(bank, "paid_at", Sum("eur_amount"))}


def xct(start: datetime) -> dict[str, Days]:
    """XCT sold (top-ups and paid allotments) and used, by day."""
    entries = since(Entry.objects.all(), start)
    sold = entries.filter(Q(transaction_type=Entry.Type.TOPUP) | Q(PAID_BY, transaction_type=Entry.Type.GRANT))
    used = by_day(entries.filter(transaction_type=Entry.Type.USAGE), "created_at", Sum("amount"))
    return {"Sold": by_day(sold, "created_at", Sum("amount")), "Used": {day: -value for day, value in used.items()}}


def provider_cost(start: datetime) -> dict[str, dict[date, Decimal]]:
    """What models cost us in USD, by provider and day."""
    rows = since(UsageRecord.objects.filter(byok=False), start).order_by()
    found: dict[str, dict[date, Decimal]] = defaultdict(dict)
    for row in rows.annotate(day=TruncDate("created_at")).values("provider", "day").annotate(value=Sum("cost_usd")):
        if row["value"]:
            found[row["provider"]][row["day"]] = row["value"]
    return dict(found)


def jobs(start: datetime) -> dict[str, Days]:
    ended = since(Job.objects.all(), start)
    fine = (Job.Status.COMPLETED, Job.Status.COMPLETED_WITH_ERRORS)
    return {
        "Completed": by_day(ended.filter(status__in=fine), "created_at", Count("pk")),
        "Failed": by_day(ended.filter(status=Job.Status.FAILED), "created_at", Count("pk")),
    }


def sign_ups(start: datetime) -> dict[str, Days]:
    return {"Organizations": by_day(since(Organization.objects.all(), start), "created_at", Count("pk"))}


def unpaid() -> dict[str, Decimal | int]:
    """Unpaid invoices, and those of them that are past their due date."""
    today = timezone.localdate()
    late = Q(due_date__lt=today)
    pending = Invoice.objects.filter(status=Invoice.Status.PENDING, series=Invoice.Series.INVOICE)
    found = pending.aggregate(
        count=Count("pk"), eur=Sum("eur_amount"), late=Count("pk", filter=late), late_eur=Sum("eur_amount", filter=late)
    )
    return {name: value or 0 for name, value in found.items()}
