"""The segments of a text: its sentences, and the blocks that hold several of them. The memory of translations knows
texts by them, and TMX files consist of them.

A text with markup is cut at its block elements, one without at its lines. Markup within a sentence stays in the
segment. A segment without any is plain text, also where its text is HTML, so that the same sentence is one segment
everywhere.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from scribe.marks import normalize
from scribe.types import JsonValue
from writing.text import BLOCK, MARKUP
from writing.verifier import boundaries

_LINES = re.compile(r"\n+")
_SPACES = re.compile(r"\s+")
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_DIGITS = re.compile(r"\d+")
_VOID = frozenset(["img", "wbr"])
UNSPACED = frozenset(["zh", "zh-TW", "ja", "th"])  # languages that put no space between sentences


class _Cut(NamedTuple):
    """A text in pieces: `glue[0] + blocks[0] + glue[1] + … + glue[-1]` is the text."""

    marked: bool
    glue: list[str]
    blocks: list[str]


def segments(value: JsonValue) -> list[str]:
    """The segments of a field's value, each once: sentences, and blocks of several sentences."""
    return list(dict.fromkeys(found for text in _texts(value) for found in _segments(text)))


def pairs(original: JsonValue, translation: JsonValue) -> Iterator[tuple[str, str]]:
    """The segments of an original with their translations. Where a block has not as many sentences in both languages,
    or their numbers differ, the block is one segment; where the texts have not the same blocks, there are none."""
    if isinstance(original, str) and isinstance(translation, str):
        yield from _pairs(original, translation)
    elif isinstance(original, list | Mapping) and isinstance(translation, list | Mapping):
        before, after = list(_texts(original)), list(_texts(translation))
        # The pairs of an object have no order, in the database at least.
        if len(before) == len(after) and (isinstance(original, list) or len(original) == 1):
            for one, other in zip(before, after, strict=True):
                yield from _pairs(one, other)


def compose(value: JsonValue, known: Mapping[str, str], language: str) -> JsonValue:
    """The value in `language`, put together from the translations of its segments, or None where one is not `known`."""
    if isinstance(value, str):
        return _compose(value, known, language)
    if isinstance(value, list):
        entries = [_compose(str(entry), known, language) for entry in value]
        return None if None in entries else entries
    if isinstance(value, Mapping):
        names = [_compose(str(name), known, language) for name in value]
        entries = [_compose(str(entry), known, language) for entry in value.values()]
        if None in names or None in entries or len(set(names)) < len(names):
            return None
        return dict(zip(names, entries, strict=True))
    return None


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from map(str, value)
    elif isinstance(value, Mapping):
        for name, entry in value.items():
            yield from (str(name), str(entry))


def _segments(text: str) -> Iterator[str]:
    cut = _cut(text)
    for block in cut.blocks:
        sentences = _sentences(block)
        yield from (_plain(sentence, cut.marked) for sentence in sentences)
        if len(sentences) > 1:
            yield _plain(block, cut.marked)


def _pairs(original: str, translation: str) -> Iterator[tuple[str, str]]:
    here, there = _cut(original), _cut(translation)
    if list(map(_elements, here.glue)) != list(map(_elements, there.glue)):
        return
    for before, after in zip(here.blocks, there.blocks, strict=True):
        both = list(zip(_sentences(before), _sentences(after), strict=False))
        same = len(both) == len(_sentences(before)) == len(_sentences(after))
        if not same or any(_numbers(one) != _numbers(other) for one, other in both):
            both = [(before, after)]
        for one, other in both:
            yield _plain(one, here.marked), _plain(other, there.marked)


def _compose(text: str, known: Mapping[str, str], language: str) -> str | None:
    cut = _cut(text)
    made: list[str] = []
    for block in cut.blocks:
        found = known.get(_plain(block, cut.marked))
        if found is None:
            parts = [known.get(_plain(sentence, cut.marked)) for sentence in _sentences(block)]
            if any(part is None for part in parts):
                return None
            made.append(("" if language in UNSPACED else " ").join(_as_in(part or "", cut.marked) for part in parts))
        else:
            made.append(_as_in(found, cut.marked))
    if not cut.marked and any(map(MARKUP.search, made)):
        return None
    return cut.glue[0] + "".join(block + glue for block, glue in zip(made, cut.glue[1:], strict=True))


def _cut(text: str) -> _Cut:
    marked = MARKUP.search(text) is not None
    glue, blocks, at = [""], list[str](), 0
    for match in [*(BLOCK if marked else _LINES).finditer(text), None]:
        inner = text[at : match.start() if match else len(text)]
        if block := inner.strip():
            begin = inner.index(block)
            glue[-1] += inner[:begin]
            blocks.append(block)
            glue.append(inner[begin + len(block) :])
        else:
            glue[-1] += inner
        if match:
            glue[-1] += match[0]
            at = match.end()
    return _Cut(marked, glue, blocks)


def _sentences(block: str) -> list[str]:
    """The sentences of a block; the block alone where an element within it spans several."""
    line = block.replace("\n", " ")
    found = [line[start:end] for start, end in boundaries.spans(line)]
    return found if all(map(_is_closed, found)) else [line]


def _is_closed(sentence: str) -> bool:
    tags = [(end, name.lower()) for end, name in _TAG_NAME.findall(sentence) if name.lower() not in _VOID]
    return sorted(name for end, name in tags if end) == sorted(name for end, name in tags if not end)


def _elements(glue: str) -> list[str]:
    return [f"{end}{name.lower()}" for end, name in _TAG_NAME.findall(glue)]


def _numbers(sentence: str) -> list[str]:
    return sorted(_DIGITS.findall(sentence))


def _plain(segment: str, marked: bool) -> str:
    """The segment as the memory has it. What has markup of its own stays HTML."""
    text = html.unescape(segment) if marked and not MARKUP.search(segment) else segment
    return _SPACES.sub(" ", normalize("NFC", text)).strip()


def _as_in(segment: str, marked: bool) -> str:
    """A segment of the memory in a text with markup, or without."""
    return html.escape(segment, quote=False) if marked and not MARKUP.search(segment) else segment
