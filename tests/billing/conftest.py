"""What the tests of money share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from billing import exchange_rates
from billing.models import ExchangeRate
from tests.billing.clocks import STORIES, clock
from tests.factories import BILLING_DETAILS


@pytest.fixture
def november() -> Iterator[None]:
    """For tests whose events and periods have dates: our clock begins at one of these on whatever day they run."""
    with clock(STORIES, runs=True):
        yield


@pytest.fixture
def at_once() -> Any:
    """Run `work` for each of the values, on `threads` connections at the same time; the results in order, errors as
    they were raised."""

    def run(work: Callable[[Any], Any], values: Iterable[Any], *, threads: int = 8) -> list[Any]:
        def one(value: Any) -> Any:
            try:
                return work(value)
            except Exception as error:
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(one, values))

    return run


@pytest.fixture
def seller(settings):
    settings.SELLER_NAME = "Primer Studio d.o.o."
    settings.SELLER_ADDRESS = "Kneza Miloša 10"
    settings.SELLER_CITY = "Beograd"
    settings.SELLER_PIB = "101134702"
    settings.SELLER_MB = "17335600"
    settings.SELLER_ACCOUNT = "310-1234567891211-86"


@pytest.fixture
def rate(db):
    return ExchangeRate.objects.create(
        date=exchange_rates.today(), rate=Decimal("117.1837"), list_number="226", source="nbs"
    )


@pytest.fixture
def buyer(cast, seller, rate):
    for name, value in BILLING_DETAILS.items():
        setattr(cast.organization, name, value)
    cast.organization.save()
    return cast.organization
