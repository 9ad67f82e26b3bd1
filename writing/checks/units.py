"""Units of measure: their dimensions and factors, and the words that name them in any of the languages."""

import re
from functools import cache, lru_cache

from writing.checks.tables import table
from writing.checks.words import fold

LONGEST = 60  # characters of the longest name
_PER = re.compile(  # "9 litres per minute", "neun Liter in der Minute"
    r"[ \u00a0](?:per|pro|je|par|por|al|alla|à la|a la|in der|in een|in één|na|w|v|в|u|za|po)[ \u00a0]([^\W\d_]+)|[ \u00a0]al(?:la|l.)([^\W\d_]+)",
    re.I,
)
_SECOND = re.compile(r"[ \u00a0-]([^\W\d_]+)")  # "newton metres", "metri quadri"
_SQUARE = ("quadr", "carre", "cuadr", "kwadr", "kvadr", "квадр")
_CUBIC = ("cub", "kub", "sześc", "szesc", "куб")
_RATES = {"l": {"min": "lmin"}, "m": {"s": "ms_"}, "km": {"h": "kmh"}, "m3": {"h": "m3h"}}


@cache
def units() -> dict[str, list[object]]:
    return table("units")  # type: ignore[return-value]


@cache
def _unit_forms() -> tuple[dict[str, str], dict[str, str]]:
    exact: dict[str, str] = {'"': "in", "”": "in", "″": "in"}
    stems: dict[str, str] = {}
    for unit, (_, _, forms) in units().items():
        for form in str(forms).split("|"):
            if form.endswith("*"):
                stems[fold(form[:-1])] = unit
            else:
                exact.setdefault(fold(form), unit)
    return exact, stems


@lru_cache(maxsize=20_000)
def unit_of(word: str) -> str:
    """The unit that `word` names in any of the languages, or ""."""
    exact, stems = _unit_forms()
    if len(word) > LONGEST:
        return ""
    key = fold(word).replace(" ", "").rstrip(".")
    if key == "в" and word != "В":  # a small letter is the Russian preposition, a capital the volt
        return ""
    if key in exact:
        return exact[key]
    if "/" in key:
        return unit_of(key.partition("/")[0]) if key.partition("/")[0] in exact and len(key) > 6 else ""
    return next((stems[key[:n]] for n in range(len(key), 2, -1) if key[:n] in stems), "")


def in_two_words(unit: str, text: str, end: int) -> tuple[str, int]:
    """The unit made of `unit`, which ends at `end`, and the words after it. Returns the unit and its end."""
    if (second := _SECOND.match(text, end)) and unit in ("n_", "m", "cm", "m2"):
        key = fold(second[1])
        if unit == "m2":  # "square feet"
            named = {"ft": "sqft", "cm": "cm2"}.get(unit_of(second[1]), "")
            return (named, second.end()) if named else (unit, end)
        if unit == "n_" and unit_of(second[1]) == "m":
            return "nm_", second.end()
        if unit != "n_" and key.startswith((*_SQUARE, *_CUBIC)):
            return unit + ("2" if key.startswith(_SQUARE) else "3"), second.end()
    if unit in _RATES and (per := _PER.match(text, end)):
        rate = _RATES[unit].get(unit_of(per[1] or per[2]), "")
        if rate:
            return rate, per.end()
    return unit, end
