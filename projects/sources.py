"""A project's data sources: list them, create and fill them by hand, and delete them with their files."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Sum

from billing import limits
from integrations.stores import platforms
from projects import lifecycle, removal, source_rows
from projects.files.rows import fit
from projects.models import ContentItem, DataSource, Project
from projects.source_data import CANONICAL
from scribe.errors import Conflict, InvalidInput
from scribe.jobs import lifecycle as job_lifecycle

MANUAL_NAME = "Manual Entry"


@transaction.atomic
def create_manual(*, project: Project, name: str) -> DataSource:
    """An empty source that people fill by hand."""
    return DataSource.objects.create(
        organization_id=project.organization_id, project=project, type=DataSource.Type.MANUAL, name=name
    )


def items_of(organization_id: UUID) -> int:
    """The items that an organization has, by the counts of its sources."""
    return int(DataSource.objects.of(organization_id).aggregate(total=Sum("item_count"))["total"] or 0)


@transaction.atomic
def add_items(*, source: DataSource, items: list[dict[str, Any]]) -> list[ContentItem]:
    """Add items to a manual source, all or none. Each needs a name or a SKU.

    Raises Conflict for a source of another type, and InvalidInput with a pointer to the faulty item."""
    filled = [canonical(given.get("source_data") or {}) for given in items]
    for index, data in enumerate(filled):
        if not (data["name"] or data["sku"]):
            raise InvalidInput.at(f"#/items/{index}/source_data", "An item needs a name or a SKU.", "no_key")
    if source.type != DataSource.Type.MANUAL:
        raise Conflict("Items are added by hand to manual sources only.", code="not_manual", type=source.type)
    # The lock guards against another call that numbers its items at the same time.
    source = DataSource.objects.of(source.organization_id).select_for_update(no_key=True).get(pk=source.pk)
    last = ContentItem.objects.filter(data_source=source).aggregate(last=Max("position"))["last"] or 0
    rows = [
        ContentItem(
            organization_id=source.organization_id,
            project_id=source.project_id,
            data_source=source,
            item_type=given.get("item_type") or _default_type(source),
            external_id=fit(str(given.get("external_id") or data["sku"] or f"manual-{position}")),
            position=position,
            source_data=data,
        )
        for position, (given, data) in enumerate(zip(items, filled, strict=True), start=last + 1)
    ]
    _check_keys(source, rows)
    lifecycle.keep(source.project)  # before the limit's lock, in the order of uploads
    limits.check("items", source.organization_id, len(rows))
    ContentItem.objects.bulk_create(rows, batch_size=500)
    DataSource.objects.filter(pk=source.pk).update(item_count=F("item_count") + len(rows))
    lifecycle.refresh_status(source.project_id)
    return rows


def _default_type(source: DataSource) -> str:
    return platforms.get(source.project.platform).default_item_type


def _check_keys(source: DataSource, rows: list[ContentItem]) -> None:
    keys = [(row.item_type, row.external_id) for row in rows]
    present = set(
        ContentItem.objects.filter(data_source=source, external_id__in=[key for _, key in keys]).values_list(
            "item_type", "external_id"
        )
    )
    seen: set[tuple[str, str]] = set()
    for index, key in enumerate(keys):
        if key in present or key in seen:
            raise InvalidInput.at(f"#/items/{index}", f"The source already has “{key[1]}”.", "repeated_key")
        seen.add(key)


def canonical(data: dict[str, Any]) -> dict[str, Any]:
    """The data in its canonical keys, with all other keys under `raw`. Raises InvalidInput for a value of a wrong type."""
    known: dict[str, Any] = {
        key: data.get(key) if data.get(key) is not None else _blank(value) for key, value in CANONICAL.items()
    }
    for key, value in CANONICAL.items():
        if isinstance(value, str) and not isinstance(known[key], str):
            known[key] = str(known[key])
        elif isinstance(value, list) and isinstance(known[key], str):
            known[key] = [part.strip() for part in known[key].split(",") if part.strip()]
        elif isinstance(value, list | dict) and not isinstance(known[key], type(value)):
            raise InvalidInput.at(f"#/source_data/{key}", f"“{key}” has the wrong type.", "invalid_type")
    rest = {key: value for key, value in data.items() if key not in CANONICAL and key != "raw"}
    raw = data.get("raw")
    return {**known, "raw": {**(raw if isinstance(raw, dict) else {}), **rest}}


def _blank(value: Any) -> Any:
    return type(value)()


@transaction.atomic
def delete(*, source: DataSource) -> None:
    """Delete a source with its files and with its items, but for those that have a row in another source: these are that one's
    from now on. Raises Conflict `job_active` while a job works on the project."""
    # This full lock and the creation of a job wait for each other.
    project = Project.objects.of(source.organization_id).select_for_update().get(pk=source.project_id)
    if active := job_lifecycle.active_writer(project):
        raise job_lifecycle.job_active(active)
    source_rows.hand_over(source)
    removal.items(ContentItem.objects.filter(data_source=source))
    transaction.on_commit(partial(removal.files, [source]))
    source.delete()
    lifecycle.refresh_status(project.pk)
