"""A field that was left as it was, and one that is much shorter or longer than its original."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from scribe.messages import _
from writing.checks import numbers
from writing.checks.translation.marks import PLACEHOLDER
from writing.checks.translation.pairs import WARNING, Departure, Pair
from writing.fields import Form, Role
from writing.text import squeeze

LEAST, MOST = 0.5, 2.0  # of the original's length
#: Scripts that say a word with one or two signs: a text has so many times the length of its original in letters.
DENSE_LEAST, DENSE_MOST = 0.15, 1.2
DENSE = frozenset(["zh", "zh-TW", "ja", "ko"])
JUDGED = 40  # characters from which a length says anything
SURE = 100  # from which it fails the check
WORDS = 3  # words that a text has to have to be a sentence rather than a name
LEAST_SENTENCE = 15  # characters, more than a heading or label that a text may repeat
_SENTENCE = re.compile(r"[^.!?\n。！？]+[.!?。！？]?")
_WORD = re.compile(r"[^\W\d_]{3,}")


def compare(pair: Pair, source: str, target: str, kept: tuple[str, ...]) -> Iterator[Departure]:
    if pair.row.role is not Role.PROSE:
        return
    yield from _untranslated_departures(pair, kept)
    yield from _find_repetitions(pair)
    yield from _length(pair, source, target)


def _untranslated_departures(pair: Pair, kept: tuple[str, ...]) -> Iterator[Departure]:
    """A name may stay as it is; so may what consists of names, numbers and words that are not to be translated."""
    if squeeze(pair.source).casefold() != squeeze(pair.target).casefold():
        return
    rest = PLACEHOLDER.sub(" ", pair.source)
    for term in kept:
        if term in rest:
            rest = rest.replace(term, " ")
    codes = iter(sorted((code.start, code.end) for code in numbers.find(rest)[1]))
    words = [word[0] for word in islice(_outside(rest, codes), 200)]
    plain = [word for word in words if word.islower()]
    if not plain:
        return
    level = WARNING if pair.row.form is Form.NAME or len(words) < WORDS else "error"
    yield Departure(pair.field, "untranslated", "The text is the same as the original.", level, pair.target[:80], 0)


def _find_repetitions(pair: Pair) -> Iterator[Departure]:
    """Sentences that the translation says more often than the original says any."""
    most = max(Counter(sentence for sentence, _start in _sentences(pair.source, 1)).values(), default=1)
    said = Counter[str]()
    for sentence, start in _sentences(pair.target, LEAST_SENTENCE):
        said[sentence] += 1
        if said[sentence] == most + 1:
            detail = _("The sentence “{text}” stands there twice.", text=sentence[:80])
            yield Departure(pair.field, "repeated", detail, text=sentence, start=start)


def _sentences(text: str, least: int) -> Iterator[tuple[str, int]]:
    """The sentences of `text` with at least so many characters, each with its start."""
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        if len(sentence) >= least:
            yield sentence, match.start() + len(match[0]) - len(match[0].lstrip())


def _outside(text: str, codes: Iterator[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """The words of `text` that are no part of a code."""
    start, end = next(codes, (len(text), len(text)))
    for word in _WORD.finditer(text):
        while end <= word.start():
            start, end = next(codes, (len(text), len(text) + 1))
        if word.end() <= start:
            yield word


def _length(pair: Pair, source: str, target: str) -> Iterator[Departure]:
    before, after = len(pair.source), len(pair.target)
    if before < JUDGED or pair.row.form is Form.NAME:
        return
    least, most = LEAST, MOST
    if (source in DENSE) != (target in DENSE):
        least, most = (DENSE_LEAST, DENSE_MOST) if target in DENSE else (1 / DENSE_MOST, 1 / DENSE_LEAST)
    if least <= after / before <= most:
        return
    detail = (
        _("The text has {after} characters, the original {before}: far shorter than a translation is.")
        if after < before * least
        else _("The text has {after} characters, the original {before}: far longer than a translation is.")
    ).format(after=after, before=before)
    yield Departure(pair.field, "length", detail, "error" if before >= SURE else WARNING)
