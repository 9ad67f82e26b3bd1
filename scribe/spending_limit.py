"""What the present request may spend: the maximum that its caller names, or nothing when it only asks for the price."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from decimal import Decimal

from scribe.api.fields import decimal
from scribe.errors import Conflict
from scribe.messages import _


@dataclass(frozen=True)
class SpendingTerms:
    max_xct: Decimal | None = None
    only_asks: bool = False


@dataclass
class PriceAsked(Exception):
    """The price that was asked for. It breaks off the start of the work, whose transaction then saves nothing."""

    xct_expected: Decimal
    xct_max: Decimal


NO_TERMS = SpendingTerms()
_terms: ContextVar[SpendingTerms] = ContextVar("spending", default=NO_TERMS)


@contextmanager
def within(max_xct: Decimal | None = None) -> Iterator[None]:
    """A request, with the maximum of its caller."""
    token = _terms.set(SpendingTerms(max_xct))
    try:
        yield
    finally:
        _terms.reset(token)


def limit(max_xct: Decimal | None) -> None:
    """The rest of the request may spend `max_xct`; None is no limit."""
    _terms.set(replace(_terms.get(), max_xct=max_xct))


def only_ask() -> None:
    """The rest of the request starts no work: `agree` raises PriceAsked."""
    _terms.set(replace(_terms.get(), only_asks=True))


def asks_price_alone() -> bool:
    """Whether the request asks for the price alone."""
    return _terms.get().only_asks


def agree(*, expected: Decimal, most: Decimal) -> None:
    """Compare the quote of the work that is about to start with what the caller agreed to. Every start calls it, in its
    transaction, before anything is set aside. Prices in XCT.

    Raises Conflict `max_xct_exceeded` with the quote, or PriceAsked in a request that only asks.
    """
    terms = _terms.get()
    if terms.only_asks:
        raise PriceAsked(expected, most)
    if terms.max_xct is not None and most > terms.max_xct:
        raise Conflict(
            _(
                "This may cost up to {most:f} XCT, more than your maximum of {terms_most:f}. Check the new "
                "price and confirm it.",
                most=most,
                terms_most=terms.max_xct,
            ),
            code="max_xct_exceeded",
            xct_expected=decimal(expected),
            xct_max=decimal(most),
        )
