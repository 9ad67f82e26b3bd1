"""Words of a text, and the folded form in which they are compared: lower case, no marks, Serbian Cyrillic as Latin."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from scribe.language import script
from scribe.marks import normalize

WORD = re.compile(r"[^\W\d_]+")
_SPECIAL = str.maketrans(
    {"ß": "ss", "đ": "dj", "ł": "l", "æ": "ae", "ø": "o", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "ё": "е"}
)
SERBIAN = str.maketrans(script.SERBIAN)


ACCENTS = ("\u0300", "\u0301", "\u0302")  # grave, acute, circumflex
LONGEST = 64  # letters of the longest word that is remembered


class Token(NamedTuple):
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    return [Token(match[0], match.start(), match.end()) for match in WORD.finditer(text)]


def fold(word: str) -> str:
    """`word` as it is compared. Answers are kept, since a shop repeats its words."""
    return _fold(word) if len(word) <= LONGEST else _fold.__wrapped__(word)


@lru_cache(maxsize=100_000)
def _fold(word: str) -> str:
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    spread = normalize("NFKD", lowered.translate(_SPECIAL))
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def latin(word: str) -> str:
    """A Serbian `word` in folded Latin, whatever its script."""
    return _in_latin(word) if len(word) <= LONGEST else _in_latin.__wrapped__(word)


@lru_cache(maxsize=50_000)
def _in_latin(word: str) -> str:
    lowered = word.lower()
    return fold(lowered.translate(SERBIAN)) if script.has_cyrillic(lowered) else fold(lowered)


@lru_cache(maxsize=100_000)
def marks(word: str) -> tuple[str, ...]:
    """The marks on each letter of a folded word, as it is written: "á" and "ã" have different ones."""
    found: list[str] = []
    for letter in word.lower():
        base = _SPECIAL.get(ord(letter), letter)
        for part in normalize("NFKD", str(base)):
            if unicodedata.combining(part):
                if found:
                    found[-1] += part
            else:
                found.append("" if base == letter or letter in "ßæœёþ" else letter)
    return tuple(found)


def differ(form: tuple[str, ...], word: tuple[str, ...], *, initial: bool) -> bool:
    """Whether the marks of two words differ as far as the shorter one goes: "lá" and "lã", "rozpuść" and "różowy".

    With `initial` the first letter is a capital, which may go without an accent ("Etui").
    """
    return any(
        a != b and not (initial and not at and not b and a in ACCENTS)
        for at, (a, b) in enumerate(zip(form, word, strict=False))
    )
