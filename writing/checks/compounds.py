"""Compounds: whether a form found inside a longer German or Dutch word is one of its parts.

"Wanderleder" is made of leather, "erreichen" has nothing of an oak. A form is a part of a word if all of the word is known
words: what stands before and after the form is a word among the `KNOWN` most frequent of its language, or two of them, joined
by a linking element ("Eiche-n-tisch"). A word that is itself among them says what it says as a whole ("Diebstahl", theft), so
that nothing inside it counts: the compounds among them that do make a claim are listed as forms of their own. The ranks are
those of the package `wordfreq` (Speer, https://doi.org/10.5281/zenodo.7199437).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import chain, islice

from wordfreq import available_languages, read_cBpack

from writing.checks.words import fold

KNOWN = 50_000
SHORTEST_PART = 3  # letters
LINKS = {"de": ("", "s", "n", "es", "en", "er", "e", "ns"), "nl": ("", "s", "n", "en", "e", "er")}
ENDINGS = {"de": ("", "n", "s", "e", "en", "es", "er", "em", "ern"), "nl": ("", "s", "n", "e", "en", "tje", "tjes")}
# What stands before a verb or belongs to no noun: "ver|buchen", "her|weisen".
PREFIXES = {
    "de": re.compile(
        "ab|an|auf|aus|be|bei|da|dar|durch|ein|emp|ent|er|fort|ge|gegen|her|herein|hin|hinaus|hinter|los|miss|mit|nach|ob|ran|raus|"
        "rein|rum|um|un|uber|unter|ver|vor|vorbei|weg|wider|wieder|zer|zu|zurecht|zuruck|zusammen"
    ),
    "nl": re.compile(
        "aan|achter|af|be|bij|door|ge|her|in|mede|mee|na|om|on|ont|op|over|samen|terug|toe|uit|ver|vol|voor|voort|weg|weer"
    ),
}
_INFLECTION = {
    "de": re.compile(
        "(s?t|s?te|end|i?ert?|ier|ern|ig|lich|isch|bar|haft|frei|los|ung|in|ion|iv|schaft|(ig)?[hk]eit|(iz)?itat|e[lr]?)?"
        "(e[nmrs]?|n|r|s|m|nen|ens)?"
    ),
    "nl": re.compile(
        "(d|t|te|de|ig|lijk|isch|baar|bar|loos|loz|vrij|ing|heid|end|er|tje|e?el|el|ion|ief|iev|f|ie|e)?(en?|s|n|e?re?)?"
    ),
}


@cache
def known_words(language: str) -> frozenset[str]:
    """The folded words among the `KNOWN` most frequent of `language` (`de`, `nl`)."""
    ranked = chain.from_iterable(read_cBpack(available_languages("large")[language]))
    return frozenset(fold(word) for word in islice(ranked, KNOWN))


def is_part(word: str, start: int, end: int, languages: Iterable[str]) -> bool:
    """Whether `word[start:end]` is a part of the folded `word` in one of the `languages`. Linear in the length of `word`."""
    return any(
        word not in known_words(language)
        and _is_front(word[:start], language)
        and (word[end:] in ENDINGS[language] or _is_back(word[end:], language))
        for language in languages
    )


def may_continue(word: str, stem: int, language: str, *, known: bool = False) -> bool:
    """Whether a form that is a stem, the first `stem` letters of the folded `word`, may go on as `word` does: by an ending
    ("leder|nes"), or as a compound ("leder|kombi"), in a `known` word only where asked. "grau|sam", "beige|tragen" may not.
    """
    rest = word[stem:]
    if not rest or _INFLECTION[language].fullmatch(rest):
        return True
    return (known or word not in known_words(language)) and _is_back(rest, language)


def _is_front(front: str, language: str) -> bool:
    return not front or (not PREFIXES[language].fullmatch(front) and _is_known(front, language))


def _is_back(back: str, language: str) -> bool:
    return any(
        back.startswith(link) and _is_known(back[len(link) :], language, endings=True) for link in LINKS[language]
    )


def _is_known(letters: str, language: str, *, endings: bool = False) -> bool:
    """Whether `letters` are a known word or two of them. The last may have a linking element or an ending behind it."""
    behind = ENDINGS[language] if endings else LINKS[language]
    if _is_word(letters, language, behind):
        return True
    middles = range(SHORTEST_PART, len(letters) - SHORTEST_PART + 1)
    return any(
        _is_word(letters[:middle], language, LINKS[language]) and _is_word(letters[middle:], language, behind)
        for middle in middles
    )


def _is_word(letters: str, language: str, behind: tuple[str, ...]) -> bool:
    words = known_words(language)
    return any(
        len(letters) - len(ending) >= SHORTEST_PART
        and letters.endswith(ending)
        and letters[: len(letters) - len(ending)] in words
        for ending in behind
    )
