"""The merchant's own file again, with the approved texts in it and everything else unchanged."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO, cast

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from projects import contents, decisions, file_import
from projects.files import merge, targets, workbooks, wxr
from projects.files.delimited import DelimitedTable
from projects.files.merge import MergeResult
from projects.files.workbooks import WorkbookTable
from projects.files.wxr import WxrDocument
from projects.models import ContentItem, DataSource, SourceRow
from projects.models.item import ItemQuerySet
from projects.models.source_row import NO_ROW
from scribe.errors import Conflict
from writing import fields

APPROVED = (ContentItem.Status.APPROVED, ContentItem.Status.SYNCED)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class SourceExport:
    """The finished file, its media type, and the result of the merge."""

    file: IO[bytes]
    name: str
    media_type: str
    outcome: MergeResult = field(default_factory=MergeResult)


def export(*, source: DataSource) -> SourceExport:
    """Merge the generated fields of approved and synced items into the source's file.

    Raises Conflict for a source without a file, or with a file that is not read yet."""
    if source.type != DataSource.Type.FILE:
        raise Conflict("This source has no file to give back.", code="no_file", type=source.type)
    if source.status != DataSource.Status.READY:
        raise Conflict(f"The source is not ready ({source.status}).", code="source_not_ready")
    rows = ContentItem.rows.of(source.organization_id).with_rows().writable()
    items = _with_places(rows.filter(status__in=APPROVED).exclude(generated_content={}), source)
    with file_import.original(source) as opened:
        table, outcome = opened.table, MergeResult()
        changes = _changes(items)
        result: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        if isinstance(table, WxrDocument):
            media_type = "application/xml"
            _write(result, wxr.merge(table, changes, outcome))
        else:
            plan = targets.plan(opened.layout, contents.present(items), _new_slots(items, opened.layout.roles))
            if isinstance(table, WorkbookTable):
                media_type = XLSX
                workbooks.merge(table, cast(BinaryIO, result), plan, changes, outcome)
            else:
                assert isinstance(table, DelimitedTable)
                media_type = f"text/csv; charset={table.dialect.encoding.codec}"
                _write(result, merge.merge(table.stream, table.dialect, plan, changes, outcome))
    result.seek(0)
    return SourceExport(result, source.name, media_type, outcome)


def _with_places(items: ItemQuerySet, source: DataSource) -> ItemQuerySet:
    """The items that have a row in the source, each with its `place` there."""
    further = SourceRow.objects.of(source.organization_id).filter(source=source)
    if not further.exists():
        return items.filter(data_source=source, position__lt=NO_ROW).annotate(place=F("position"))
    place = Subquery(further.filter(item=OuterRef("pk")).values("position"))
    found = items.filter(project=source.project_id).of_source(source.pk)
    return found.annotate(place=Coalesce(place, "position")).filter(place__lt=NO_ROW)


def _changes(items: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    for position, content, decided in contents.by_position(items):
        yield position, fields.flat(decisions.counted(content, decided))


def _new_slots(items: Any, roles: dict[str, int]) -> int:
    slots = sum(1 for role in roles if role.startswith("attribute_") and role.endswith("_name"))
    return contents.new_attributes(items, slots)


def _write(result: IO[bytes], chunks: Iterator[bytes]) -> None:
    for chunk in chunks:
        result.write(chunk)
