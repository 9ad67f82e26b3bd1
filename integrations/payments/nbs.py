"""The National Bank of Serbia's exchange-rate list: its XML, bare or inside a SOAP envelope."""

import contextlib
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.conf import settings

from integrations.payments.errors import PaymentError
from scribe.http import client
from scribe.http.errors import OutboundError, TimedOut
from scribe.messages import _

TIMEOUT = 10
MOST_BYTES = 2 * 1024 * 1024
TITLE = "The National Bank of Serbia"


@dataclass(frozen=True)
class MiddleRate:
    """The middle rate of one EUR in RSD, and that of one USD if the list has it."""

    date: date
    middle: Decimal
    list_number: str
    dollar: Decimal | None = None


def euro() -> MiddleRate:
    """Fetch the list at NBS_RATES_URL and read its middle rates. Raises PaymentError if either fails."""
    try:
        answer = client.request(
            "GET",
            settings.NBS_RATES_URL,
            timeout=TIMEOUT,
            max_bytes=MOST_BYTES,
            allow_redirects_same_host=True,
            to="nbs",
        )
    except TimedOut as error:
        raise PaymentError(TITLE, _("It did not answer in time."), timed_out=True) from error
    except OutboundError as error:
        raise PaymentError(TITLE, _("It could not be read: {name}.", name=type(error).__name__)) from error
    if not answer.ok:
        raise PaymentError(TITLE, _("It returned status {status}.", status=answer.status))
    return read(answer.body)


def read(content: bytes | str) -> MiddleRate:
    """The rates of euro and dollar in an exchange-rate list."""
    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise PaymentError(TITLE, _("Its answer was no XML.")) from error
    rows: dict[str, dict[str, str]] = {}
    for element in root.iter():
        if _name(element) == "exchangerate":
            row = {_name(child): (child.text or "").strip() for child in element}
            rows.setdefault(row.get("currencycodealfachar", ""), row)
        # The SOAP service gives the list as text inside its envelope.
        inner = (element.text or "").strip()
        if inner.startswith("<") and "ExchangeRate" in inner and len(element) == 0:
            return read(inner.encode())
    if "EUR" not in rows:
        raise PaymentError(TITLE, _("Its list has no euro."))
    found = _rate(rows["EUR"])
    with contextlib.suppress(PaymentError):  # invoices need the euro alone
        return replace(found, dollar=_rate(rows.get("USD", {})).middle)
    return found


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _rate(row: dict[str, str]) -> MiddleRate:
    day = _day(row.get("date", ""))
    try:
        middle = Decimal(_number(row.get("middlerate", "")))
        unit = Decimal(_number(row.get("unit", "") or "1"))
    except InvalidOperation as error:
        raise PaymentError(TITLE, _("Its rate is no number.")) from error
    if day is None or not middle.is_finite() or middle <= 0 or unit <= 0:
        raise PaymentError(TITLE, _("Its rate has no date or no value."))
    return MiddleRate(day, (middle / unit).quantize(Decimal("0.0001")), row.get("exchangeratelistnumber", "")[:20])


def _number(text: str) -> str:
    """A rate with a decimal point, from `117,1837`, `1.117,1837` or `117.1837`."""
    return text.replace(".", "").replace(",", ".") if "," in text else text


def _day(text: str) -> date | None:
    """A day from 24.11.2026, 24.11.2026., 20261124 or 2026-11-24 (with or without a time); None for other texts."""
    if found := re.match(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        day, month, year = (int(part) for part in found.groups())
    elif found := re.match(r"(\d{4})-?(\d{2})-?(\d{2})", text):
        year, month, day = (int(part) for part in found.groups())
    else:
        return None
    try:
        return datetime(year, month, day).date()  # noqa: DTZ001  a calendar day, no moment
    except ValueError:
        return None
