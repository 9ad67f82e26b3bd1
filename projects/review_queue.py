"""The items of a project that await review: flagged items first, and in each group the lowest score first."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from projects import item_orders, items
from projects.models import ContentItem, Project

Status = ContentItem.Status
GROUPS = (Status.FLAGGED, Status.GENERATED)


def waiting(project: Project, **filters: Any) -> QuerySet[ContentItem]:
    """All items that await review. `filters` are those of `items.chosen`, except the status."""
    return items.chosen(project=project, **filters).filter(excluded_at=None, status__in=GROUPS)


def first(queue: QuerySet[ContentItem], after: ContentItem | None = None) -> ContentItem | None:
    """The first item of `queue`, or the first behind `after`, which may have been judged and left the queue."""
    groups = GROUPS if after is None else GROUPS[GROUPS.index(_group(after)) :]
    for number, status in enumerate(groups):
        group = queue.filter(status=status).select_related("data_source")
        if (
            item := item_orders.ordered(group, item_orders.CONFIDENCE, after if number == 0 else None).first()
        ) is not None:
            return item
    return None


def _group(item: ContentItem) -> str:
    """The group of the queue in which the item is, or was before somebody judged it."""
    if item.status in GROUPS:
        return item.status
    return Status.FLAGGED if item.generation_metadata.get("flagged") else Status.GENERATED
