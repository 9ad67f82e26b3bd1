"""Values of WooCommerce's answers, coerced: plugins change types at will (`false` for a list, numbers for strings)."""

from integrations.stores import texts
from scribe.types import Json

API = "/wp-json/wc/v3"


def rows(value: object) -> list[Json]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    return "" if value in (None, False) else str(value)


def name_of(value: object) -> str:
    """The name of a category, a tag, an attribute or one of its values, as plain text. WordPress keeps it as HTML."""
    return texts.plain_text_of(text(value))
