"""Files of no known platform. Each row is an item. The columns are read by their names and the merchant's mapping."""

from typing import ClassVar

from catalog.files.adapters.base import Adapter, RowReader, split, without_key
from catalog.files.rows import Faults, FileRow, ParsedItem, fit

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
        external_id, sku = reader.key(cells, reader.external_id), reader.key(cells, reader.sku)
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

    def listed(self, value: str) -> list[str]:
        """They are separated by a bar or a line end, else by a comma, else by a semicolon."""
        return split(value, next((separator for separator in ("|", "\n", ",") if separator in value), ";"))
