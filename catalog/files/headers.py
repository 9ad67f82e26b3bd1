"""Column names, made comparable and distinct."""

import re
import unicodedata

from scribe.marks import normalize

METAFIELD = re.compile(r"\(((?:product|variant)\.metafields\.[^)]+)\)\s*$")
_UNIT = re.compile(r"\([^()]{1,12}\)\s*$")
_SPACES = re.compile(r"[\s\u00a0_]+")


def normalise(name: str) -> str:
    """NFKC, case folded, spaces and underscores collapsed, a unit in parentheses dropped: `Weight (kg)` → `weight`."""
    text = normalize("NFKC", name).replace("\ufeff", "").replace("’", "'").strip().casefold()
    if metafield := METAFIELD.search(text):
        return metafield.group(1)
    return _SPACES.sub(" ", _UNIT.sub("", text)).strip(" :*")


def bare(name: str) -> str:
    """`normalise` without diacritics and punctuation, for fuzzy comparison."""
    text = normalize("NFKD", normalise(name).replace("đ", "dj").replace("ß", "ss"))
    letters = "".join(c if c.isalnum() else " " for c in text if not unicodedata.combining(c))
    return " ".join(letters.split())


def distinct(names: list[str]) -> list[str]:
    """Names by which columns can be addressed: `Tags`, `Tags (2)`, `column 7` for a blank one."""
    seen: set[str] = set()
    last: dict[str, int] = {}  # the last number that a name was given
    result = []
    for index, name in enumerate(names, start=1):
        base = name or f"column {index}"
        candidate, n = base, last.get(base, 1)
        while candidate in seen:
            n += 1
            candidate = f"{base} ({n})"
        last[base] = n
        seen.add(candidate)
        result.append(candidate)
    return result
