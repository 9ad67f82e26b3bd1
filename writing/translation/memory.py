"""A memory of translations: which earlier original is the same, and which ones are near enough to help with wording.

An approved pair whose original has the same `key`, between the same languages and under the same vocabulary, is the
translation, and costs nothing. Near ones are told to the model as examples and never written unread: "The tent weighs
2.4 kg." and "The tent weighs 24 kg." differ in one character. So they must have equal numbers, and deny as much.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz

from scribe.language.detector import family
from scribe.marks import normalize
from writing.checks.translation import figures, negation
from writing.text import of_html

LEAST = 75.0  # percent of likeness from which a pair helps with wording
MOST = 3  # pairs told for one text
LONGEST = 1_500  # characters of an original that is compared; a longer one is only found if it is the same
MOST_COMPARED = 500  # candidates
_SPACES = re.compile(r"\s+")


class Remembered(NamedTuple):
    """An approved pair: an original and its translation."""

    original: str
    translation: str


class Near(NamedTuple):
    """A pair whose original is like the text, by `likeness` percent."""

    pair: Remembered
    likeness: float


def key(text: str) -> str:
    """A digest of `text` that does not depend on how its spaces and its letters with marks are encoded. Capitals and
    markup count, since a translation has them too. 64 hexadecimal digits (SHA-256)."""
    return digest(_SPACES.sub(" ", normalize("NFC", text)).strip())


def digest(text: str) -> str:
    """The digest of `text` as it is, by which a file or a row tells that its original moved: SHA-256, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def near(text: str, candidates: Iterable[Remembered], language: str) -> list[Near]:
    """The pairs of `candidates` that help to translate `text`, which is in `language`, the likest first."""
    plain = _plain(text)
    if not plain or len(plain) > LONGEST:
        return []
    counted, denies = _numbers(plain, language), negation.says_not(plain, family(language))
    found: list[Near] = []
    for at, pair in enumerate(candidates):
        if at >= MOST_COMPARED:
            break
        other = _plain(pair.original[: 4 * LONGEST])
        if not other or len(other) > LONGEST:
            continue
        likeness = fuzz.ratio(plain, other, score_cutoff=LEAST)
        if likeness < LEAST:
            continue
        if _numbers(other, language) == counted and negation.says_not(other, family(language)) == denies:
            found.append(Near(pair, round(likeness, 1)))
    return sorted(found, key=lambda one: -one.likeness)[:MOST]


def _plain(text: str) -> str:
    return _SPACES.sub(" ", normalize("NFC", of_html(text))).strip()


def _numbers(text: str, language: str) -> list[tuple[float, str]]:
    return sorted((figure.value, figure.unit) for figure in figures.read(text, language))
