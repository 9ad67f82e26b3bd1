"""The National Bank of Serbia's rate list at the socket: bare XML, or as text inside a SOAP envelope."""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from tests.fakes.misbehaving import Misbehaving
from tests.fakes.server import Reply, Request


def rates(day: date, euro: str, *, number: str = "226", form: str = "%d.%m.%Y") -> str:
    row = (
        "<ExchangeRate><ExchangeRateListNumber>{number}</ExchangeRateListNumber><Date>{day}</Date>"
        "<CurrencyCodeAlfaChar>{code}</CurrencyCodeAlfaChar><Unit>{unit}</Unit><MiddleRate>{rate}</MiddleRate>"
        "</ExchangeRate>"
    )
    shown = day.strftime(form)
    rows = [("USD", "1", "101,5000"), ("EUR", "1", euro), ("JPY", "100", "68,1234")]
    body = "".join(row.format(number=number, day=shown, code=code, unit=unit, rate=rate) for code, unit, rate in rows)
    return f'<?xml version="1.0" encoding="utf-8"?><ExchangeRateDataSet>{body}</ExchangeRateDataSet>'


def soap(inner: str) -> str:
    return (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        '<GetCurrentExchangeRateResponse xmlns="http://communicationoffice.nbs.rs"><GetCurrentExchangeRateResult>'
        f"{escape(inner)}</GetCurrentExchangeRateResult></GetCurrentExchangeRateResponse></soap:Body></soap:Envelope>"
    )


class NBS(Misbehaving):
    def __init__(self, document: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.document = document

    def good(self, request: Request) -> Reply:
        return Reply(200, self.document.encode(), {"content-type": "text/xml; charset=utf-8"})
