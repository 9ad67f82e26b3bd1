"""Magento's search criteria: https://developer.adobe.com/commerce/webapi/rest/use-rest/performing-searches/."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote


def search(
    groups: dict[str, tuple[str, str]], size: int, *, page: int = 1, order: str = "", fields: str = ""
) -> list[tuple[str, Any]]:
    """The parameters of a search. `groups` maps each field to (condition, value); all of them must hold."""
    params: list[tuple[str, Any]] = []
    for index, (field, (condition, value)) in enumerate(groups.items()):
        base = f"searchCriteria[filter_groups][{index}][filters][0]"
        params += [(f"{base}[field]", field), (f"{base}[value]", value), (f"{base}[condition_type]", condition)]
    params += [("searchCriteria[pageSize]", size), ("searchCriteria[currentPage]", page)]
    if order:
        params += [("searchCriteria[sortOrders][0][field]", order), ("searchCriteria[sortOrders][0][direction]", "ASC")]
    return [*params, ("fields", fields)] if fields else params


def by_length(skus: list[str], most: int = 4000) -> list[list[str]]:
    """SKUs in groups of at most `most` characters, so that each fits in a URL that every server accepts."""
    groups: list[list[str]] = [[]]
    length = 0
    for sku in skus:
        size = len(quote(sku)) + 3
        if groups[-1] and length + size > most:
            groups.append([])
            length = 0
        groups[-1].append(sku)
        length += size
    return groups if groups[0] else []
