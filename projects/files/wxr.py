"""WordPress exports (WXR): read with expat, and written back by replacing the text of single elements by their offsets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, BinaryIO
from xml.parsers import expat

from integrations.stores import texts as stored
from integrations.stores.wordpress import own_pages
from projects.files.layouts import Layout
from projects.files.limits import MIB
from projects.files.merge import Changes, MergeResult
from projects.files.rows import Faults, ParsedItem, fit
from scribe.errors import InvalidInput, UnsupportedMedia
from scribe.unforeseen import NOT_ITS_OWN

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
WRITABLE = ("title", "excerpt:encoded", "content:encoded")
SEO_TITLE = ("_yoast_wpseo_title", "rank_math_title")
SEO_DESCRIPTION = ("_yoast_wpseo_metadesc", "rank_math_description")
# The place of each of our fields: an element, or the first of these meta keys that the item has. () is no place.
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
class WxrItem:
    """One `<item>`: its texts, and where the writable ones stand. A span is (begin, end) of an element's content."""

    position: int
    line: int
    end: int = 0  # offset of `</item>`
    texts: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    meta_spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    terms: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class WxrDocument:
    file: BinaryIO
    encoding: str = "utf-8"

    kind = "wxr"
    delimiter = None

    @classmethod
    def open(cls, file: BinaryIO) -> WxrDocument:
        reader = _WxrReader(file, probe=True)
        for _ in reader.entries():
            break
        if not reader.is_wxr:
            raise UnsupportedMedia("This is XML, but not a WordPress export (WXR).", code="unsupported_file")
        return cls(file, reader.encoding)

    def layout(self) -> Layout:
        layout = Layout("wxr", list(ELEMENTS), confidence=1.0)
        for index, name in enumerate(ELEMENTS.values()):
            layout.assign(index, name, 1.0)
        return layout

    @property
    def columns(self) -> list[str]:
        return list(ELEMENTS)

    def as_config(self) -> dict[str, Any]:
        return {"encoding": self.encoding}

    def sample(self, count: int) -> list[list[str]]:
        found: list[list[str]] = []
        for entry in self.entries():
            found.append([entry.texts.get(name, "") for name in ELEMENTS])
            if len(found) == count:
                break
        return found

    def row_count(self, most: int | None = None) -> int:
        return sum(1 for _ in islice(self.entries(), most))

    def estimate(self, counted: int) -> int:
        return self.row_count()

    def entries(self) -> Iterator[WxrItem]:
        """The posts, pages and products. Media, menus and revisions are not content."""
        return (entry for entry in _WxrReader(self.file).entries() if entry.texts.get("wp:post_type") in TYPES)

    def items(self, faults: Faults) -> Iterator[ParsedItem]:
        attachments = {
            entry.texts.get("wp:post_id", ""): entry.texts.get("wp:attachment_url", "")
            for entry in _WxrReader(self.file).entries()
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
        faults.error(entry.line, "no_key", "The item has no id and no title.")
        return None
    kind = TYPES[texts["wp:post_type"]]
    parent = texts.get("wp:post_parent", "").strip()
    parent = "" if parent == "0" else parent
    seo = {"slug": texts.get("wp:post_name", "").strip()}
    for key, names in (("title", SEO_TITLE), ("description", SEO_DESCRIPTION)):
        seo[key] = next((meta[one] for one in names if meta.get(one)), "")
    gallery = [meta.get("_thumbnail_id", ""), *meta.get("_product_image_gallery", "").split(",")]
    data: dict[str, Any] = {
        "sku": meta.get("_sku", ""),
        "name": stored.shown(name),  # WordPress keeps titles as HTML
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


class _WxrReader:
    """Drives expat over the file and gathers items. Entities and outside references are refused, not resolved."""

    def __init__(self, file: BinaryIO, *, probe: bool = False) -> None:
        self.file = file
        self.probe = probe
        self.encoding = "utf-8"
        self.is_wxr = False
        self.found: list[WxrItem] = []
        self.count = 0
        self.entry: WxrItem | None = None
        self.path: list[str] = []
        self.text: list[str] = []
        self.starts: list[int] = []
        self.meta_key = ""
        self.meta_value: tuple[str, tuple[int, int]] = ("", (0, 0))
        self.domain = ""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text.append
        parser.XmlDeclHandler = self._declared
        parser.EntityDeclHandler = self._entity
        self.parser = parser

    def entries(self) -> Iterator[WxrItem]:
        at = 0
        try:
            while chunk := self._read(at):
                at += len(chunk)
                self.parser.Parse(chunk, False)
                yield from self._drain()
            self.parser.Parse(b"", True)
            yield from self._drain()
        except expat.ExpatError as error:
            text = f"The XML breaks off at line {error.lineno}, column {error.offset}: {expat.ErrorString(error.code)}."
            raise InvalidInput(text, code="broken_xml", line=error.lineno) from None

    def _read(self, at: int) -> bytes:
        """Read a chunk. Between two chunks, the caller may move the file's position to copy from it."""
        self.file.seek(at)
        return self.file.read(MIB // 4 if self.probe else MIB)

    def _drain(self) -> list[WxrItem]:
        found, self.found = self.found, []
        return found

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = (encoding or "utf-8").lower()
        if self.encoding in _BUILT_IN:
            return
        try:  # expat asks Python for a table of the 256 bytes, and lets Python's own errors out
            known = len(bytes(range(256)).decode(self.encoding, "replace")) == 256
        except (LookupError, ValueError):
            known = False
        if not known:
            raise InvalidInput(
                f"The XML declares the encoding {self.encoding[:40]!r}, which is not read. Save the file as UTF-8.",
                code="broken_xml",
            )

    def _entity(self, *declaration: Any) -> None:
        raise UnsupportedMedia(
            "The XML declares entities, which a WordPress export never does.", code="unsupported_file"
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name)
        self.text.clear()
        self.starts.append(self.parser.CurrentByteIndex)
        if name in ("wp:wxr_version", "wp:post_type"):
            self.is_wxr = True
        elif name == "item" and len(self.path) == 3:
            self.count += 1
            self.entry = WxrItem(self.count, self.parser.CurrentLineNumber)
        elif name == "wp:postmeta":
            self.meta_key, self.meta_value = "", ("", (0, 0))
        elif name == "category":
            self.domain = attributes.get("domain", "category")

    def _end(self, name: str) -> None:
        start, here = self.starts.pop(), self.parser.CurrentByteIndex
        self.path.pop()
        text, entry = "".join(self.text), self.entry
        self.text.clear()
        if entry is None:
            return
        depth = len(self.path)
        if name == "item" and depth == 2:
            entry.end = here
            self.found.append(entry)
            self.entry = None
        elif name == "wp:meta_key":
            self.meta_key = text
        elif name == "wp:meta_value":
            self.meta_value = (text, (start, here))
        elif name == "wp:postmeta":
            entry.meta[self.meta_key], entry.meta_spans[self.meta_key] = self.meta_value
        elif name == "category" and depth == 3:
            if text and text not in entry.terms.setdefault(self.domain, []):
                entry.terms[self.domain].append(text)
        elif depth == 3:
            entry.texts[name] = text
            if name in WRITABLE:
                entry.spans[name] = (start, here)


# --- writing back

_ELEMENT_OF = {field: places[0] for field, places in PLACES.items() if places and places[0] in WRITABLE}
_META_OF = {field: places for field, places in PLACES.items() if places and field not in _ELEMENT_OF}
_BUILT_IN = frozenset({"utf-8", "utf-16", "iso-8859-1", "us-ascii"})  # the encodings that expat reads by itself
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
        outcome.changed_records += bool(edits)
    yield from _copy(document.file, at, None)


def _sorted_edits(document: WxrDocument, entry: WxrItem, fields: dict[str, Any]) -> list[tuple[int, int, bytes]]:
    return sorted(_edits(document, entry, fields))


def _edits(document: WxrDocument, entry: WxrItem, fields: dict[str, Any]) -> Iterator[tuple[int, int, bytes]]:
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
    """The text for a place that holds HTML: WordPress's filter would cut what follows the `<` of a plain one."""
    return stored.as_html(value) if "<" in value and (name == "name" or not stored.is_html(value)) else value


def _replacement(document: WxrDocument, element: str, span: tuple[int, int], text: str) -> tuple[int, int, bytes]:
    """The new text from behind the opening tag to the closing one. `<title/>` is replaced as a whole."""
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


def skipped(document: WxrDocument) -> Counter[str]:
    """The file's other types of items, with the number of each that is skipped."""
    kinds = (entry.texts.get("wp:post_type", "") for entry in _WxrReader(document.file).entries())
    return Counter(kind for kind in kinds if kind not in TYPES)
