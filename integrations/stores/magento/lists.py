"""Magento's lists as they come: `{items, total_count}`, whatever a shop's extensions make of them."""

from __future__ import annotations

from typing import Any

from integrations.stores.errors import NotAStore
from integrations.stores.walks import NO_LIST


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """The rows of a list; NotAStore when it is none. Magento writes null for an empty one, and nothing where `fields` leave
    nothing of it."""
    items = answer.get("items") if isinstance(answer, dict) else answer or None
    if items is not None and not isinstance(items, list):
        raise NotAStore(NO_LIST)
    return [row for row in items or [] if isinstance(row, dict)]


def total_of(answer: Any) -> int:
    """How many rows there are in all; as many as have come where that is not told."""
    told = answer.get("total_count") if isinstance(answer, dict) else None
    if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 10**9:
        return told
    return len(rows_of(answer))
