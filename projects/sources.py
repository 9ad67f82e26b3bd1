"""A project's data sources: list them, create and fill them by hand, and delete them with their files."""

from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Max, Sum

from accounts.models import User
from billing import limits
from catalog import source_data
from catalog.files.rows import fit
from integrations.stores import platforms
from projects import lifecycle, removal
from projects.models import ContentItem, DataSource, Project
from projects.models.source import NO_ROW
from projects.removal import RemovalPayload
from scribe import statements
from scribe.errors import Conflict, InvalidInput
from scribe.jobs import lifecycle as job_lifecycle
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json

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
def add_items(*, source: DataSource, items: list[Json]) -> list[ContentItem]:
    """Add items to a manual source, all or none. Each needs a name or a SKU.

    Raises Conflict for a source of another type, and InvalidInput with a pointer to the faulty item."""
    filled = [source_data.canonical(given.get("source_data") or {}) for given in items]
    for index, data in enumerate(filled):
        if not (data["name"] or data["sku"]):
            raise InvalidInput.at(f"#/items/{index}/source_data", _("An item needs a name or a SKU."), "no_key")
    if source.type != DataSource.Type.MANUAL:
        raise Conflict(_("You can only add items to manual sources."), code="not_manual", type=source.type)
    project = source.project
    # The lock guards against another call that numbers its items at the same time.
    source = DataSource.objects.of(source.organization_id).select_for_update(no_key=True).get(pk=source.pk)
    default_type = platforms.get(project.platform).default_item_type
    last = ContentItem.objects.filter(data_source=source).aggregate(last=Max("position"))["last"] or 0
    rows = [
        ContentItem(
            organization_id=source.organization_id,
            project=project,
            data_source=source,
            item_type=given.get("item_type") or default_type,
            external_id=fit(str(given.get("external_id") or data["sku"] or f"manual-{position}")),
            position=position,
            source_data=data,
        )
        for position, (given, data) in enumerate(zip(items, filled, strict=True), start=last + 1)
    ]
    _check_keys(source, rows)
    lifecycle.keep(project)  # before the limit's lock, in the order of uploads
    limits.check("items", source.organization_id, len(rows))
    statements.insert(rows)
    DataSource.objects.filter(pk=source.pk).update(item_count=F("item_count") + len(rows))
    lifecycle.refresh_status(source.project_id)
    return rows


def _check_keys(source: DataSource, rows: list[ContentItem]) -> None:
    keys = [(row.item_type, row.external_id) for row in rows]
    # `item_once_per_source` leaves out empty ids. The planner uses it only where the query does so, too.
    known = ContentItem.objects.filter(data_source=source).exclude(external_id="")
    present = set(known.filter(external_id__in=[key for _unused, key in keys]).values_list("item_type", "external_id"))
    seen: set[tuple[str, str]] = set()
    for index, key in enumerate(keys):
        if key in present or key in seen:
            raise InvalidInput.at(
                f"#/items/{index}", _("“{key}” already exists in this source.", key=key[1]), "repeated_key"
            )
        seen.add(key)


@transaction.atomic
def delete(*, source: DataSource, by: User | None = None) -> Job | None:
    """Delete a source with its files and with its items, but for those that have a row in another source: these are that one's
    from now on. A large one is deleted by the job that is returned. Raises Conflict `job_active` while a job works on the project."""
    # This full lock and the creation of a job wait for each other.
    project = Project.objects.of(source.organization_id).select_for_update().get(pk=source.project_id)
    if active := job_lifecycle.active_writer(project):
        raise job_lifecycle.job_active(active)
    payload = RemovalPayload(source_id=str(source.pk))
    if removal.is_large(payload.items(project), project.organization_id):
        return removal.start(project=project, by=by, payload=payload)
    hand_over(source)
    removal.items(payload.items(project))
    remove(source)
    return None


def remove(source: DataSource) -> None:
    """Delete a source without items, and its files."""
    transaction.on_commit(partial(removal.files, [source]))
    source.delete()
    lifecycle.refresh_status(source.project_id)


_LOCK = """
SELECT 1 FROM projects_contentitem WHERE data_source_id = %(source)s AND language = '' ORDER BY id FOR NO KEY UPDATE
"""
# An item goes to the first of the sources that have a row for it, else to one that has a row for one of its texts in
# store views. There its id gets the number of the row where another item has it, as a repeated id of a file does.
_HAND_OVER = """
WITH next AS (
    SELECT DISTINCT ON (COALESCE(held.main_id, held.id)) COALESCE(held.main_id, held.id) AS item, further.source_id,
        CASE WHEN held.language = '' THEN further.position ELSE %(no_row)s END AS position
    FROM projects_sourcerow further JOIN projects_contentitem held ON held.id = further.item_id
    WHERE held.data_source_id = %(source)s AND further.source_id <> %(source)s
    ORDER BY COALESCE(held.main_id, held.id), held.language <> '', further.created_at, further.id
), moved AS (
    UPDATE projects_contentitem item SET data_source_id = next.source_id, position = next.position, updated_at = now(),
        external_id = CASE WHEN item.external_id <> '' AND EXISTS (
            SELECT 1 FROM projects_contentitem other WHERE other.data_source_id = next.source_id AND other.language = ''
                AND other.item_type = item.item_type AND other.external_id = item.external_id
                AND other.store_view = item.store_view
        ) THEN left(item.external_id, 240) || '#' || next.position ELSE item.external_id END
    FROM next WHERE item.id = next.item RETURNING item.id, item.data_source_id
), counts AS (
    UPDATE projects_datasource source SET item_count = item_count + moved.count
    FROM (SELECT data_source_id, count(*) AS count FROM moved GROUP BY data_source_id) moved
    WHERE source.id = moved.data_source_id
)
SELECT id FROM moved
"""
# The texts have followed their items. Their places are those of rows of their own there, or those of their items.
_PLACES = """
UPDATE projects_contentitem text SET position = COALESCE(
    (SELECT position FROM projects_sourcerow WHERE item_id = text.id AND source_id = text.data_source_id),
    CASE WHEN text.view_data IS NULL THEN main.position ELSE %(no_row)s END
)
FROM projects_contentitem main WHERE main.id = text.main_id AND main.id = ANY(%(items)s)
"""
_FORGET = """
DELETE FROM projects_sourcerow further USING projects_contentitem item
WHERE item.id = further.item_id AND item.data_source_id = further.source_id
    AND (item.id = ANY(%(items)s) OR item.main_id = ANY(%(items)s))
"""


def hand_over(source: DataSource) -> None:
    """Give the source's items that have a row in another source to that one. Call it under the project's lock, or in a job
    that writes its items."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"source": source.pk})
        cursor.execute(_HAND_OVER, {"source": source.pk, "no_row": NO_ROW})
        items = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(_PLACES, {"items": items, "no_row": NO_ROW})
        cursor.execute(_FORGET, {"items": items})
