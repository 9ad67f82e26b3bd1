"""How much a test does: what proves the same in a fraction of the time, and in `make test-all` all of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

Case = TypeVar("Case")
FULL = os.environ.get("FULL_SIZES") == "1"


def size(quick: int, full: int) -> int:
    return full if FULL else quick


def some(cases: Iterable[Case], quick: int) -> list[Case]:
    """All of them, or as many, evenly spread and the last one among them."""
    every = list(cases)
    if FULL or len(every) <= quick:
        return every
    return [every[(at + 1) * len(every) // quick - 1] for at in range(quick)]
