"""WordPress exports (WXR): read as items, and written back by replacing the text of single elements by their offsets."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import BinaryIO

from catalog.files.layouts import Layout
from catalog.files.limits import MIB
from catalog.files.merge import Changes, MergeResult
from catalog.files.rows import Faults, ParsedItem, fit
from catalog.files.wxr_entries import WRITABLE, WxrItem, WxrReader
from integrations.stores import texts as stored
from integrations.stores.wordpress import own_pages
from scribe.errors import UnsupportedMedia
from scribe.messages import _
from scribe.types import Json
from scribe.unforeseen import NOT_ITS_OWN

FIRST = 4 * MIB  # that a request reads
ENTRY_BYTES = 4_000  # of an entry of usual length
TYPES = {"page": "page", "post": "post", "product": "product", "product_variation": "variant"}
# Element of an item → field of its source data; `detect-columns` shows them as columns.
ELEMENTS = {
    "wp:post_id": "external_id",
    "title": "name",
    "excerpt:encoded": "short_description",
    "content:encoded": "description",
    "wp:post_name": "seo.slug",
    "wp:post_parent": "parent_external_id",
}
SEO_TITLE = ("_yoast_wpseo_title", "rank_math_title")
SEO_DESCRIPTION = ("_yoast_wpseo_metadesc", "rank_math_description")
# The place of each of our fields: an element, or the first of these meta keys that the item has. () means no place.
PLACES: dict[str, tuple[str, ...]] = {
    "name": ("title",),
    "short_description": ("excerpt:encoded",),
    "description": ("content:encoded",),
    "seo.title": SEO_TITLE,
    "seo.description": SEO_DESCRIPTION,
    "seo.slug": (),  # an existing address is not changed
    "seo.focus_keyword": (),
    "bullet_points": (),
    "attributes": (),
    "tags": (),
    "structured_data": (),
}


@dataclass
class WxrDocument:
    file: BinaryIO
    encoding: str = "utf-8"

    kind = "wxr"
    delimiter = None
    empty_cell_means_unchanged = False

    @classmethod
    def open(cls, file: BinaryIO) -> "WxrDocument":
        reader = WxrReader(file, probe=True)
        for _unused in reader.read(FIRST):
            break
        if not reader.is_wxr:
            raise UnsupportedMedia(_("This is XML, but not a WordPress export (WXR)."), code="unsupported_file")
        return cls(file, reader.encoding)

    def layout(self) -> Layout:
        layout = Layout("wxr", list(ELEMENTS), confidence=1.0)
        for index, name in enumerate(ELEMENTS.values()):
            layout.assign(index, name, 1.0)
        return layout

    @property
    def columns(self) -> list[str]:
        return list(ELEMENTS)

    def as_config(self) -> Json:
        return {"encoding": self.encoding}

    def sample(self, count: int) -> list[list[str]]:
        found: list[list[str]] = []
        for entry in self.entries(FIRST):
            found.append([entry.texts.get(name, "") for name in ELEMENTS])
            if len(found) == count:
                break
        return found

    def row_count(self, most: int | None = None) -> int:
        """The number of posts, pages and products. Counting stops at `most`, as which a document beyond FIRST counts."""
        if most is not None and self._size() > FIRST:
            return most
        return sum(1 for _ in islice(self.entries(), most))

    def estimate(self, counted: int) -> int:
        """The approximate number of entries, judged by the size of the document. It serves to show progress."""
        return max(counted, self._size() // ENTRY_BYTES)

    def _size(self) -> int:
        return self.file.seek(0, os.SEEK_END)

    def entries(self, most: int | None = None) -> Iterator[WxrItem]:
        """The posts, pages and products, of the first `most` bytes. Media, menus and revisions are not content."""
        return (entry for entry in WxrReader(self.file).read(most) if entry.texts.get("wp:post_type") in TYPES)

    def items(self, faults: Faults) -> Iterator[ParsedItem]:
        attachments = {
            entry.texts.get("wp:post_id", ""): entry.texts.get("wp:attachment_url", "")
            for entry in WxrReader(self.file).read()
            if entry.texts.get("wp:post_type") == "attachment"
        }
        for entry in self.entries():
            try:
                item = _item(entry, attachments, faults)
            except NOT_ITS_OWN:
                raise
            except Exception as error:
                faults.unforeseen(entry.line, error)
                continue
            if item:
                yield item


def _item(entry: WxrItem, attachments: dict[str, str], faults: Faults) -> ParsedItem | None:
    texts, meta = entry.texts, entry.meta
    post_id, name = texts.get("wp:post_id", "").strip(), texts.get("title", "").strip()
    if not (post_id or name):
        faults.error(entry.line, "no_key", _("The item has no id and no title."))
        return None
    kind = TYPES[texts["wp:post_type"]]
    parent = texts.get("wp:post_parent", "").strip()
    parent = "" if parent == "0" else parent
    seo = {"slug": texts.get("wp:post_name", "").strip()}
    for key, names in (("title", SEO_TITLE), ("description", SEO_DESCRIPTION)):
        seo[key] = next((meta[one] for one in names if meta.get(one)), "")
    gallery = [meta.get("_thumbnail_id", ""), *meta.get("_product_image_gallery", "").split(",")]
    data: Json = {
        "sku": meta.get("_sku", ""),
        "name": stored.plain_text_of(name),  # WordPress keeps titles as HTML
        "short_description": texts.get("excerpt:encoded", "").strip(),
        "description": texts.get("content:encoded", "").strip(),
        "price": meta.get("_regular_price") or meta.get("_price", ""),
        "categories": entry.terms.get("category", []) + entry.terms.get("product_cat", []),
        "tags": entry.terms.get("post_tag", []) + entry.terms.get("product_tag", []),
        "images": [attachments[one.strip()] for one in gallery if attachments.get(one.strip())],
        "parent_external_id": parent,
        "seo": {key: value for key, value in seo.items() if value},
        "attributes": {
            domain.removeprefix("pa_"): ", ".join(values)
            for domain, values in entry.terms.items()
            if domain.startswith("pa_")
        },
        "raw": {
            name: texts[name]
            for name in ("wp:post_type", "wp:status", "link", "wp:post_date", "dc:creator")
            if texts.get(name)
        },
    }
    return ParsedItem(
        entry.position,
        entry.line,
        kind,
        fit(post_id or f"row-{entry.position}"),
        data,
        parent_ref=parent if kind == "variant" else "",
        refs=(post_id,) if kind == "product" else (),
        left_out=own_pages.reason(texts.get("content:encoded", "")) if kind in ("page", "post") else "",
    )


# --- writing back

_ELEMENT_OF = {field: places[0] for field, places in PLACES.items() if places and places[0] in WRITABLE}
_META_OF = {field: places for field, places in PLACES.items() if places and field not in _ELEMENT_OF}
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def merge(document: WxrDocument, changes: Changes, outcome: MergeResult) -> Iterator[bytes]:
    """The document with the changed elements in it. Everything between them is copied as it stands."""
    due, fields = next(changes, (-1, {}))
    at = 0
    for entry in document.entries():
        if entry.position != due:
            continue
        untouched: list[tuple[int, int, bytes]] = []
        edits = outcome.attempt(due, partial(_sorted_edits, document, entry, fields), untouched)
        due, fields = next(changes, (-1, {}))
        for start, end, value in edits:
            yield from _copy(document.file, at, start)
            yield value
            at = end
        outcome.changed_cells += len(edits)
    yield from _copy(document.file, at, None)


def _sorted_edits(document: WxrDocument, entry: WxrItem, fields: Json) -> list[tuple[int, int, bytes]]:
    return sorted(_edits(document, entry, fields))


def _edits(document: WxrDocument, entry: WxrItem, fields: Json) -> Iterator[tuple[int, int, bytes]]:
    added = []
    for name, value in fields.items():
        if element := _ELEMENT_OF.get(name):
            text = _html(name, str(value))
            if element in entry.spans and entry.texts.get(element) not in (value, text):
                yield _replacement(document, element, entry.spans[element], text)
        elif keys := _META_OF.get(name):
            key = next((one for one in keys if one in entry.meta_spans), None)
            if key is None:
                added.append((keys[0], str(value)))
            elif entry.meta[key] != value:
                yield _replacement(document, "wp:meta_value", entry.meta_spans[key], str(value))
    if added:
        yield entry.end, entry.end, b"".join(_new_meta(document, key, value) for key, value in added)


def _html(name: str, value: str) -> str:
    """The text for a place that holds HTML. Plain text is escaped, since WordPress would cut it after a `<`."""
    return stored.as_html(value) if "<" in value and (name == "name" or not stored.is_html(value)) else value


def _replacement(document: WxrDocument, element: str, span: tuple[int, int], text: str) -> tuple[int, int, bytes]:
    """The span to replace, and its new bytes: the content between the tags, or the whole of an empty `<title/>`."""
    start, end = span
    document.file.seek(start)
    raw = document.file.read(max(end - start, 256))
    opening = re.match(rb"<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>", raw)
    assert opening is not None, "expat saw a tag here"
    value = _cdata(document, text)
    if opening.group(0).endswith(b"/>"):
        name = element.encode()
        return start, start + opening.end(), b"<" + name + b">" + value + b"</" + name + b">"
    return start + opening.end(), end, value


def _cdata(document: WxrDocument, text: str) -> bytes:
    clean = _ILLEGAL.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{clean}]]>".encode(document.encoding, "xmlcharrefreplace")


def _new_meta(document: WxrDocument, key: str, value: str) -> bytes:
    opening = f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>".encode(document.encoding)
    return opening + _cdata(document, value) + "</wp:meta_value></wp:postmeta>\n".encode(document.encoding)


def _copy(file: BinaryIO, start: int, end: int | None) -> Iterator[bytes]:
    file.seek(start)
    while end is None or start < end:
        chunk = file.read(MIB if end is None else min(MIB, end - start))
        if not chunk:
            return
        start += len(chunk)
        yield chunk
