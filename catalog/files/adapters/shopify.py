"""Shopify's product CSV, both header generations: the rows of one handle are a product, its variants and its images."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar

from catalog import source_data
from catalog.files import vocabulary as words
from catalog.files.adapters.base import Adapter, IdentityColumn, RowReader, by_table
from catalog.files.headers import METAFIELD, normalise
from catalog.files.layouts import Layout
from catalog.files.rows import Faults, FileRow, ParsedItem, RowSource, fit
from scribe.messages import _
from scribe.types import Json
from scribe.unforeseen import NOT_ITS_OWN

_WORDS = re.compile(r"[^\w]+")
_NEWER = {"Body (HTML)": "Description", "SEO Title": "SEO title", "SEO Description": "SEO description"}
OPTIONS = (("option1_name", "option1_value"), ("option2_name", "option2_value"), ("option3_name", "option3_value"))

_FIELDS = {
    "handle": "external_id",
    "name": "name",
    "description": "description",
    "sku": "sku",
    "price": "price",
    "tags": "tags",
    "image": "images",
    "seo_title": "seo.title",
    "seo_description": "seo.description",
}
_SIGNS = {"option1_name", "option1_value", "image", "compare_price", "variant_image", "vendor", "grams"}


def _handle(row: Json) -> str:
    source = row["source"]
    return str(source.get("handle") or source.get("seo", {}).get("slug") or row["external_id"])


def _made_from(title: str, position: int, made: Counter[str], seen: set[int]) -> str:
    """The handle of a product that has none, as Shopify makes it: from the title, with a number if another product has
    the same. `made` counts the products of each title, `seen` has the hashes of the file's handles so far."""
    stem = _WORDS.sub("-", title.lower()).strip("-") or f"row-{position}"
    while True:
        handle = f"{stem}-{made[stem]}" if made[stem] else stem
        made[stem] += 1
        if hash(handle) not in seen:
            return handle


class ShopifyAdapter(Adapter):
    name = "shopify"
    headers: ClassVar = {
        "name": "Title",
        "description": "Body (HTML)",
        "tags": "Tags",
        "seo.title": "SEO Title",
        "seo.description": "SEO Description",
        "seo.focus_keyword": "",
        "seo.slug": "",
        "short_description": "",
        "bullet_points": "",
        "attributes": "",
        "structured_data": "",
    }
    identity = (IdentityColumn("Handle", _handle),)
    keys = frozenset({"external_id"})  # rows with the same handle are one product; a row without a handle is its own
    unknown = frozenset({"parent_external_id"})

    def recognised(self, columns: list[str]) -> Layout:
        layout = Layout(self.name, columns)
        by_table(layout, words.SHOPIFY, _FIELDS)
        signs = len(set(layout.roles) & _SIGNS)
        if "external_id" in layout.taken() and "name" in layout.taken() and signs >= 2:
            layout.confidence = min(1.0, 0.9 + 0.02 * signs)
        elif any(METAFIELD.search(column) for column in columns) and "name" in layout.taken():
            layout.confidence = 0.9
        return layout

    def header(self, field: str, columns: Sequence[str]) -> str:
        """Shopify's newer headers are in sentence case."""
        header = self.headers[field]
        newer = any(normalise(column) == "url handle" for column in columns)
        return _NEWER.get(header, header) if newer else header

    def items(self, rows: RowSource, layout: Layout, faults: Faults) -> Iterator[ParsedItem]:
        """Rows of a handle normally stand together. If a handle comes back later, its rows add variants to the product."""
        reader = RowReader(self, layout)
        metafields = [
            (name[: match.start()].strip(), column) for name, column in reader.rest if (match := METAFIELD.search(name))
        ]
        seen: set[int] = set()
        made: Counter[str] = Counter()
        group: list[FileRow] = []
        current = ""
        for row in rows(None):
            handle = reader.key(row.cells, reader.external_id)
            title = "" if handle else reader.cell(row.cells, reader.name)
            if not (handle or title) and self._is_part(row, reader):
                handle = current
            if not (handle or title):
                faults.error(row.line, "no_key", _("The row has no handle and no title."))
                continue
            if handle != current and group:
                yield from self._whole(current, group, reader, metafields, seen, faults)
                group = []
            current = handle or _made_from(title, row.position, made, seen)
            group.append(row)
        if group:
            yield from self._whole(current, group, reader, metafields, seen, faults)

    def _whole(
        self,
        handle: str,
        group: list[FileRow],
        reader: RowReader,
        metafields: list[tuple[str, int]],
        seen: set[int],
        faults: Faults,
    ) -> list[ParsedItem]:
        """A product with all of its variants. If one of them is bad, the whole product is left out."""
        try:
            return list(self._product(handle, group, reader, metafields, seen, faults))
        except NOT_ITS_OWN:
            raise
        except Exception as error:
            faults.unforeseen(group[0].line, error)
            return []

    def _is_part(self, row: FileRow, reader: RowReader) -> bool:
        """Whether a row with neither handle nor title continues the last product."""
        return bool(reader.role(row.cells, "option1_value") or reader.role(row.cells, "image"))

    def _product(
        self,
        handle: str,
        group: list[FileRow],
        reader: RowReader,
        metafields: list[tuple[str, int]],
        seen: set[int],
        faults: Faults,
    ) -> Iterator[ParsedItem]:
        first = group[0]
        key = hash(handle)
        variants = [
            row
            for row in group
            if any(reader.role(row.cells, value) for _unused, value in OPTIONS) or reader.key(row.cells, reader.sku)
        ]
        single = len(variants) <= 1 and reader.role((variants or group)[0].cells, "option1_value") in (
            "",
            "Default Title",
        )
        if key in seen:
            faults.warn(
                first.line,
                "repeated_key",
                _(
                    "The handle “{handle}” appears in separate places of the file. Put its rows together.",
                    handle=handle,
                ),
            )
            single = False
        else:
            seen.add(key)
            yield self._first_row(handle, group, variants, reader, metafields)
        if single:
            return
        names = [reader.role(first.cells, name) for name, _unused in OPTIONS]
        for row in variants:
            yield self._variant(handle, row, names, reader)

    def _first_row(
        self,
        handle: str,
        group: list[FileRow],
        variants: list[FileRow],
        reader: RowReader,
        metafields: list[tuple[str, int]],
    ) -> ParsedItem:
        first = group[0]
        data = reader.source_data(first.cells)
        data["images"] = self._images(group, reader)
        data["seo"].setdefault("slug", handle)
        data["categories"] = [
            name
            for name in dict.fromkeys((reader.role(first.cells, "category"), reader.role(first.cells, "type")))
            if name
        ]
        for name_role, value_role in OPTIONS:
            name = reader.role(first.cells, name_role)
            values = [value for row in variants if (value := reader.role(row.cells, value_role))]
            if name and values and values != ["Default Title"]:
                data["attributes"][name] = ", ".join(dict.fromkeys(values))
        for name, column in metafields:
            if name and (value := first.cells[column].strip()):
                data["attributes"].setdefault(name, value)
        return ParsedItem(first.position, first.line, "product", fit(handle), data, refs=(handle,))

    def _variant(self, handle: str, row: FileRow, names: list[str], reader: RowReader) -> ParsedItem:
        values = [reader.role(row.cells, value) for _, value in OPTIONS]
        sku = reader.key(row.cells, reader.sku)
        image = reader.role(row.cells, "variant_image")
        data: Json = {
            **source_data.blank(),
            "sku": sku,
            "name": " / ".join(value for value in values if value) or sku,
            "price": reader.cell(row.cells, reader.layout.column_of("price")),
            "images": [image] if image else [],
            "parent_external_id": handle,
            "attributes": {name: value for name, value in zip(names, values, strict=True) if name and value},
            "raw": {name: value for name, column in reader.rest if (value := row.cells[column]) and "ariant" in name},
        }
        key = "/".join(value for value in values if value) or sku
        return ParsedItem(row.position, row.line, "variant", fit(f"{handle}/{key}"), data, parent_ref=handle)

    def _images(self, group: list[FileRow], reader: RowReader) -> list[Json | str]:
        column, with_alt = reader.layout.column_of("images"), "image_alt" in reader.roles
        images: list[Json | str] = []
        seen = set()
        for row in group:
            source = reader.cell(row.cells, column)
            if source and source not in seen:
                seen.add(source)
                images.append({"src": source, "alt": reader.role(row.cells, "image_alt")} if with_alt else source)
        return images

    def images(self, value: str) -> list[Json | str]:
        return [value.strip()]
