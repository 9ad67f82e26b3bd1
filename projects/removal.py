"""Delete many items at once, and the stored files of deleted sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from projects.models import ContentItem, DataSource, Project
from scribe import storage

BATCH = 2000
# Functions of other apps that name a project's keys in storage. They are called before the project's rows are deleted.
_others: list[Callable[[Project], Iterable[str]]] = []


def also_remove(keys_of: Callable[[Project], Iterable[str]]) -> None:
    """Have the files that `keys_of` names for a project deleted with it. Call this in `AppConfig.ready`."""
    _others.append(keys_of)


def other_keys(project: Project) -> list[str]:
    return [key for keys_of in _others for key in keys_of(project)]


def items(queryset: QuerySet[ContentItem]) -> int:
    """Delete the items and the rows that belong to them, in batches that fit in memory. Returns the number of items. Their texts in further languages go with them."""
    total = 0
    ids = list(queryset.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        ContentItem.objects.filter(parent_id__in=batch).update(parent=None)
        ContentItem.rows.filter(main_id__in=batch).only("pk").delete()
        ContentItem.objects.filter(pk__in=batch).only("pk").delete()  # without their texts
        total += len(batch)
    return total


def files(sources: Iterable[DataSource]) -> None:
    """Delete the stored files of sources. Call it after the commit."""
    storage.delete_all(key for source in sources for key in keys(source.config))


def keys_of(organization_id: UUID) -> Iterator[str]:
    """The keys of an organization's sources in storage."""
    for config in DataSource.objects.of(organization_id).values_list("config", flat=True).iterator():
        yield from keys(config)


def keys(config: dict[str, Any]) -> list[str]:
    return [config[name] for name in ("file_key", "snapshot_key") if config.get(name)]
