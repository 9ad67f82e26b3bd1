"""How a language writes numbers: its decimal mark, and what it puts between thousands (CLDR, `symbols`, Latin digits)."""

from __future__ import annotations

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
SPACE = "\u00a0"


def decimal_mark(language: str) -> str:
    """The mark before the decimals in `language`, one of our codes."""
    return "." if language.partition("-")[0] in _POINT else ","


def thousands_mark(language: str) -> str:
    """What stands between thousands in `language`: a comma, a point or a space that does not break."""
    base = language.partition("-")[0]
    if base in _POINT:
        return ","
    return "." if base in _POINTED or language in _POINTED_REGIONS else SPACE
