"""The lookups over what a source states: concepts, numbers, codes and words, each with the field it stands in."""

from dataclasses import dataclass, field
from typing import NamedTuple

from writing.checks import numbers
from writing.checks.lexicon import Match
from writing.checks.neighbours import Sorted
from writing.checks.numbers import Code, Number
from writing.checks.words import Token

AROUND = 40  # characters of context on each side of an excerpt
TEMPERATURE = 0.6  # degrees Celsius by which rounding may move a converted temperature
LEAST_SHARE = 20  # percent that a text may call a part, such as a quarter


@dataclass(frozen=True, slots=True)
class SourcePlace:
    field: str
    excerpt: str


class SourceField(NamedTuple):
    """What one field of a source says. `whole` is its text with its name (`key`) before it. Its `words`, which of them
    are denied (`flags`), its `matches` and numbers in words (`counted`) are those of `whole`; numbers and codes are
    those of `text`. The product's proper name (`proper`) denies nothing."""

    path: str
    key: str
    text: str
    whole: str
    words: tuple[Token, ...]
    folded: tuple[str, ...]
    flags: bytes
    matches: tuple[Match, ...]
    numbers: tuple[Number, ...]
    codes: tuple[Code, ...]
    counted: tuple[Number, ...]
    proper: bool


@dataclass(slots=True)
class Index:
    """The lookups that grounding needs. `near_warranty` has the times that stand near a warranty, in seconds."""

    concepts: dict[str, SourcePlace] = field(default_factory=dict)
    negated: dict[str, SourcePlace] = field(default_factory=dict)
    numbers: list[tuple[Number, SourcePlace, str]] = field(default_factory=list)
    by_value: dict[float, list[int]] = field(default_factory=dict)
    by_base: dict[str, Sorted] = field(default_factory=dict)  # dimension -> positions in `numbers` by base value
    codes: dict[str, SourcePlace] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # field -> letters and digits only
    whole: dict[str, str] = field(default_factory=dict)  # field -> its text, its name before it
    folded: dict[str, str] = field(default_factory=dict)  # field -> its words as they are compared
    stems: dict[str, SourcePlace | None] = field(default_factory=dict)  # answers given before
    words: set[str] = field(default_factory=set)
    superlatives: dict[str, SourcePlace] = field(default_factory=dict)  # its superlatives, folded
    likewise: dict[str, SourcePlace] = field(default_factory=dict)  # the same by their first five and seven letters
    near_warranty: dict[float, SourcePlace] = field(default_factory=dict)
    terms: Sorted = field(default_factory=Sorted)  # the keys of `near_warranty`
    percents: dict[str, set[float]] = field(default_factory=dict)  # material -> its shares
    labelled: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # (dimension, label) -> `numbers`
    labels: list[frozenset[str]] = field(default_factory=list)  # of each number
    limited: set[int] = field(default_factory=set)  # positions in `numbers` of upper limits ("up to 55 cm")
    skeletons: frozenset[str] | None = None  # the consonants of its words, for names in another script
    spellings: object = None  # its words for names in another form, as `names` keeps them
    counts: dict[int, SourcePlace] = field(default_factory=dict)  # number of entries -> a list with so many
    denied: dict[str, set[str]] = field(default_factory=dict)  # the words that it denies, by their beginnings
    affirmed: dict[str, set[str]] = field(default_factory=dict)  # the words that it affirms, by their beginnings
    language: str = ""  # the family with the most small words in it, or "" if two are equal or all have too few

    def near(self, number: Number) -> list[int]:
        """Positions in `numbers` of all that may agree with `number`: first those with its value, then those of its
        dimension that rounding of a converted value may explain."""
        same = sorted({at for value in number.values for at in self.by_value.get(round(value, 6), ())})
        found: set[int] = set()
        if number.unit:
            group, bases = _group(number)
            for base in bases:
                slack = numbers.slack(number, base) if group != "temperature" else TEMPERATURE
                found.update(self.by_base[group].within(base - slack, base + slack) if group in self.by_base else ())
        return [*same, *sorted(found.difference(same))]

    def about(self, number: Number, slack: float) -> list[int]:
        """Positions of the `numbers` of its dimension that differ from `number` by at most the share `slack`."""
        group, bases = _group(number)
        if group not in self.by_base:
            return []
        spans = (sorted((base * (1 - slack), base * (1 + slack))) for base in bases)
        return [at for lowest, highest in spans for at in self.by_base[group].within(lowest, highest)]

    def warranty(self, number: Number) -> SourcePlace | None:
        """Where a warranty of about this time stands. Times may differ a little, as months and years do."""
        for base in number.base:
            lowest, highest = sorted((base * 0.989, base / 0.989))
            for term in self.terms.within(lowest, highest):
                return list(self.near_warranty.values())[term]
        return None

    def share(self) -> SourcePlace | None:
        """Where a share of a whole stands, which a text may call "half" or "a third"."""
        for number, place, _ in self.numbers:
            if number.unit == "pct" and LEAST_SHARE <= number.values[0] <= 100 - LEAST_SHARE:
                return place
        return None

    def code(self, code: Code) -> SourcePlace | None:
        return self.codes.get(code.key) or self.mention(code.key)

    def stem(self, stem: str) -> SourcePlace | None:
        """Where a word contains `stem`, at its beginning or glued in."""
        if stem not in self.stems:
            path = next((path for path, words in self.folded.items() if stem in words), None)
            self.stems[stem] = SourcePlace(path, self.whole[path][: 2 * AROUND]) if path else None
        return self.stems[stem]

    def mention(self, key: str) -> SourcePlace | None:
        """Where the letters and digits of `key` stand in this order. Other characters between them are ignored."""
        return next(
            (SourcePlace(path, self.whole[path][: 2 * AROUND]) for path, text in self.texts.items() if key in text),
            None,
        )


def sort(index: Index) -> None:
    """Build the index's lookups of numbers by value, by dimension and by label."""
    bases: dict[str, list[tuple[float, int]]] = {}
    seen: set[tuple[object, ...]] = set()
    for position, (number, _, dimension) in enumerate(index.numbers):
        for label in index.labels[position]:
            index.labelled.setdefault((number.dimension, label), []).append(position)
        mark = (number.values, number.unit, dimension)
        if mark in seen:  # a repeated number keeps its first place
            continue
        seen.add(mark)
        for value in number.values:
            index.by_value.setdefault(round(value, 6), []).append(position)
        if number.dimension in ("", "count"):
            bases.setdefault("", []).extend((value, position) for value in number.values)
        if number.unit:
            group, values = _group(number)
            bases.setdefault(group, []).extend((value, position) for value in values)
    index.by_base = {group: Sorted(pairs) for group, pairs in bases.items()}


def _group(number: Number) -> tuple[str, tuple[float, ...]]:
    """The dimension in which `number` is compared, and its values there. All temperatures are compared in Celsius."""
    if number.dimension == "temperature_f":
        return "temperature", tuple((value - 32) / 1.8 for value in number.values)
    return number.dimension, number.base
