"""The day's rate of the euro in dinars. Beat fetches it or staff enter it; it is never made up."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from billing.models import ExchangeRate
from integrations.payments import nbs
from scribe import audit
from scribe.errors import NotConfigured
from scribe.logs import get_logger
from scribe.messages import _

log = get_logger(__name__)

#: Invoices count days by the issuer's clock.
ZONE = ZoneInfo("Europe/Belgrade")
OLDEST = timedelta(days=7)
ASK_AGAIN_AFTER = timedelta(minutes=30)


def today() -> date:
    return timezone.now().astimezone(ZONE).date()


def fetch() -> ExchangeRate:
    """Fetch the bank's list and store the euro's rate under its date; a rate that staff entered for it stays.

    Raises `integrations.payments.errors.PaymentError` when the bank does not give one.
    """
    found = nbs.euro()
    row, is_new = ExchangeRate.objects.get_or_create(
        date=found.date,
        defaults={
            "rate": found.middle,
            "usd_rate": found.dollar,
            "list_number": found.list_number,
            "source": ExchangeRate.Source.NBS,
        },
    )
    if not is_new and row.source == ExchangeRate.Source.NBS:
        row.rate, row.usd_rate, row.list_number = found.middle, found.dollar, found.list_number
        row.save()  # also when nothing changed: `fetched_at` says when the bank was asked last
    log.info("exchange rate fetched", date=str(row.date), rate=str(row.rate))
    return row


def fetch_if_needed() -> ExchangeRate | None:
    """For beat: fetch unless today's list is stored. Where the bank has none (weekends), it is asked every half hour."""
    if not settings.NBS_RATES_URL or ExchangeRate.objects.filter(date=today()).exists():
        return None
    lately = timezone.now() - ASK_AGAIN_AFTER
    if ExchangeRate.objects.filter(source=ExchangeRate.Source.NBS, fetched_at__gt=lately).exists():
        return None
    return fetch()


@transaction.atomic
def enter(
    *, day: date, rate: Decimal, by: User, list_number: str = "", usd_rate: Decimal | None = None
) -> ExchangeRate:
    """Store a rate that staff entered for one day. It takes precedence over the bank's."""
    before = ExchangeRate.objects.filter(date=day).values_list("rate", flat=True).first()
    row, _ = ExchangeRate.objects.update_or_create(
        date=day,
        defaults={
            "rate": rate,
            "usd_rate": usd_rate,
            "list_number": list_number,
            "source": ExchangeRate.Source.STAFF,
        },
    )
    audit.record(
        action="exchange_rate.entered",
        actor=by,
        target=row,
        before={"rate": before},
        after={"date": day, "rate": rate},
    )
    return row


def usable() -> ExchangeRate:
    """The newest rate up to today, at most 7 days old; the configured one only while none is stored at all.

    Raises NotConfigured `exchange_rate_unavailable`: an invoice is not issued at a rate that nobody stated.
    """
    day = today()
    newest = ExchangeRate.objects.filter(date__lte=day).order_by("-date").first()
    if newest is None and settings.EUR_RSD_RATE is not None and not ExchangeRate.objects.exists():
        return ExchangeRate(date=day, rate=settings.EUR_RSD_RATE, source=ExchangeRate.Source.CONFIGURED)
    if newest is None or newest.date < day - OLDEST:
        raise NotConfigured(
            _(
                "We have no exchange rate from the last 7 days, so no invoice can be issued right now. Please "
                "try again later."
            ),
            code="exchange_rate_unavailable",
        )
    return newest


def dollar() -> tuple[Decimal, date] | None:
    """EUR for 1 USD by the newest stored list that has both, with its day; None while none is stored."""
    row = ExchangeRate.objects.exclude(usd_rate=None).filter(date__lte=today()).order_by("-date").first()
    return None if row is None or row.usd_rate is None else (row.usd_rate / row.rate, row.date)
