"""The day's rate: the bank's list in each of its forms, staff's own, the configured one, and never an invented one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing import exchange_rates
from billing.models import ExchangeRate
from integrations.payments import nbs
from integrations.payments.errors import PaymentError
from scribe.errors import NotConfigured
from tests.fakes.nbs import NBS, rates, soap

D = Decimal
DAY = date(2026, 11, 24)
LISTS = {
    "comma": rates(DAY, "117,1837"),
    "point": rates(DAY, "117.1837"),
    "iso": rates(DAY, "117.1837", form="%Y-%m-%dT00:00:00"),
    "compact": rates(DAY, "117.1837", form="%Y%m%d"),
    "soap": soap(rates(DAY, "117,1837")),
}


@pytest.fixture
def bank(settings):
    with NBS(rates(exchange_rates.today(), "117,1837")) as bank:
        settings.NBS_RATES_URL = bank.url
        yield bank


@pytest.mark.parametrize("document", LISTS.values(), ids=LISTS)
def test_every_form_of_the_list_is_read(document):
    assert nbs.read(document.encode()) == nbs.MiddleRate(DAY, D("117.1837"), "226", D("101.5"))


@pytest.mark.parametrize("broken", ["<MiddleRate>soon</MiddleRate>", "", "<MiddleRate>0</MiddleRate>"])
def test_a_list_without_a_usable_dollar_still_gives_the_euro(broken):
    document = rates(DAY, "117,1837").replace("<MiddleRate>101,5000</MiddleRate>", broken)
    assert nbs.read(document.encode()) == nbs.MiddleRate(DAY, D("117.1837"), "226", None)


@pytest.mark.parametrize(
    "document",
    [
        "",
        "<html><body>Welcome</body></html>",
        "<x>",
        rates(DAY, "0,0000"),
        rates(DAY, "soon"),
        rates(DAY, "117,1837").replace("EUR", "XXX"),
        rates(DAY, "117,1837", form="someday"),
        '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    ],
)
def test_what_is_no_list_gives_no_rate(document):
    with pytest.raises(PaymentError):
        nbs.read(document.encode())


def test_the_rate_is_fetched_once_a_day_and_stored_with_its_source(db, bank):
    row = exchange_rates.fetch_if_needed()
    assert (row.rate, row.source, row.list_number) == (D("117.1837"), "nbs", "226")
    assert exchange_rates.fetch_if_needed() is None
    assert len(bank.requests) == 1


def test_on_a_weekend_the_bank_is_asked_every_half_hour_for_a_list_that_it_has_not(db, bank):
    bank.document = rates(exchange_rates.today() - timedelta(days=2), "117,0001")
    assert exchange_rates.fetch_if_needed().rate == D("117.0001")
    assert exchange_rates.fetch_if_needed() is None
    ExchangeRate.objects.update(fetched_at=timezone.now() - timedelta(minutes=31))
    assert exchange_rates.fetch_if_needed() is not None
    assert exchange_rates.fetch_if_needed() is None
    assert len(bank.requests) == 2


@pytest.mark.parametrize("trouble", ["500", "429", "garbage", "cut", "dropped", "slow"])
def test_a_bank_in_trouble_leaves_the_last_rate(db, bank, trouble, monkeypatch):
    monkeypatch.setattr(nbs, "TIMEOUT", 0.5)
    yesterday = exchange_rates.today() - timedelta(days=1)
    ExchangeRate.objects.create(date=yesterday, rate=D("117.0001"), source="nbs")
    bank.trouble, bank.slowness = [trouble], 2
    with pytest.raises(PaymentError):
        exchange_rates.fetch()
    assert exchange_rates.usable().date == yesterday


def test_a_rate_of_staff_goes_before_the_banks(db, bank):
    exchange_rates.enter(day=exchange_rates.today(), rate=D("118.5"), by=None)
    exchange_rates.fetch()
    assert (exchange_rates.usable().rate, exchange_rates.usable().source) == (D("118.5"), "staff")


def test_too_old_a_rate_is_none_and_the_configured_one_serves_only_an_empty_table(db, settings):
    today = exchange_rates.today()
    with pytest.raises(NotConfigured):
        exchange_rates.usable()
    settings.EUR_RSD_RATE = D("117.5")
    assert (exchange_rates.usable().rate, exchange_rates.usable().source) == (D("117.5"), "configured")
    ExchangeRate.objects.create(date=today - timedelta(days=8), rate=D(100), source="nbs")
    with pytest.raises(NotConfigured, match="7 days"):
        exchange_rates.usable()
    ExchangeRate.objects.create(date=today - timedelta(days=7), rate=D(101), source="nbs")
    ExchangeRate.objects.create(date=today + timedelta(days=1), rate=D(102), source="nbs")
    assert exchange_rates.usable().rate == D(101)
