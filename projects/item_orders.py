"""The orders of a project's items, and the items behind or before one of them. A page costs the same at any depth (keyset
paging)."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable

from projects.models import ContentItem
from projects.models.expressions import ItemName
from projects.models.item import JUDGED

EVERYTHING = Q()
CREATED, UPDATED, NAME, CONFIDENCE = "created", "updated", "name", "confidence"


@dataclass(frozen=True)
class ItemOrder:
    """Items in the order of `key`, then of their ids. `only` selects the items that have a key."""

    key: Combinable
    descending: bool = False
    only: Q = EVERYTHING


@dataclass(frozen=True, slots=True)
class OrderPlace:
    """A place in an order: the key and the id of the item that stands there, or stood there before it was changed."""

    key: object
    pk: UUID


ORDERS = {
    CREATED: ItemOrder(F("id")),
    UPDATED: ItemOrder(F("updated_at"), descending=True),
    NAME: ItemOrder(ItemName()),
    CONFIDENCE: ItemOrder(F("confidence_score"), only=JUDGED),
}


def order_items(
    items: QuerySet[ContentItem],
    name: str,
    after: ContentItem | OrderPlace | None = None,
    *,
    backwards: bool = False,
) -> QuerySet[ContentItem]:
    """`items` in the order `name`, or in the opposite order. With `after`, only those behind that place. An item means its
    present place; it need not be one of `items`."""
    order = ORDERS[name]
    items = items.filter(order.only).alias(order_key=order.key)
    place = _place(order, after) if isinstance(after, ContentItem) else after
    descending = order.descending != backwards
    if place is not None:
        items = items.filter(_behind(place, descending=descending))
    sign = "-" if descending else ""
    return items.order_by(f"{sign}order_key", f"{sign}id")


def _place(order: ItemOrder, item: ContentItem) -> OrderPlace | None:
    found = ContentItem.rows.filter(pk=item.pk).filter(order.only).annotate(order_key=order.key)
    key = found.values_list("order_key", flat=True).first()
    return None if key is None else OrderPlace(key, item.pk)


def _behind(place: OrderPlace, *, descending: bool) -> Q:
    step = "lt" if descending else "gt"
    # The first condition follows from the second. It tells PostgreSQL where in the index to begin.
    return Q(**{f"order_key__{step}e": place.key}) & (
        Q(**{f"order_key__{step}": place.key}) | Q(**{f"pk__{step}": place.pk})
    )
