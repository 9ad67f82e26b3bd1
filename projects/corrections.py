"""What an edit corrects, word by word: the words that were taken out, and those that took their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from projects import text_steps
from scribe.language.detector import common_words
from writing.checks import fields as texts

MOST = 12  # corrections of one edit; an edit with more of them writes the text anew, and teaches nothing
ALIKE = 0.5  # the share of words that an edit leaves; below it the text was written anew
LONGEST_TEXT = 2000  # words
LONGEST_OUT, LONGEST_IN = 3, 4  # words
LONGEST_TERM = 60  # characters
_WORDS = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Correction(NamedTuple):
    """`term` was taken out, in lower case. `instead`, if any, took its place, as it was written."""

    term: str
    instead: str = ""


def found(before: dict[str, Any], after: dict[str, Any]) -> set[Correction]:
    """The corrections that lead from one content to the other."""
    old, new = _by_field(before), _by_field(after)
    made = {one for name in old.keys() & new.keys() if old[name] != new[name] for one in _of(old[name], new[name])}
    return made if len(made) <= MOST else set()


def _by_field(content: dict[str, Any]) -> dict[str, str]:
    joined: dict[str, list[str]] = {}
    for text in texts.of(content):
        joined.setdefault(text.row.name, []).append(text.text)
    return {name: "\n".join(lines) for name, lines in joined.items()}


def _of(before: str, after: str) -> Iterator[Correction]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if not old or max(len(old), len(new)) > LONGEST_TEXT:
        return
    plain_old, plain_new = [word.lower() for word in old], [word.lower() for word in new]
    steps = list(text_steps.operations(plain_old, plain_new))
    kept = sum(end - start for step, start, end, _, _ in steps if step == "equal")
    if 2 * kept < ALIKE * (len(plain_old) + len(plain_new)):
        return
    left = f" {' '.join(plain_new)} "
    for step, start, end, from_, to in steps:
        out, put = plain_old[start:end], new[from_:to]
        if step not in ("delete", "replace") or len(out) > LONGEST_OUT or len(put) > LONGEST_IN:
            continue
        phrase = " ".join(out)
        for term in dict.fromkeys([phrase, *out]):
            if f" {term} " in left or not _telling(term):
                continue
            yield Correction(term)
            if put and term == phrase:
                yield Correction(term, " ".join(put)[:LONGEST_TERM])


def _telling(term: str) -> bool:
    """Whether a rule about the term makes sense: it has a word that is no small one, and no number."""
    words = term.split()
    return (
        len(term) <= LONGEST_TERM
        and not any(character.isdigit() for character in term)
        and any(len(word) > 1 and word not in common_words() for word in words)
    )
