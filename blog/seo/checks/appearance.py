"""Checks of what a search engine shows and follows: title, description, text length, images and links."""

import unicodedata
from collections import Counter
from urllib.parse import urlsplit

from blog.seo.checks.base import Paper, SeoCheck, SeoFinding
from scribe.marks import normalize

TEXT_MIN = 300
TITLE_MAX_PX = 600
META_MIN, META_MAX = 121, 156


def text_length(paper: Paper) -> SeoFinding:
    words = paper.document.word_count
    params = {"words": words, "min": TEXT_MIN}
    for limit, outcome, score in (
        (100, "far_below", -20),
        (200, "far_below", -10),
        (250, "below", 3),
    ):
        if words < limit:
            return SeoFinding(outcome, score, params, words)
    if words < TEXT_MIN:
        return SeoFinding("slightly_below", 6, params, words)
    return SeoFinding("ok", 9, params, words)


def title_width(paper: Paper) -> SeoFinding:
    if not paper.title:
        return SeoFinding("missing", 1)
    pixels = width(paper.title)
    params = {"px": pixels, "max_px": TITLE_MAX_PX}
    return SeoFinding("ok", 9, params, pixels) if pixels <= TITLE_MAX_PX else SeoFinding("wide", 3, params, pixels)


def meta_length(paper: Paper) -> SeoFinding:
    length = len(paper.description)
    if not length:
        return SeoFinding("missing", 1, {"chars": 0, "min": META_MIN, "max": META_MAX}, 0)
    params = {"chars": length, "min": META_MIN, "max": META_MAX}
    if length < META_MIN:
        return SeoFinding("short", 6, params, length)
    return SeoFinding("ok", 9, params, length) if length <= META_MAX else SeoFinding("long", 6, params, length)


def images(paper: Paper) -> SeoFinding:
    count = len(paper.document.images)
    return SeoFinding("ok", 9, {"count": count}, count) if count else SeoFinding("none", 3, {"count": 0}, 0)


def links_internal(paper: Paper) -> SeoFinding:
    return _links(paper, internal=True)


def links_external(paper: Paper) -> SeoFinding:
    return _links(paper, internal=False)


def _links(paper: Paper, *, internal: bool) -> SeoFinding:
    followed = nofollow = 0
    for link in paper.document.links:
        if is_internal(link.href, paper.own_hosts) is internal:
            followed, nofollow = (
                followed + (not link.nofollow),
                nofollow + link.nofollow,
            )
    count = followed + nofollow
    if not count:
        return SeoFinding("none", 3, {"count": 0}, 0)
    outcome, score = ("ok", 9) if not nofollow else ("mixed", 8) if followed else ("nofollow", 7)
    return SeoFinding(outcome, score, {"count": count, "nofollow": nofollow}, count)


def is_internal(href: str, own_hosts: frozenset[str]) -> bool | None:
    """Whether a link is relative or leads to `own_hosts`. None for a fragment, another scheme or a broken address."""
    if not href or href.startswith("#"):
        return None
    try:
        parts = urlsplit(href)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("", "http", "https"):
        return None
    return not host or host.removeprefix("www.") in own_hosts


def single_h1(paper: Paper) -> SeoFinding:
    count = sum(block.level == 1 for block in paper.document.headings)
    return SeoFinding("many", 1, {"count": count}, count) if count > 1 else SeoFinding("ok", 8, {"count": count}, count)


CHECKS = (
    SeoCheck("text_length", "seo", text_length),
    SeoCheck("title_width", "seo", title_width),
    SeoCheck("meta_length", "seo", meta_length),
    SeoCheck("images", "seo", images),
    SeoCheck("links_internal", "seo", links_internal),
    SeoCheck("links_external", "seo", links_external),
    SeoCheck("single_h1", "seo", single_h1),
)


# Arial at 20 pixels, by its published advance widths (units per 1000).
_GROUPS = {
    191: "'", 222: "ijl‘’", 260: "|", 278: " !,./:;I[]\\ft\u00a0", 333: "()-`r“”„", 334: "{}", 355: '"', 389: "*",
    469: "^", 500: "Jckvsxyz", 556: "#$?_0123456789Labdeghnopqu–", 584: "+<=>~", 611: "FTZ", 667: "&ABEKPSVXY",
    722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1000: "—…", 1015: "@",
}  # fmt: skip
_WIDTHS = {character: width for width, characters in _GROUPS.items() for character in characters}
_BASE = {
    "đ": "d",
    "Đ": "D",
    "ß": "b",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "æ": "m",
    "Æ": "W",
}
PIXELS = 20


def width(text: str) -> int:
    """The width in pixels, rounded. A letter with a diacritic counts as its base letter. Others are estimated."""
    letters = Counter(normalize("NFC", text))
    return round(sum(_advance(c) * times for c, times in letters.items()) * PIXELS / 1000)


def _advance(character: str) -> int:
    if found := _WIDTHS.get(character):
        return found
    base = _BASE.get(character) or normalize("NFD", character)[0]
    if found := _WIDTHS.get(base):
        return found
    if unicodedata.category(character) == "Mn":
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1000
    return 690 if character.isupper() else 560
