"""Magento's catalog CSV: a row per (SKU, store view); configurables name their children; attributes share one cell."""

import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import ClassVar

from catalog.files import vocabulary as words
from catalog.files.adapters.base import Adapter, IdentityColumn, RowReader, by_table, join, split, without_key
from catalog.files.layouts import EXACT, Layout
from catalog.files.rows import Faults, FileRow, ParsedItem, RowSource, fit
from catalog.view_languages import DEFAULT_SCOPE, EVERYWHERE
from scribe.messages import _
from scribe.types import Json
from scribe.unforeseen import NOT_ITS_OWN

LONGEST_VIEW = 64
WINDOW = 500  # store-view rows stand near the row of their default scope
_CHILD = re.compile(r"(?:^|[|,])\s*sku=([^,|]+)")
_EMPTY = "__EMPTY__VALUE__"

_FIELDS = {
    "sku": "sku",
    "name": "name",
    "description": "description",
    "short_description": "short_description",
    "price": "price",
    "categories": "categories",
    "slug": "seo.slug",
    "seo_title": "seo.title",
    "seo_description": "seo.description",
}
_SIGNS = {"attribute_set", "product_type", "store_view", "additional_attributes", "websites"}


class MagentoAdapter(Adapter):
    name = "magento2"
    headers: ClassVar = {
        "name": "name",
        "short_description": "short_description",
        "description": "description",
        "seo.title": "meta_title",
        "seo.description": "meta_description",
        "seo.slug": "",
        "seo.focus_keyword": "",
        "bullet_points": "",
        "attributes": "",
        "tags": "",
        "structured_data": "",
    }
    identity = (
        IdentityColumn("sku", lambda row: str(row["source"].get("sku") or row["external_id"])),
        IdentityColumn("store_view_code", lambda row: row["store_view"]),
    )
    empty_cell_means_unchanged = True

    def recognised(self, columns: list[str]) -> Layout:
        layout = Layout(self.name, columns)
        by_table(layout, words.MAGENTO, _FIELDS)
        for role in ("image", "additional_images"):
            if role in layout.roles:
                layout.assign(layout.roles[role], "images", EXACT)
        signs = len(set(layout.roles) & _SIGNS)
        if "sku" in layout.taken() and signs:
            layout.confidence = min(1.0, 0.88 + 0.03 * signs)
        return layout

    def items(self, rows: RowSource, layout: Layout, faults: Faults) -> Iterator[ParsedItem]:
        reader = RowReader(self, layout)
        parents = self._parents(rows, reader)
        scopes = _Scopes()
        for row in rows(None):
            try:
                found = self._one(row, reader, parents, faults)
            except NOT_ITS_OWN:
                raise
            except Exception as error:
                faults.unforeseen(row.line, error)
                continue
            if found:
                yield from scopes.fill(found)
        yield from scopes.rest()

    def _one(self, row: FileRow, reader: RowReader, parents: dict[str, str], faults: Faults) -> ParsedItem | None:
        sku, view = reader.key(row.cells, reader.sku), reader.role(row.cells, "store_view")
        if not sku:
            without_key(row, faults)
            return None
        if len(view) > LONGEST_VIEW:
            faults.error(
                row.line,
                "store_view_too_long",
                _("A store view's code has at most {most} characters.", most=LONGEST_VIEW),
            )
            return None
        data = self._data(row, reader)
        parent = parents.get(sku, "")
        item = ParsedItem(row.position, row.line, "variant" if parent else "product", fit(sku), data, view, parent)
        data["parent_external_id"] = parent
        if view in DEFAULT_SCOPE and not parent:
            item.refs = (sku,)
        return item

    def _parents(self, rows: RowSource, reader: RowReader) -> dict[str, str]:
        """Child SKU → SKU of its configurable. Children stand before their parent in the file, so the rows are read ahead."""
        column = reader.roles.get("configurable_variations")
        parents: dict[str, str] = {}
        if column is None:
            return parents
        for row in rows(b"sku="):
            if cell := row.cells[column]:
                parent = reader.key(row.cells, reader.sku)
                for child in _CHILD.findall(cell):
                    parents[child.strip()] = parent
        return parents

    def _data(self, row: FileRow, reader: RowReader) -> Json:
        data = reader.source_data(row.cells)
        column = reader.roles.get("additional_attributes")
        if column is not None and (cell := row.cells[column]):
            data["attributes"] = {**attributes(cell), **data["attributes"]}
        for part in (data, data["seo"]):
            part.update({key: "" for key, value in part.items() if value == _EMPTY})
        return data

    def categories(self, value: str) -> list[str]:
        """`Default Category/Gear,Default Category/Gear/Bags` → paths with ` > `; a bar joins them in older files."""
        separator = "|" if "|" in value else ","
        return [" > ".join(piece.strip() for piece in path.split("/")) for path in split(value, separator)]

    def joined(self, values: list[str], *, delimiter: str = ",") -> str:
        return join(values, ", " if delimiter == "|" else "|")


def attributes(cell: str) -> dict[str, str]:
    """`code=value,code2=a|b`: a piece without `=` belongs to the value before it; `|` joins the values of one attribute."""
    result: dict[str, str] = {}
    code = ""
    for piece in cell.split(","):
        name, equals, value = piece.partition("=")
        if equals and _CODE.match(name.strip()):
            code = name.strip().lower()
            result[code] = value
        elif code:
            result[code] += "," + piece
    return {name: ", ".join(split(value.strip('"'), "|")) for name, value in result.items() if value.strip('" ')}


_CODE = re.compile(r"^[A-Za-z][A-Za-z0-9_]*$")


class _Scopes:
    """The store-view rows of a product. Such a row holds only differences; its blanks come from the default row, before or
    after it."""

    def __init__(self) -> None:
        self.defaults: OrderedDict[str, Json] = OrderedDict()
        self.waiting: OrderedDict[str, list[ParsedItem]] = OrderedDict()

    def fill(self, item: ParsedItem) -> Iterator[ParsedItem]:
        sku = item.external_id
        if item.store_view in EVERYWHERE:
            self.defaults[sku] = item.source_data
            if len(self.defaults) > WINDOW:
                self.defaults.popitem(last=False)
            yield item
            for view in self.waiting.pop(sku, ()):
                yield _inherit(view, item.source_data)
        elif default := self.defaults.get(sku):
            yield _inherit(item, default)
        else:
            self.waiting.setdefault(sku, []).append(item)
            if len(self.waiting) > WINDOW:
                yield from self.waiting.popitem(last=False)[1]

    def rest(self) -> Iterator[ParsedItem]:
        for views in self.waiting.values():
            yield from views


def _inherit(view: ParsedItem, default: Json) -> ParsedItem:
    data = view.source_data
    inherited = [key for key, value in data.items() if not value and default.get(key) and key != "raw"]
    for key in inherited:
        data[key] = default[key]
    if inherited:
        data["inherited"] = inherited
    return view
