"""Files of no known platform. Each row is an item. The columns are read by their names and the merchant's mapping."""

from __future__ import annotations

from typing import Any, ClassVar

from projects.files.adapters.base import Adapter, RowReader, split, without_key
from projects.files.rows import Faults, FileRow, ParsedItem, fit

TYPES = {
    "product": "product",
    "simple": "product",
    "variable": "product",
    "configurable": "product",
    "variation": "variant",
    "variant": "variant",
    "product_variation": "variant",
    "category": "category",
    "product_cat": "category",
    "page": "page",
    "post": "post",
    "article": "post",
}


class GenericAdapter(Adapter):
    name = "generic"
    headers: ClassVar = {
        "name": "name",
        "short_description": "short_description",
        "description": "description",
        "tags": "tags",
        "bullet_points": "bullet_points",
        "seo.title": "seo_title",
        "seo.description": "seo_description",
        "seo.focus_keyword": "",
        "seo.slug": "",
        "attributes": "",
        "structured_data": "",
    }

    def item(self, row: FileRow, reader: RowReader, faults: Faults) -> ParsedItem | None:
        cells = row.cells
        external_id, sku = reader.cell(cells, reader.external_id), reader.cell(cells, reader.sku)
        name = reader.cell(cells, reader.name)
        if not (external_id or sku or name):
            without_key(row, faults)
            return None
        item_type = TYPES.get(reader.role(cells, "type").lower(), reader.layout.default_type)
        data = reader.source_data(cells)
        parent = data["parent_external_id"] if data["parent_external_id"] != "0" else ""
        key = external_id or sku
        return ParsedItem(
            row.position,
            row.line,
            item_type,
            fit(key or f"row-{row.position}"),
            data,
            parent_ref=parent if item_type == "variant" else "",
            refs=tuple({external_id, sku} - {""}) if item_type == "product" else (),
        )

    def categories(self, value: str) -> list[str]:
        return split(value, _separator(value))

    def tags(self, value: str) -> list[str]:
        return split(value, _separator(value))

    def images(self, value: str) -> list[Any]:
        return split(value, _separator(value))


def _separator(value: str) -> str:
    """The separator of a list in one cell: a bar or a line end, else a comma, else a semicolon."""
    for separator in ("|", "\n", ","):
        if separator in value:
            return separator
    return ";"
