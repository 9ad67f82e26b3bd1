"""The columns for generated fields: existing columns of those fields, and columns appended for the others."""

from dataclasses import dataclass, field
from enum import StrEnum

from catalog.files import adapters
from catalog.files.headers import normalise
from catalog.files.layouts import Layout
from writing.fields import BY_NAME, FIELDS, Form


class TargetKind(StrEnum):
    TEXT = "text"  # plain text without markup; letters that the encoding lacks become the nearest ones
    NAME = "name"  # plain text as well, which some platforms keep as HTML
    HTML = "html"  # markup; letters that the encoding lacks become `&#N;`
    LIST = "list"
    SLUG = "slug"  # an existing address is never changed: links to it would break


@dataclass(frozen=True)
class FileTarget:
    """A place for one generated field. `column` is its index in the file; past the file's last column it is appended."""

    field: str
    column: int
    kind: TargetKind


@dataclass
class FilePlan:
    """The targets of one file, and the headers of the appended columns."""

    adapter: str
    width: int
    targets: list[FileTarget] = field(default_factory=list)
    appended: list[str] = field(default_factory=list)
    # For files with a pair of columns per attribute: the existing pairs, and those appended for generated attributes.
    attribute_slots: list[dict[str, int]] = field(default_factory=list)
    new_slots: list[dict[str, int]] = field(default_factory=list)
    type_column: int | None = None
    is_export: bool = True  # the platform's exporter wrote the file

    def append(self, header: str) -> int:
        self.appended.append(header)
        return self.width + len(self.appended) - 1


_KINDS = {
    Form.NAME: TargetKind.NAME,
    Form.LINE: TargetKind.TEXT,
    Form.HTML: TargetKind.HTML,
    Form.LINES: TargetKind.LIST,
    Form.WORDS: TargetKind.LIST,
    Form.SLUG: TargetKind.SLUG,
}  # attributes have pairs of columns; data for machines has none
# Further names that a field's column may have.
_ALSO = {"seo.focus_keyword": ("meta: yoast wpseo focuskw", "meta: rank math focus keyword")}


def kind_of(name: str) -> TargetKind:
    return _KINDS[BY_NAME[name].form]


def plan(layout: Layout, present: set[str], new_attributes: int = 0) -> FilePlan:
    """Targets for the fields that are `present` in some item. Only the columns needed are appended."""
    adapter, type_column = adapters.get(layout.adapter), layout.roles.get("type")
    is_export = adapter.is_export(layout)
    result = FilePlan(layout.adapter, len(layout.columns), type_column=type_column, is_export=is_export)
    for row in FIELDS:
        name, kind = row.name, _KINDS.get(row.form)
        if name not in present or kind is None:
            continue
        column = layout.column_of(name)
        if column is None:
            column = _by_name(layout, name, adapter.headers[name])
        if column is None and kind is not TargetKind.SLUG and (header := adapter.header(name, layout.columns)):
            column = result.append(header)
        if column is not None:
            result.targets.append(FileTarget(name, column, kind))
    if adapter.attribute_columns and "attributes" in present:
        _plan_attributes(result, layout, new_attributes)
    return result


def _by_name(layout: Layout, name: str, header: str) -> int | None:
    """The column that has the name which we would append, though the mapping gives it no field. None if there is none."""
    wanted = {normalise(header or name), *_ALSO.get(name, ())}
    return next((index for index, column in enumerate(layout.columns) if normalise(column) in wanted), None)


def _plan_attributes(result: FilePlan, layout: Layout, new_attributes: int) -> None:
    slots: dict[int, dict[str, int]] = {}
    for role, column in layout.roles.items():
        if role.startswith("attribute_"):
            _, digits, part = role.split("_", 2)
            slots.setdefault(int(digits), {})[part] = column
    result.attribute_slots = [slot for _, slot in sorted(slots.items()) if {"name", "value"} <= slot.keys()]
    first = max(slots, default=0) + 1
    for number in range(first, first + new_attributes):
        columns = adapters.get(layout.adapter).attribute_columns
        result.new_slots.append({part: result.append(header.format(number)) for part, header in columns.items()})
