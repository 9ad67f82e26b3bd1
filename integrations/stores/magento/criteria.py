"""Magento's search criteria, and its lists: `{items, total_count}`, or other forms that a shop's extensions make of it.

https://developer.adobe.com/commerce/webapi/rest/use-rest/performing-searches/
"""

from collections.abc import Iterator
from urllib.parse import quote

from integrations.stores.errors import NotAStore
from integrations.stores.paging import NO_LIST
from scribe.types import Json

LONGEST = 4000  # characters of a search that every server accepts


def search(
    groups: dict[str, tuple[str, str]], size: int, *, page: int = 1, order: str = "", fields: str = ""
) -> list[tuple[str, object]]:
    """The parameters of a search. `groups` maps each field to (condition, value); all of them must hold."""
    params: list[tuple[str, object]] = []
    for index, (field, (condition, value)) in enumerate(groups.items()):
        base = f"searchCriteria[filter_groups][{index}][filters][0]"
        params += [(f"{base}[field]", field), (f"{base}[value]", value), (f"{base}[condition_type]", condition)]
    params += [("searchCriteria[pageSize]", size), ("searchCriteria[currentPage]", page)]
    if order:
        params += [("searchCriteria[sortOrders][0][field]", order), ("searchCriteria[sortOrders][0][direction]", "ASC")]
    return [*params, ("fields", fields)] if fields else params


def by_sku(skus: list[str], *, fields: str = "") -> Iterator[list[tuple[str, object]]]:
    """The parameters of the searches that find these SKUs, each of at most LONGEST characters. Magento splits
    a list at its commas, so a SKU with a comma is asked for by itself."""
    some: list[str] = []
    length = 0
    for sku in skus:
        if "," in sku:
            yield search({"sku": ("eq", sku)}, 1, fields=fields)
            continue
        size = len(quote(sku)) + 3
        if some and length + size > LONGEST:
            yield search({"sku": ("in", ",".join(some))}, len(some), fields=fields)
            some, length = [], 0
        some.append(sku)
        length += size
    if some:
        yield search({"sku": ("in", ",".join(some))}, len(some), fields=fields)


def rows_of(answer: object) -> list[Json]:
    """The rows of a list. Raises NotAStore if the answer is no list. Magento writes null for an empty list, and omits
    `items` if `fields` leave nothing of it."""
    items = answer.get("items") if isinstance(answer, dict) else answer or None
    if items is not None and not isinstance(items, list):
        raise NotAStore(NO_LIST)
    return [row for row in items or [] if isinstance(row, dict)]


def total_of(answer: object) -> int | None:
    """The number of all rows; None if the answer does not tell it."""
    told = answer.get("total_count") if isinstance(answer, dict) else None
    return told if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 10**9 else None


def is_last(answer: object, read: int, size: int) -> bool:
    """Whether the `read` rows are all. Without a total, a page of fewer than `size` rows is the last one."""
    total = total_of(answer)
    return len(rows_of(answer)) < size if total is None else total <= read
