"""A project's texts as a CSV that its platform can import: one or two identifying columns, and the generated fields."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import orjson
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast, Coalesce

from projects import contents, decisions
from projects.files import adapters, targets
from projects.files.adapters import Adapter
from projects.files.cells import CellWriter
from projects.files.targets import TargetKind
from projects.models import ContentItem, Project
from projects.source_data import SHOWN, link_of
from scribe import unforeseen
from writing.fields import BY_NAME, TEXT, Form, flat

BATCH = 1000
BOM = "\ufeff"
ALL, EXCLUDED = "all", "excluded"

Row = dict[str, Any]


@dataclass
class ProjectExport:
    """The finished CSV, and the rows that are missing from it: "id (error)" of each."""

    file: IO[bytes]
    left_out: list[str] = field(default_factory=list)

    def warnings(self) -> list[str]:
        if not self.left_out:
            return []
        return [f"{len(self.left_out)} rows could not be written and are left out: {', '.join(self.left_out[:20])}"]


# The fields in which an empty cell would clear the shop's text. An item without a text of ours repeats the shop's own.
_ALWAYS = frozenset(row.name for row in SHOWN if row.form in TEXT and not row.part)


def chosen(*, project: Project, status_filter: str, source_id: Any = None, search: str = "") -> QuerySet[ContentItem]:
    """The items of an export, and the texts of store views: never variants, whose texts are their parents'."""
    items = ContentItem.rows.of(project.organization_id).filter(project=project).with_rows()
    items = items.exclude(item_type=ContentItem.Type.VARIANT)
    if status_filter == EXCLUDED:
        items = items.excluded()
    else:
        items = items.included()
        if status_filter != ALL:
            items = items.filter(status=status_filter)
    if source_id:
        items = items.of_source(source_id)
    return matching(items, search)


def matching(items: QuerySet[ContentItem], search: str) -> QuerySet[ContentItem]:
    """Items whose name (old or new), SKU or id contains the text."""
    if not search:
        return items
    return items.filter(
        Q(source_data__name__icontains=search)
        | Q(view_data__name__icontains=search)
        | Q(generated_content__name__icontains=search)
        | Q(source_data__sku__icontains=search)
        | Q(external_id__icontains=search)
    )


def export(*, project: Project, items: QuerySet[ContentItem]) -> ProjectExport:
    """The CSV in UTF-8, with commas and only the columns that some item fills. It is completed before its first byte is
    sent, since a header of the reply names the missing rows."""
    done = ProjectExport(tempfile.TemporaryFile())  # noqa: SIM115 (the response closes it)
    for chunk in _lines(adapters.get(project.platform), items, done):
        done.file.write(chunk)
    done.file.seek(0)
    return done


def _lines(adapter: Adapter, items: QuerySet[ContentItem], done: ProjectExport) -> Iterator[bytes]:
    present = contents.present(items)
    if not adapter.blank_keeps:
        present |= _ALWAYS
    columns = {name: header for name, header in adapter.headers.items() if header and name in present}
    cells = CellWriter(adapter, "utf-8", "\n")
    sink = _Sink()
    writer = csv.writer(sink, lineterminator="\n")
    if adapter.bom:
        sink.write(BOM)
    writer.writerow([*(column.header for column in adapter.identity), *columns.values()])
    for number, stored in enumerate(_stored(items), start=1):
        try:
            row = _row(*stored)
            found = [cells.text(column.value(row), TargetKind.TEXT) for column in adapter.identity]
            found += [_cell(name, row, cells) for name in columns]
        except unforeseen.NOT_ITS_OWN:
            raise
        except Exception as error:  # leave the row out: its empty cells would clear texts in the shop
            unforeseen.record(error, "This row", external_id=stored[0])
            done.left_out.append(f"{stored[0][:40]} ({type(error).__name__})")
        else:
            writer.writerow(found)
        if number % BATCH == 0:
            yield sink.take()
    yield sink.take()


def _stored(items: QuerySet[ContentItem]) -> Iterator[tuple[str, str, str, str, str, str, dict[str, str]]]:
    rows = items.order_by("external_id", "store_view", "id").values_list(
        "external_id",
        "store_view",
        "item_type",
        "language",
        Cast(Coalesce("view_data", "source_data"), TextField()),
        Cast("generated_content", TextField()),
        "decisions",
    )
    yield from rows.iterator(chunk_size=BATCH)


def _row(
    external_id: str, view: str, item_type: str, language: str, source: str, content: str, decided: dict[str, str]
) -> Row:
    shown = orjson.loads(source)
    link = link_of(shown) if language else None
    return {
        "external_id": (link and link.own) or external_id,  # a translated row of the shop has an id of its own
        "store_view": view,
        "item_type": item_type,
        "source": shown,
        "fields": flat(decisions.counted(orjson.loads(content), decided)),
    }


def _cell(field: str, row: Row, cells: CellWriter) -> str:
    value = row["fields"].get(field)
    generated = BY_NAME[field]
    before = generated.of(row["source"]) or ""
    if cells.adapter.blank_keeps:
        return cells.text(value, targets.kind_of(field)) if value and value != before else ""
    if generated.form is Form.SLUG:
        value = before or value  # an existing address is never changed
    value = value or before
    return cells.text(value, targets.kind_of(field)) if value else ""


class _Sink:
    """A target for the csv writer whose content is taken out in pieces."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        self.parts.append(text)

    def take(self) -> bytes:
        text, self.parts = "".join(self.parts), []
        return text.encode("utf-8", "replace")
