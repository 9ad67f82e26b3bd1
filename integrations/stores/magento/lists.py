"""Reading Magento's lists: `{items, total_count}`, or other forms that a shop's extensions make of it."""

from __future__ import annotations

from typing import Any

from integrations.stores.errors import NotAStore
from integrations.stores.walks import NO_LIST


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """The rows of a list. Raises NotAStore if the answer is no list. Magento writes null for an empty list, and omits
    `items` if `fields` leave nothing of it."""
    items = answer.get("items") if isinstance(answer, dict) else answer or None
    if items is not None and not isinstance(items, list):
        raise NotAStore(NO_LIST)
    return [row for row in items or [] if isinstance(row, dict)]


def total_of(answer: Any) -> int:
    """The number of all rows; if the answer does not tell it, the number of rows in the answer."""
    told = answer.get("total_count") if isinstance(answer, dict) else None
    if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 10**9:
        return told
    return len(rows_of(answer))
