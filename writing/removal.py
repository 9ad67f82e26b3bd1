"""A text without one of its sentences: what is left when a claim has no source and nobody wants to rewrite it."""

import html
import re

from writing.verifier import boundaries

_TAG = re.compile(r"<[^<>]*>")
_EMPTY = re.compile(r"<(a|p|li|ul|ol|strong|em|h[1-6]|blockquote|td)(?: [^<>]*)?>\s*</\1>\n?")
_SPACES = re.compile(r"(?<=\S) {2,}")


def sentence_at(text: str, start: int) -> str:
    """The sentence of `text` that has the character at `start`; "" if none has it."""
    return next((text[first:last] for first, last in boundaries.spans(text) if first <= start < last), "")


def without_sentence(raw: str, sentence: str, *, marked_up: bool) -> str:
    """`raw` without `sentence` (as a reader sees it); "" if that leaves nothing, or if it stands there twice or not
    at all. Markup around the sentence stays, elements that it leaves empty go."""
    words = sentence.split()
    gap = r"(?:<[^<>]*>|&nbsp;|\s)+" if marked_up else r"\s+"
    pattern = gap.join(re.escape(html.escape(word, quote=False) if marked_up else word) for word in words)
    found = list(re.finditer(pattern, raw)) if words else []
    if len(found) != 1:
        return ""
    start, end = found[0].span()
    left = raw[:start] + "".join(_TAG.findall(found[0][0]) if marked_up else ()) + raw[end:]
    while marked_up and (fewer := _EMPTY.sub("", left)) != left:
        left = fewer
    lines = (_SPACES.sub(" ", line).rstrip() for line in left.split("\n"))
    left = "\n".join(lines).strip()
    return left if (_TAG.sub("", left) if marked_up else left).strip() else ""
