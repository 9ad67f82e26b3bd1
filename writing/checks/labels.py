"""What the numbers of a text are said to measure: "height 12 cm", "12 cm high", "Height: 12 cm".

A number's labels are the content words next to it in its part of the sentence, and the name of its field. A word that
names a property of `data/labels.json` stands for that property in any language. Other words count by their first
letters: "closed" or "flywheel" distinguishes two values of one dimension in the language of the source.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache

from writing.checks import contradictions, spoken
from writing.checks.numbers import Number
from writing.checks.tables import table
from writing.checks.units import unit_of
from writing.checks.words import Token, fold, latin

BEFORE, AFTER = 3, 3  # content words on each side that may be a label
LOOKED_AT = 6  # words on each side among which labels are looked for
STEM = 5
LONG = 8  # letters of a word that is compared by more of them: "Spieldauer" is no "spielen"
_PARTS = re.compile(
    r"[,;.!?()\n\u2022|/+]|\b(?:and|und|et|y|e|ed|i|и|en|oraz|a|а|mit|avec|con|com|met|sa|z|with|bei|pour|for)\b", re.I
)
_NUMBER_AFTER = re.compile(r"\W+(?:[^\W\d_]+\W+){0,2}\d")
_ORDER = re.compile(r"\(?\b([a-zšа-я])\s*[x×*/]\s*([a-zšа-я])(?:\s*[x×*/]\s*([a-zšа-я]))?\b\)?", re.I)


def labels_of(number: Number, text: str, words: Sequence[Token], starts: Sequence[int], family: str) -> frozenset[str]:
    """The labels of one number of a text. `starts` are the places at which `words` begin."""
    found: list[tuple[int, str]] = []  # each with the words between it and the number
    first = bisect_left(starts, number.start)
    end = number.start
    other = LOOKED_AT  # words between this number and the one before it
    for away, word in enumerate(reversed(words[max(0, first - LOOKED_AT) : first])):
        gap = text[word.end : end]
        if any(c.isdigit() for c in gap) or unit_of(word.text):
            other = away
            break
        if len(found) >= BEFORE or _is_separated(gap) or (found and ":" in gap) or _counts(word.text, family):
            break
        end = word.start
        found += [(away, label) for label in _labels(word.text, family)]
    # "70 cm high in a pot of 19 cm": a word nearer to the other number belongs to that
    before = [label for away, label in found if away <= other - away - 1 or other == LOOKED_AT]
    after: list[str] = []
    start = number.end
    for word in words[bisect_left(starts, number.end) :][:LOOKED_AT]:
        gap = text[start : word.start]
        if len(after) >= AFTER or _is_separated(gap) or ":" in gap or _counts(word.text, family):
            break
        if fold(word.text) in _verbs() and _NUMBER_AFTER.match(text, word.end):
            break  # "9–36 kg weighs 6.5 kg"
        start = word.end
        after += _labels(word.text, family)
    colon = ":" in text[max(0, number.start - 3) : number.start]
    return frozenset(before if colon and before else (*before, *after))


@cache
def _verbs() -> frozenset[str]:
    return frozenset(fold(verb) for verb in str(table("labels")["-"]["verbs"]).split())


def _is_separated(gap: str) -> bool:
    return any(c.isdigit() for c in gap) or _PARTS.search(gap) is not None


def _counts(word: str, family: str) -> bool:
    """Whether a word begins another statement: a word such as "and", a unit, or a number in words."""
    return bool(_PARTS.fullmatch(word) or unit_of(word) or spoken.is_word(word, family))


def fits(label: str, dimension: str) -> bool:
    """Whether a label may be measured in `dimension`. True for any label outside the table of properties."""
    dims = str(table("labels").get(label[1:], {}).get("dims", "")) if label[0] == "=" else ""
    return not dims or (dimension or "none") in dims.split()


def is_measured_in(label: str, dimension: str) -> bool:
    """Whether a label is a property of the table that is measured in `dimension`."""
    return label[0] == "=" and dimension in str(table("labels").get(label[1:], {}).get("dims", "")).split()


def of_field(name: str) -> frozenset[str]:
    return frozenset(label for word in re.findall(r"[^\W\d_]+", name) for label in _labels(word, "*"))


def axes_named_in(name: str) -> list[str]:
    """The properties that "(W x D x H)" in the name of a field gives to the field's numbers, in order."""
    match = _ORDER.search(name)
    if not match:
        return []
    letters = dict(pair.split(":") for pair in str(table("labels")["-"]["letters"]).split())
    named = [letters.get(letter.lower(), "") for letter in match.groups() if letter]
    return [f"={name}" for name in named] if all(named) and len(set(named)) == len(named) else []


def _labels(word: str, family: str) -> Iterator[str]:
    key = fold(word)
    properties = _properties(family).get(key) or (
        _properties(family).get(latin(word)) if family in ("sr", "*") else None
    )
    if properties:
        yield from properties
    elif len(key) > 3 and key not in contradictions.empty() and not unit_of(word):
        yield key[:STEM] if len(key) <= LONG else key[:LONG]


@cache
def _properties(family: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, row in table("labels").items():
        for language, forms in row.items():
            if name == "-" or language == "dims" or family not in ("*", language):
                continue
            for form in str(forms).split("|"):
                key = fold(form)
                found[key] = tuple(dict.fromkeys((*found.get(key, ()), f"={name}")))
    return found
