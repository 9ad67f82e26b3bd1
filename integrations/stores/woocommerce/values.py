"""Values of WooCommerce's answers, coerced: plugins change types at will (`false` for a list, numbers for strings)."""

from __future__ import annotations

from typing import Any

from integrations.stores import texts

API = "/wp-json/wc/v3"


def rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    return "" if value in (None, False) else str(value)


def name_of(value: Any) -> str:
    """The name of a category, a tag, an attribute or one of its values, as plain text. WordPress keeps it as HTML."""
    return texts.shown(text(value))
