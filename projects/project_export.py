"""A project's texts as a CSV that its platform can import: one or two identifying columns, and the generated fields."""

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from uuid import UUID

import orjson
from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Upper

from catalog.files import adapters, targets
from catalog.files.adapters import Adapter
from catalog.files.cells import CellWriter, altered_warnings
from catalog.source_data import SHOWN, link_of
from projects import contents
from projects.models import ContentItem, ItemWords, Project
from scribe import unforeseen
from scribe.messages import _
from scribe.types import Json
from writing.fields import BY_NAME, TEXT, Form

BATCH = 1000
FEW = 1000  # items that a search finds, whose ids are named in the statements that follow
BOM = "\ufeff"
ALL, EXCLUDED = "all", "excluded"

Row = Json


@dataclass
class ProjectExport:
    """The finished CSV, and the rows that are missing from it: "id (error)" of each."""

    file: IO[bytes]
    left_out: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)  # as `CellWriter` has it
    texts: contents.ExportedTexts = field(default_factory=contents.ExportedTexts)

    def warnings(self) -> list[str]:
        number, names = len(self.left_out), self.left_out[:20]
        absent = [_("{number} rows could not be exported: {names}", number=number, names=names)] if number else []
        return [*absent, *altered_warnings(self.altered), *self.texts.warnings()]


# The fields in which an empty cell would clear the shop's text. An item without a text of ours repeats the shop's own.
_ALWAYS = frozenset(row.name for row in SHOWN if row.form in TEXT and not row.part)


def items_to_export(
    *, project: Project, status_filter: str, source_id: UUID | None = None, search: str = "", languages: bool = False
) -> QuerySet[ContentItem]:
    """The items of an export and the texts of store views, or with `languages` all further texts. Never variants, whose
    texts are their parents'."""
    items = ContentItem.rows.of(project.organization_id).filter(project=project)
    items = items if languages else items.with_rows()
    items = items.exclude(item_type=ContentItem.Type.VARIANT)
    if status_filter == EXCLUDED:
        items = items.excluded()
    else:
        items = items.included()
        if status_filter != ALL:
            items = items.filter(status=status_filter)
    if source_id:
        items = items.of_source(source_id)
    return matching(items, project, search)


def matching(items: QuerySet[ContentItem], project: Project, search: str, **of: str) -> QuerySet[ContentItem]:
    """Those of the project's `items` whose name (old or new), SKU or id contains the text. `of`: their `language`.

    A few are looked for here, in one scan of all words. Of many the items tell themselves: a page of them is soon full.
    Never by a join: of a project that was just filled the planner knows nothing, and would compare each with each."""
    if not search:
        return items
    found = list(words_with(project, search, **of).values_list("item_id", flat=True)[: FEW + 1])
    if len(found) <= FEW:
        return items.filter(pk__in=found)
    return items.filter(
        Q(source_data__name__icontains=search)
        | Q(view_data__name__icontains=search)
        | Q(generated_content__name__icontains=search)
        | Q(source_data__sku__icontains=search)
        | Q(external_id__icontains=search)
    )


def words_with(project: Project, search: str, **of: str) -> QuerySet[ItemWords]:
    """The words of those items and texts of the project whose words contain the text."""
    known = ItemWords.objects.filter(organization_id=project.organization_id, project_id=project.pk, **of)
    return known.filter(words__contains=Upper(Value(search)))


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
    if not adapter.empty_cell_means_unchanged:
        present |= _ALWAYS
    columns = {name: header for name, header in adapter.headers.items() if header and name in present}
    cells = CellWriter(adapter, "utf-8", "\n", altered=done.altered)
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\n")
    if adapter.bom:
        sink.write(BOM)
    writer.writerow([*(column.header for column in adapter.identity), *columns.values()])
    for number, stored in enumerate(_stored_texts(items), start=1):
        try:
            row = _row(stored, done.texts)
            found = [adapter.guarded_key(column.value(row)) for column in adapter.identity]
            found += [_cell(name, row, cells) for name in columns]
        except unforeseen.NOT_ITS_OWN:
            raise
        except Exception as error:  # leave the row out: its empty cells would clear texts in the shop
            unforeseen.record(error, _("This row"), external_id=stored[0])
            done.left_out.append(f"{stored[0][:40]} ({type(error).__name__})")
        else:
            writer.writerow(found)
        if number % BATCH == 0:
            yield _take(sink)
    yield _take(sink)


Stored = tuple[str, str, str, str, str, str, dict[str, str], list[str], object]


def _stored_texts(items: QuerySet[ContentItem]) -> Iterator[Stored]:
    rows = items.order_by("external_id", "store_view", "id").values_list(
        "external_id",
        "store_view",
        "item_type",
        "language",
        Cast(Coalesce("view_data", "source_data"), TextField()),
        Cast("generated_content", TextField()),
        "decisions",
        "outdated_fields",
        "generation_metadata__edited_at",
    )
    yield from rows.iterator(chunk_size=BATCH)


def _row(stored: Stored, texts: contents.ExportedTexts) -> Row:
    external_id, view, item_type, language, source, content, decided, outdated, edited = stored
    shown = orjson.loads(source)
    link = link_of(shown) if language else None
    return {
        "external_id": (link and link.own) or external_id,  # a translated row of the shop has an id of its own
        "store_view": view,
        "item_type": item_type,
        "source": shown,
        "fields": texts.of(external_id, orjson.loads(content), decided, outdated, edited),
    }


def _cell(field: str, row: Row, cells: CellWriter) -> str:
    value = row["fields"].get(field)
    generated = BY_NAME[field]
    before = generated.of(row["source"]) or ""
    if cells.adapter.empty_cell_means_unchanged:
        return cells.text(value, targets.kind_of(field)) if value and value != before else ""
    if generated.form is Form.SLUG:
        value = before or value  # an existing address is never changed
    value = value or before
    return cells.text(value, targets.kind_of(field)) if value else ""


def _take(sink: io.StringIO) -> bytes:
    """What was written since the last time."""
    text = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return text.encode("utf-8", "replace")
