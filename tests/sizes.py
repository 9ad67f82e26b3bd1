"""How much a test does: what proves the same in a fraction of the time, and in `make test-all` all of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import pytest

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


def sample(items: Iterable[pytest.Item]) -> None:
    """Of a test with the mark `each_value`, leave to `make test-all` what is not needed to have each value of each
    of its parameters once. Of the parameter that the mark names, a test has one value: the tests of a file in turn."""
    files: dict[Path, dict[Any, list[pytest.Function]]] = {}
    for item in items:
        if isinstance(item, pytest.Function) and hasattr(item, "callspec") and item.get_closest_marker("each_value"):
            files.setdefault(item.path, {}).setdefault((item.cls, item.originalname), []).append(item)
    for tests in files.values():
        for number, cases in enumerate(tests.values()):
            kept = needed(cases, number)
            for case in cases:
                if case not in kept:
                    case.add_marker("thorough")


def needed(cases: list[pytest.Function], number: int) -> set[pytest.Function]:
    """Some of the cases of a test, which is the file's test of this number."""
    values = {case: {(name, id(value)) for name, value in case.callspec.params.items()} for case in cases}
    for name in cases[0].get_closest_marker("each_value").args:
        if name in cases[0].callspec.params:
            in_turn = list(dict.fromkeys(id(case.callspec.params[name]) for case in cases))
            has = (name, in_turn[number % len(in_turn)])
            values = {case: found for case, found in values.items() if has in found}
    unseen: set[tuple[str, int]] = set().union(*values.values())
    kept = set()
    while unseen:
        kept.add(max(values, key=lambda case: len(values[case] & unseen)))
        unseen -= set().union(*(values[case] for case in kept))
    return kept
