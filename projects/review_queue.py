"""The items of a project that await review: flagged items first, and in each group the lowest score first."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from projects import item_orders, items
from projects.item_orders import OrderPlace
from projects.models import ContentItem, Project

Status = ContentItem.Status
GROUPS = (Status.FLAGGED, Status.GENERATED)


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A place in a queue: the group, and the place in its order. Without the second it is the beginning of the group."""

    group: str
    place: OrderPlace | None = None


def waiting(project: Project, **filters: object) -> QuerySet[ContentItem]:
    """All items that await review. `filters` are those of `items.chosen`, except the status."""
    return items.filter_items(project=project, **filters).filter(excluded_at=None, status__in=GROUPS)  # type: ignore[arg-type]  # handed on


def groups(
    queue: QuerySet[ContentItem],
    place: QueuePlace | None = None,
    *,
    among: tuple[str, ...] = GROUPS,
    backwards: bool = False,
) -> Iterator[QuerySet[ContentItem]]:
    """The groups of `queue`, one after another, each in its order: those behind `place`, or with `backwards` those before
    it, the nearest first. `among` are the statuses that are groups."""
    rest = among[::-1] if backwards else among
    if place is not None and place.group in rest:
        rest = rest[rest.index(place.group) :]
    for status in rest:
        after = place.place if place is not None and status == place.group else None
        yield item_orders.order_items(
            queue.filter(status=status), item_orders.CONFIDENCE, after=after, backwards=backwards
        )


def place_of(item: ContentItem, among: tuple[str, ...] = GROUPS) -> QueuePlace:
    """Where the item stands in the queue, or stood before somebody judged it."""
    group = next((one for one in (item.status, _group(item)) if one in among), among[0])
    score = item.confidence_score
    return QueuePlace(group, None if score is None else OrderPlace(score, item.pk))


def first(queue: QuerySet[ContentItem], after: ContentItem | None = None) -> ContentItem | None:
    """The first item of `queue`, or the first behind `after`, which may have been judged and left the queue."""
    for group in groups(queue, place_of(after) if after else None):
        if (item := group.select_related("data_source").first()) is not None:
            return item
    return None


def _group(item: ContentItem) -> str:
    """The group in which the item was before somebody judged it."""
    return Status.FLAGGED if item.generation_metadata.get("flagged") else Status.GENERATED
