"""A job's payload is a dataclass on both sides of its row."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from scribe.jobs.models import Job
from scribe.jobs.payload import Payload


@dataclass(frozen=True, kw_only=True)
class Errand(Payload):
    shop: str
    most: Decimal = field(metadata={"load": Decimal})
    force: bool = False


def test_it_goes_through_the_row_and_comes_back() -> None:
    errand = Errand(shop="corner", most=Decimal("1.5000"))
    row = Job(payload=json.loads(json.dumps(errand.as_dict())))
    assert row.payload == {"shop": "corner", "most": "1.5000", "force": False}
    assert Errand.of(row) == errand


def test_rows_of_other_releases_are_read() -> None:
    """A key that is gone is left out; one that is new has its default; one that is needed is missed."""
    assert Errand.of(Job(payload={"shop": "corner", "most": "2", "gone": 1})) == Errand(shop="corner", most=Decimal(2))
    with pytest.raises(TypeError):
        Errand.of(Job(payload={"shop": "corner"}))
