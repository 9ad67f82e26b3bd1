"""A product as the audit reads it: the texts that the store shows now, and the other fields that the checks need."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from projects.models import ContentItem
from scribe.types import Json, ReadOnlyJson
from writing.text import strip_html

_SILENT = re.compile(r"<(script|style)\b|<!--", re.I)
_ENDS = {
    "script": re.compile(r"</script\s*>", re.I),
    "style": re.compile(r"</style\s*>", re.I),
    "": re.compile("-->"),
}
_WORD = re.compile(r"[^\W_]+(?:[-’'.][^\W_]+)*", re.UNICODE)
_ADDRESSES = ("permalink", "url", "link", "product_url", "onlineStoreUrl", "Permalink", "URL", "Link", "Product URL")
LONGEST = 100_000


@dataclass
class ShopProduct:
    title: str
    description: str
    short_description: str
    images: int
    images_without_alt: int | None  # None when the source has no data on alternative texts
    seo_title: str
    seo_description: str
    focus_keyword: str
    attributes: int
    price: str
    url: str
    figures: Json = field(default_factory=dict)  # computed by checks, and reused by later ones

    @cached_property
    def blocks(self) -> list[str]:
        """The description's visible text, one string per block."""
        return [line for line in strip_html(self.description).split("\n") if line]

    @cached_property
    def text(self) -> str:
        return " ".join(self.blocks)

    @cached_property
    def words(self) -> list[str]:
        return _WORD.findall(self.text)


def read(item: ContentItem) -> ShopProduct:
    """Read an item as the store shows it: the source's fields, replaced by generated ones if the item is synced."""
    source = item.source_data
    pushed: ReadOnlyJson = item.generated_content if item.status == ContentItem.Status.SYNCED else {}
    seo = {**_mapping(source.get("seo")), **_mapping(pushed.get("seo"))}
    raw = _mapping(source.get("raw"))
    images, without_alt = _images(source.get("images"), raw)
    attributes = {**_mapping(source.get("attributes")), **_mapping(pushed.get("attributes"))}
    return ShopProduct(
        title=_line(pushed.get("name") or source.get("name")),
        description=str(pushed.get("description") or source.get("description") or "")[:LONGEST],
        short_description=strip_html(
            str(pushed.get("short_description") or source.get("short_description") or "")[:LONGEST]
        ),
        images=images,
        images_without_alt=without_alt,
        seo_title=_line(seo.get("title")),
        seo_description=_line(seo.get("description")),
        focus_keyword=_line(seo.get("focus_keyword")),
        attributes=sum(1 for value in attributes.values() if value not in (None, "", [], {})) or _pairs(source),
        price=_price(source.get("price")),
        url=_url(source, raw),
    )


def audible_text(source: str) -> str:
    """Remove scripts, styles and comments from HTML. One without an end stays."""
    pieces: list[str] = []
    at = 0
    endless: set[str] = set()
    for match in _SILENT.finditer(source):
        kind = (match[1] or "").lower()
        if match.start() < at or kind in endless:
            continue
        end = _ENDS[kind].search(source, match.end())
        if end is None:
            endless.add(kind)
            continue
        pieces.append(source[at : match.start()])
        at = end.end()
    return " ".join([*pieces, source[at:]])


def _mapping(value: object) -> ReadOnlyJson:
    return value if isinstance(value, Mapping) else {}


def _line(value: object) -> str:
    return re.sub(r"\s+", " ", strip_html(str(value or ""))).strip()


def _pairs(source: ReadOnlyJson) -> int:
    """The number of attributes that are given as a list of `{name, value}`."""
    rows = source.get("attributes")
    return sum(1 for row in rows if isinstance(row, Mapping) and row.get("name")) if isinstance(rows, list) else 0


def _images(value: object, raw: ReadOnlyJson) -> tuple[int, int | None]:
    rows = value if isinstance(value, list) else [part for part in str(value or "").split(",") if part.strip()]
    alts = _mapping(raw.get("image_alts"))
    known = "image_alts" in raw
    count = missing = 0
    for row in rows:
        if isinstance(row, Mapping):
            src = row.get("src") or row.get("url") or row.get("file")
            if not src:
                continue
            known = known or "alt" in row or "alt_text" in row
            alt = row.get("alt") or row.get("alt_text") or alts.get(str(src))
        else:
            src = str(row).strip()
            if not src:
                continue
            alt = alts.get(src)
        count += 1
        missing += not str(alt or "").strip()
    return count, missing if known else None


def _price(value: object) -> str:
    if isinstance(value, Mapping):
        value = next(
            (value[key] for key in ("sale", "price", "amount", "regular", "regular_price") if value.get(key)), ""
        )
    text = str(value if value is not None else "").strip()
    digits = re.sub(r"[^\d]", "", text)
    return text if digits.strip("0") else ""


def _url(source: ReadOnlyJson, raw: ReadOnlyJson) -> str:
    for row in (source, raw):
        for key in _ADDRESSES:
            value = row.get(key)
            if isinstance(value, str) and value.startswith(("https://", "http://")):
                return value.strip()[:2048]
    return ""
