"""Rows that other apps add for a new organization, e.g. its wallet. They register a function in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_openers: list[Callable[..., Any]] = []


def add(opener: Callable[..., Any]) -> None:
    """Have `opener(organization=…)` run in the transaction that opens an organization."""
    if opener not in _openers:
        _openers.append(opener)


def run(organization: Any) -> None:
    """Run all openers for a new organization, in the caller's transaction."""
    for opener in _openers:
        opener(organization=organization)
