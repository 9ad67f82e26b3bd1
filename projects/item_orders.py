"""The orders of a project's items, and the items behind one of them. A page costs the same at any depth (keyset paging)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from projects.models import ContentItem
from projects.models.expressions import ItemName
from projects.models.item import JUDGED

EVERYTHING = Q()
CREATED, UPDATED, NAME, CONFIDENCE = "created", "updated", "name", "confidence"


@dataclass(frozen=True)
class ItemOrder:
    """Items in the order of `key`, then of their ids. `only` selects the items that have a key."""

    key: Any
    descending: bool = False
    only: Q = EVERYTHING


ORDERS = {
    CREATED: ItemOrder(F("id")),
    UPDATED: ItemOrder(F("updated_at"), descending=True),
    NAME: ItemOrder(ItemName()),
    CONFIDENCE: ItemOrder(F("confidence_score"), only=JUDGED),
}


def ordered(items: QuerySet[ContentItem], name: str, after: ContentItem | None = None) -> QuerySet[ContentItem]:
    """`items` in the order `name`. With `after`, only those behind the present place of that item, which need not be one
    of them."""
    order = ORDERS[name]
    items = items.filter(order.only).alias(order_key=order.key)
    if after is not None:
        items = items.filter(_behind(order, after))
    sign = "-" if order.descending else ""
    return items.order_by(f"{sign}order_key", f"{sign}id")


def _behind(order: ItemOrder, after: ContentItem) -> Q:
    found = ContentItem.objects.filter(pk=after.pk).filter(order.only).annotate(order_key=order.key)
    if (key := found.values_list("order_key", flat=True).first()) is None:
        return Q()  # it has no place in this order
    step = "lt" if order.descending else "gt"
    # The first condition follows from the second. It tells PostgreSQL where in the index to begin.
    return Q(**{f"order_key__{step}e": key}) & (Q(**{f"order_key__{step}": key}) | Q(**{f"pk__{step}": after.pk}))
