"""The merchant's own file again, with the approved texts in it and everything else unchanged."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO, cast

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from catalog.files import json_lines, merge, targets, workbooks, wxr
from catalog.files.delimited import DelimitedTable
from catalog.files.json_lines import JsonLinesFile
from catalog.files.merge import MergeResult
from catalog.files.workbooks import WorkbookTable
from catalog.files.wxr import WxrDocument
from projects import contents, file_import
from projects.contents import ExportedTexts
from projects.models import ContentItem, DataSource, SourceRow
from projects.models.item import ItemQuerySet
from projects.models.source import NO_ROW
from scribe.api.smaller_replies import in_gzip
from scribe.errors import Conflict
from scribe.messages import _

WITHOUT_ROW = _(
    "{number} texts in further languages have no row in this file. Download a translators' file of their language"
)
APPROVED = (ContentItem.Status.APPROVED, ContentItem.Status.SYNCED)
GZIP, JSON_LINES = "application/gzip", "application/x-ndjson"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class SourceExport:
    """The finished file, its media type, and the result of the merge."""

    file: IO[bytes]
    name: str
    media_type: str
    outcome: MergeResult = field(default_factory=MergeResult)
    texts: ExportedTexts = field(default_factory=ExportedTexts)
    without_row: int = 0  # finished texts in further languages of the file's items

    def warnings(self) -> list[str]:
        absent = [WITHOUT_ROW.format(number=self.without_row)] if self.without_row else []
        return [*self.outcome.warnings(), *self.texts.warnings(), *absent]


def export(*, source: DataSource) -> SourceExport:
    """Merge the generated fields of approved and synced items into the source's file.

    Raises Conflict for a source without a file, or with a file that is not read yet."""
    if source.type != DataSource.Type.FILE:
        raise Conflict(_("This source has no file to download."), code="no_file", type=source.type)
    if source.status != DataSource.Status.READY:
        raise Conflict(
            _("The source is not ready ({source_status}).", source_status=source.status), code="source_not_ready"
        )
    rows = ContentItem.rows.of(source.organization_id).with_rows().writable()
    items = _with_places(rows.filter(status__in=APPROVED).exclude(generated_content={}), source)
    with file_import.original(source) as opened:
        table, outcome, texts = opened.table, MergeResult(), ExportedTexts()
        changes = contents.by_position(items, texts)
        result: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        if isinstance(table, WxrDocument):
            media_type = "application/xml"
            _write(result, wxr.merge(table, changes, outcome))
        elif isinstance(table, JsonLinesFile):
            lines = json_lines.merge(table, changes, outcome)
            media_type = GZIP if table.packed else JSON_LINES
            _write(result, in_gzip(lines) if table.packed else lines)
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
    return SourceExport(result, source.name, media_type, outcome, texts, _count_without_row(items, source))


def _count_without_row(placed: ItemQuerySet, source: DataSource) -> int:
    """The number of finished texts in further languages that have no row of their own in this file."""
    mains = _with_places(ContentItem.rows.of(source.organization_id).filter(language=""), source)
    texts = ContentItem.rows.of(source.organization_id).filter(project=source.project_id).exclude(language="")
    texts = texts.filter(main__in=mains.values("pk"), status__in=APPROVED).exclude(generated_content={})
    return int(texts.exclude(pk__in=placed.values("pk")).count())


def _with_places(items: ItemQuerySet, source: DataSource) -> ItemQuerySet:
    """The items that have a row in the source, each with its `place` there."""
    further = SourceRow.objects.of(source.organization_id).filter(source=source)
    if not further.exists():
        return items.filter(data_source=source, position__lt=NO_ROW).annotate(place=F("position"))
    place = Subquery(further.filter(item=OuterRef("pk")).values("position"))
    found = items.filter(project=source.project_id).of_source(source.pk)
    return found.annotate(place=Coalesce(place, "position")).filter(place__lt=NO_ROW)


def _new_slots(items: ItemQuerySet, roles: dict[str, int]) -> int:
    slots = sum(1 for role in roles if role.startswith("attribute_") and role.endswith("_name"))
    return contents.new_attributes(items, slots)


def _write(result: IO[bytes], chunks: Iterator[bytes]) -> None:
    for chunk in chunks:
        result.write(chunk)
