"""WooCommerce's product export: rows are products and variations; a variation names its parent by SKU or `id:123`."""

import re
from typing import ClassVar

from catalog.files import vocabulary as words
from catalog.files.adapters.base import (
    Adapter,
    IdentityColumn,
    RowReader,
    number,
    split,
    without_key,
)
from catalog.files.delimited import FORMULA
from catalog.files.headers import normalise
from catalog.files.layouts import EXACT, Layout
from catalog.files.rows import Faults, FileRow, ParsedItem, fit
from integrations.stores import texts
from scribe.types import Json

_GUARDED = ("'=", "'+", "'-", "'@")
_COMMA = re.compile(r"(?<!\\),")
_NUMBERED = re.compile(r"^attributes\.(\d{1,3})\.(name|value)$")

_FIELDS = {
    "id": "external_id",
    "sku": "sku",
    "name": "name",
    "short_description": "short_description",
    "description": "description",
    "regular_price": "price",
    "category_ids": "categories",
    "tag_ids": "tags",
    "images": "images",
    "parent_id": "parent_external_id",
}
_SIGNS = {
    "published",
    "featured",
    "catalog_visibility",
    "stock_status",
    "tax_status",
    "backorders",
    "sold_individually",
}
_ROLES = ("type", "published", "sale_price")


class WooCommerceAdapter(Adapter):
    name = "woocommerce"
    headers: ClassVar = {
        "name": "Name",
        "short_description": "Short description",
        "description": "Description",
        "tags": "Tags",
        "seo.title": "Meta: _yoast_wpseo_title",
        "seo.description": "Meta: _yoast_wpseo_metadesc",
        "seo.focus_keyword": "Meta: _yoast_wpseo_focuskw",
        "seo.slug": "",
        "bullet_points": "Meta: bullet_points",
        "attributes": "",  # pairs of `attribute_columns`, planned one by one
        "structured_data": "",
    }
    identity = (IdentityColumn("ID", number), IdentityColumn("SKU", lambda row: str(row["source"].get("sku") or "")))
    name_is_html = True
    bom = True
    attribute_columns = {
        "name": "Attribute {} name",
        "value": "Attribute {} value(s)",
        "visible": "Attribute {} visible",
        "global": "Attribute {} global",
    }

    def recognised(self, columns: list[str]) -> Layout:
        layout = Layout(self.name, columns)
        keys: set[str] = set()
        for index, column in enumerate(columns):
            label = normalise(column)
            key = words.WOOCOMMERCE_LABELS.get(label)
            if key and key not in keys:
                keys.add(key)
                if name := _FIELDS.get(key):
                    layout.assign(index, name, EXACT)
                elif key in _ROLES:
                    layout.roles[key] = index
            elif attribute := words.woocommerce_attribute(column):
                position, part = attribute
                if part in ("name", "value"):
                    layout.assign(index, f"attributes.{position}.{part}", EXACT)
                layout.roles[f"attribute_{position}_{part}"] = index
            elif meta := words.woocommerce_meta(column):
                plain = normalise(meta)
                if plain in words.SEO_TITLE_META and "seo.title" not in layout.taken():
                    layout.assign(index, "seo.title", EXACT)
                elif plain in words.SEO_DESCRIPTION_META and "seo.description" not in layout.taken():
                    layout.assign(index, "seo.description", EXACT)
        signs = len(keys & _SIGNS) + ("type" in keys) + any(role.startswith("attribute_") for role in layout.roles)
        if "name" in keys and signs >= 2:
            layout.confidence = min(1.0, 0.9 + 0.02 * signs)
        return layout

    def reader(self, layout: Layout) -> RowReader:
        return WooReader(self, layout)

    def item(self, row: FileRow, reader: RowReader, faults: Faults) -> ParsedItem | None:
        cells = row.cells
        external_id, sku = reader.key(cells, reader.external_id), reader.key(cells, reader.sku)
        if not (external_id or sku or reader.cell(cells, reader.name)):
            without_key(row, faults)
            return None
        kind = reader.role(cells, "type").lower()
        data = reader.source_data(cells)
        if not data["price"] and (sale := reader.role(cells, "sale_price")):
            data["price"] = sale
        parent = data["parent_external_id"]
        data["parent_external_id"] = parent.removeprefix("id:")
        item = ParsedItem(row.position, row.line, "product", fit(external_id or sku or f"row-{row.position}"), data)
        if "variation" in kind:
            item.item_type = "variant"
            item.parent_ref = parent if parent.startswith("id:") else (f"sku:{parent}" if parent else "")
        elif "variable" in kind:
            item.refs = tuple(ref for ref in (external_id and f"id:{external_id}", sku and f"sku:{sku}") if ref)
        return item

    def unguarded(self, value: str) -> str:
        value = value.strip()
        return value[1:] if value.startswith(_GUARDED) else value

    def text(self, value: str) -> str:
        value = self.unguarded(value)
        return texts.plain_text_of(value) if "&" in value else value  # kept as HTML there

    def html(self, value: str) -> str:
        """The cell with its real line ends. The file writes them as the two characters `\\n`, a literal `\\n` as `\\\\n`."""
        value = self.unguarded(value)
        if "\\n" not in value:
            return value
        return "\n".join(part.replace("\0", "\\n") for part in value.replace("\\\\n", "\0").split("\\n"))

    def listed(self, value: str) -> list[str]:
        """`a, b\\, c` → `a` and `b, c`. The guard stands before the whole list."""
        value = self.unguarded(value)
        if "\\," not in value:
            return split(value, ",")
        return [part for piece in _COMMA.split(value) if (part := piece.replace("\\,", ",").strip())]

    def joined(self, values: list[str], *, delimiter: str = ",") -> str:
        return ", ".join(value.replace(",", "\\,") for value in values)

    def is_export(self, layout: Layout) -> bool:
        """A table with a few of its headers may be the merchant's own."""
        return any(role in _ROLES or role.startswith("attribute_") for role in layout.roles)

    def with_line_ends(self, text: str, line_end: str, *, is_export: bool) -> str:
        """Its exporter writes line ends as the two characters `\\n`. Its importer takes real ones, too."""
        if not is_export:
            return super().with_line_ends(text, line_end, is_export=False)
        return text.replace("\\n", "\\\\n").replace("\n", "\\n")

    def guarded(self, text: str) -> str:
        return "'" + text if text.startswith(FORMULA) else text

    def key(self, value: str) -> str:
        return self.unguarded(value)

    def guarded_key(self, value: str) -> str:
        return self.guarded(value)


class WooReader(RowReader):
    """Reads attributes from pairs of columns: one column names the attribute of this row, another holds its value."""

    def __init__(self, adapter: WooCommerceAdapter, layout: Layout) -> None:
        super().__init__(adapter, layout)
        self.listed = adapter.listed
        pairs: dict[int, dict[str, int]] = {}
        plain = []
        for name, column in self.attributes:
            if match := _NUMBERED.match(f"attributes.{name}"):
                pairs.setdefault(int(match.group(1)), {})[match.group(2)] = column
            else:
                plain.append((name, column))
        self.attributes = plain
        self.pairs = [(pair["name"], pair["value"]) for _, pair in sorted(pairs.items()) if len(pair) == 2]

    def source_data(self, cells: list[str]) -> Json:
        data = super().source_data(cells)
        attributes = data["attributes"]
        for name_column, value_column in self.pairs:
            if (name := self.adapter.unguarded(cells[name_column])) and (value := cells[value_column].strip()):
                attributes[name] = ", ".join(self.listed(value))
        return data
