"""Checks of what a search engine shows and follows: title, description, length, images, links."""

from __future__ import annotations

from urllib.parse import urlsplit

from blog.seo import titles
from blog.seo.checks.base import Check, Finding, Paper

TEXT_MIN = 300
TITLE_MAX_PX = 600
META_MIN, META_MAX = 121, 156


def text_length(paper: Paper) -> Finding:
    words = paper.document.word_count
    params = {"words": words, "min": TEXT_MIN}
    for limit, outcome, score in (
        (100, "far_below", -20),
        (200, "far_below", -10),
        (250, "below", 3),
    ):
        if words < limit:
            return Finding(outcome, score, params, words)
    if words < TEXT_MIN:
        return Finding("slightly_below", 6, params, words)
    return Finding("ok", 9, params, words)


def title_width(paper: Paper) -> Finding:
    if not paper.title:
        return Finding("missing", 1)
    pixels = titles.width(paper.title)
    params = {"px": pixels, "max_px": TITLE_MAX_PX}
    return Finding("ok", 9, params, pixels) if pixels <= TITLE_MAX_PX else Finding("wide", 3, params, pixels)


def meta_length(paper: Paper) -> Finding:
    length = len(paper.description)
    if not length:
        return Finding("missing", 1, {"chars": 0, "min": META_MIN, "max": META_MAX}, 0)
    params = {"chars": length, "min": META_MIN, "max": META_MAX}
    if length < META_MIN:
        return Finding("short", 6, params, length)
    return Finding("ok", 9, params, length) if length <= META_MAX else Finding("long", 6, params, length)


def images(paper: Paper) -> Finding:
    count = len(paper.document.images)
    return Finding("ok", 9, {"count": count}, count) if count else Finding("none", 3, {"count": 0}, 0)


def links_internal(paper: Paper) -> Finding:
    return _links(paper, internal=True)


def links_external(paper: Paper) -> Finding:
    return _links(paper, internal=False)


def _links(paper: Paper, *, internal: bool) -> Finding:
    followed = nofollow = 0
    for link in paper.document.links:
        if is_internal(link.href, paper.own_hosts) is internal:
            followed, nofollow = (
                followed + (not link.nofollow),
                nofollow + link.nofollow,
            )
    count = followed + nofollow
    if not count:
        return Finding("none", 3, {"count": 0}, 0)
    outcome, score = ("ok", 9) if not nofollow else ("mixed", 8) if followed else ("nofollow", 7)
    return Finding(outcome, score, {"count": count, "nofollow": nofollow}, count)


def is_internal(href: str, own_hosts: frozenset[str]) -> bool | None:
    """None for what is no link to a page: a fragment, `mailto:`, `tel:`, an unreadable address."""
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


def single_h1(paper: Paper) -> Finding:
    count = sum(block.level == 1 for block in paper.document.headings)
    return Finding("many", 1, {"count": count}, count) if count > 1 else Finding("ok", 8, {"count": count}, count)


CHECKS = (
    Check("text_length", "seo", text_length),
    Check("title_width", "seo", title_width),
    Check("meta_length", "seo", meta_length),
    Check("images", "seo", images),
    Check("links_internal", "seo", links_internal),
    Check("links_external", "seo", links_external),
    Check("single_h1", "seo", single_h1),
)
