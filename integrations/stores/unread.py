"""Reading the rows of a page one by one: a row that can't be read fails alone, and the page goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from integrations.stores.errors import StoreError
from integrations.stores.types import StoreItem
from scribe import unforeseen


def each(
    rows: Iterable[dict[str, Any]], item_type: str, read: Callable[[dict[str, Any]], StoreItem | list[StoreItem]]
) -> list[StoreItem]:
    """The items that `read` makes of the rows. A row that it can't read becomes an item with the reason as `unread`."""
    items: list[StoreItem] = []
    for row in rows:
        try:
            made = read(row)
        except (StoreError, *unforeseen.NOT_ITS_OWN):
            raise
        except Exception as error:
            key = str(row.get("id") or row.get("sku") or "")[:255]
            items.append(StoreItem(key, item_type, {}, unread=unforeseen.record(error, external_id=key)))
            continue
        items += made if isinstance(made, list) else [made]
    return items
