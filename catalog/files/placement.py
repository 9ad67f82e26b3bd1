"""Choose the cells of one record for its texts. All tabular formats share this when they write back."""

from collections.abc import Callable, Iterator

from catalog.files.cells import CellWriter
from catalog.files.targets import FilePlan, TargetKind
from scribe.types import Json

Cell = Callable[[int], str]  # the present value of a column in this record; empty past its end


def values(plan: FilePlan, cells: CellWriter, cell: Cell, fields: Json) -> Iterator[tuple[int, str]]:
    """(column, text) for each generated field of `fields` that has a place."""
    slug = TargetKind.SLUG
    for target in plan.targets:
        value = fields.get(target.field)
        if not value or (target.kind is slug and cell(target.column).strip()):
            continue
        yield target.column, cells.text(value, target.kind)
    attributes = fields.get("attributes")
    if attributes and (plan.attribute_slots or plan.new_slots):
        yield from _attributes(plan, cells, cell, attributes)


def _attributes(plan: FilePlan, cells: CellWriter, cell: Cell, attributes: Json) -> Iterator[tuple[int, str]]:
    """Place attributes that the row does not name yet in its free slots. The merchant's own attributes stay, since
    variations need them."""
    named = {cell(slot["name"]).strip().casefold() for slot in plan.attribute_slots}
    free = [slot for slot in plan.attribute_slots if not cell(slot["name"]).strip()]
    slots = iter(free + plan.new_slots)
    for name, value in attributes.items():
        if not value or str(name).strip().casefold() in named:
            continue
        slot = next(slots, None)
        if slot is None:
            return
        yield slot["name"], cells.text(str(name), TargetKind.TEXT)
        yield slot["value"], cells.text(value if isinstance(value, list) else [str(value)], TargetKind.LIST)
        for part, text in (("visible", "1"), ("global", "0")):
            if part in slot and not cell(slot[part]).strip():
                yield slot[part], text
