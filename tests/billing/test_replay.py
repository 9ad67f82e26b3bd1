"""What would have been spent of which month, as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from billing.replay import Month, Spending, replay

D = Decimal
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def at(days):
    return NOW + timedelta(days=days)


def month(key, begins, ends, *steps):
    """It has 1000 XCT; each step is the day from which on it has as many."""
    return Month(key, at(begins), at(ends), ((at(begins), D(1000)), *((at(day), D(xct)) for day, xct in steps)))


YEAR, INVOICE = month("year", 0, 30), month("invoice", 2, 32)
TO_COME = month("invoice", 365, 395)

#: The months; what was spent, by the day; of which months it was; and what no month holds.
CASES = {
    "of the one that ends first": ([YEAR, INVOICE], [(3, 300)], {"year": 300}, 0),
    "the rest of the next one": ([YEAR, INVOICE], [(3, 1200)], {"year": 1000, "invoice": 200}, 0),
    "not of what is to come": ([YEAR, TO_COME], [(3, 300)], {"year": 300}, 0),
    "not before it began": ([INVOICE], [(1, 300)], {}, 300),
    "not of one whose money had gone back": (
        ([month("year", 0, 30, (1, 0)), INVOICE], [(3, 300)], {"invoice": 300}, 0)
    ),
    "until its money went back": (
        ([month("year", 0, 30, (4, 0)), INVOICE], [(3, 300), (5, 40)], {"year": 300, "invoice": 40}, 0)
    ),
    "half of its money went back": (
        ([month("year", 0, 30, (2, 500)), INVOICE], [(3, 700)], {"year": 500, "invoice": 200}, 0)
    ),
    "it was upgraded": ([month("year", 0, 30, (2, 5000))], [(1, 1200), (3, 1500)], {"year": 2500}, 200),
    "in its time of grace": ([month("old", -30, 0)], [(5, 300)], {"old": 300}, 0),
    "after its time of grace": ([month("old", -30, 0)], [(15, 300)], {}, 300),
    "not in grace while another runs": ([month("old", -30, 0), YEAR], [(5, 300)], {"year": 300}, 0),
    "staff gave some": ([YEAR], [(3, 1000), (4, -300), (5, 200)], {"year": 900}, 0),
    "a work of before goes on": ([month("old", -30, 0), YEAR], [(5, 300, "old"), (6, 10)], {"old": 300, "year": 10}, 0),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_spent_of_the_months_that_ran(name):
    months, spendings, wanted, beyond = CASES[name]
    spent, uncovered = replay(months, [Spending(at(day), D(xct), *key) for day, xct, *key in spendings], {})
    assert {key: xct for key, xct in spent.items() if xct} == wanted
    assert sum(uncovered) == beyond


def test_what_was_spent_before_counts():
    spent, uncovered = replay([YEAR, INVOICE], [Spending(at(3), D(300))], {"year": D(900)})
    assert spent == {"year": 1000, "invoice": 200}
    assert uncovered == [0]
