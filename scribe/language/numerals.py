"""How a language writes numbers: its decimal mark, and what it puts between thousands (CLDR, `symbols`, Latin digits)."""

import re

#: Languages that write a decimal point, and a comma between thousands. The others write a decimal comma.
_POINT = frozenset(["en", "zh", "ja", "ko", "th", "he", "hi", "bn", "ms", "mt", "ga", "ur", "ar", "fa", "sw"])
#: Those that write a point between thousands. The rest writes a space that does not break.
_POINTED = frozenset(
    [
        "de",
        "es",
        "it",
        "nl",
        "tr",
        "ro",
        "sr",
        "hr",
        "bs",
        "sl",
        "mk",
        "el",
        "da",
        "id",
        "vi",
        "ca",
        "gl",
        "eu",
        "is",
        "az",
    ]
)
_POINTED_REGIONS = frozenset(["pt-BR"])
#: Countries that write a decimal point where their language has a comma, with what they put between thousands.
_POINT_REGIONS = {"es-MX": ",", "de-CH": "’", "it-CH": "’"}
SPACE = "\u00a0"
_MARKED = re.compile(r"\d[.,’'\s]\d|\d{4}")


def decimal_mark(language: str) -> str:
    """The mark before the decimals in `language`, one of our codes."""
    return "." if language in _POINT_REGIONS or language.partition("-")[0] in _POINT else ","


def thousands_mark(language: str) -> str:
    """What stands between thousands in `language`: a comma, a point or a space that does not break."""
    base = language.partition("-")[0]
    if language in _POINT_REGIONS:
        return _POINT_REGIONS[language]
    if base in _POINT:
        return ","
    return "." if base in _POINTED or language in _POINTED_REGIONS else SPACE


def are_numbers_alike(text: str, one: str, other: str) -> bool:
    """Whether the numbers of `text` are written the same in both languages: it has none with a mark, and none long enough
    for one, or the languages have the same marks."""
    same = decimal_mark(one) == decimal_mark(other) and thousands_mark(one) == thousands_mark(other)
    return same or _MARKED.search(text) is None
