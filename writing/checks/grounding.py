"""Grounding: every number, unit, material, certification, compatibility, origin, warranty and superlative in the text is
traced to a source field, or listed as unsupported. Claims of health, environment, delivery, price and absolutes such as
"waterproof" are treated alike.

Numbers must agree in value, unit and label; proper names must be the source's; a word that a negation turns round is looked
for turned round; a word with several meanings is supported by any of them.

Limits, by design of a check without a model: it knows the words of its tables, not sentences. A falsehood in words that no
table lists passes, and so does a true word said of the wrong part ("the lid is of steel"). Eleven languages have full tables,
fourteen the commonest forms; elsewhere numbers, codes, international names and English words are checked.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import cache, cached_property, partial
from typing import Any, NamedTuple

from writing.checks import labels, lexicon, names, numbers, sources, spoken
from writing.checks.fields import Field
from writing.checks.lexicon import Match, Token, table
from writing.checks.neighbours import Neighbours, Shares
from writing.checks.numbers import Code, Number
from writing.checks.sources import Index, Place
from writing.checks.words import fold
from writing.facts import Facts
from writing.languages import family
from writing.settings import WritingSettings

MOST_FINDINGS = 200
MOST_LABELLED = 64  # values of one label that are compared
MOST_CLAIMS = 2_000  # of one field; the next one is unsupported, whatever it says
LONGEST_CLAIM = 200  # characters of a claim that are kept
# Kinds of which a lack is a claim of its own ("without parabens"); of others only what contradicts the source.
DENIALS = frozenset({"material", "certification", "ingredient", "warranty", "superlative"})
# Kinds whose words support themselves where the source has them outside the tables.
SPELLED = frozenset(
    {"feature", "contents", "ingredient", "colour", "look", "health", "audience", "use", "promise", "care"}
)
_CLAUSE_END = re.compile(r"[.,!?;\n]")
_SENTENCE_END = re.compile(r"[.!?;\n]")
_NAMES = re.compile(r"[\w’'+-]+")

Finding = dict[str, Any]


class Claim(NamedTuple):
    """A claim of a field's text: the words from `start` to `end` make it, and `trace` looks for its source."""

    kind: str
    text: str
    value: Any
    start: int
    end: int
    trace: Callable[[], Place | None]


def check(fields: Iterable[Field], facts: Facts, settings: WritingSettings) -> dict[str, Any]:
    """`{id, passed, detail, findings}`; a finding is `{text, kind, field, start, end, value, supported, source_field,
    source_excerpt}`. `start` and `end` count characters (code points) of the field's text as `fields.of` gives it."""
    tracer = Tracer(facts, settings)
    for field in fields:
        tracer.trace(field)
    unsupported = [finding for finding in tracer.findings if not finding["supported"]]
    if not unsupported:
        detail = (
            f"All {len(tracer.findings)} claims are in the source."
            if tracer.findings
            else "The text makes no claims that need a source."
        )
    else:
        named = ", ".join(f"“{finding['text']}”" for finding in unsupported[:5])
        detail = f"{len(unsupported)} of {len(tracer.findings)} claims are not in the source: {named}{'…' if len(unsupported) > 5 else '.'}"
    return {"id": "grounding", "passed": not unsupported, "detail": detail, "findings": tracer.findings[:MOST_FINDINGS]}


class Tracer:
    """Traces the claims of one content's fields; a claim that was found once is not listed again for the same field."""

    def __init__(self, facts: Facts, settings: WritingSettings) -> None:
        self.family = family(settings.language)
        self.lexicon = lexicon.of(self.family)
        self.indexes: tuple[Index, ...] = (sources.of(facts), sources.of_instructions(settings.instructions))
        self.options = frozenset(str(table("words")["options"]).split())
        self.findings: list[Finding] = []

    def trace(self, field: Field) -> None:
        text = field.text
        words = lexicon.tokens(text)
        matches = self.lexicon.find(text, words)
        found, codes = numbers.find(text)
        found = [spoken.with_half(number, text) for number in (*found, *spoken.spelled(text, words, self.family))]
        seen: set[tuple[str, str]] = set()
        for claim in self._claims(text, words, matches, found, codes):
            mark = (claim.kind, fold(claim.text))
            if mark in seen:
                continue
            seen.add(mark)
            if len(seen) > MOST_CLAIMS:
                self._add(field, claim._replace(kind="number", value=f"more than {MOST_CLAIMS} claims"), None)
                return
            self._add(field, claim, claim.trace())

    def _add(self, field: Field, claim: Claim, place: Place | None) -> None:
        self.findings.append(
            {
                "text": claim.text[:LONGEST_CLAIM],
                "kind": claim.kind,
                "field": field.name,
                "start": claim.start,
                "end": claim.end,
                "value": claim.value[:LONGEST_CLAIM] if isinstance(claim.value, str) else claim.value,
                "supported": place is not None,
                "source_field": place.field if place else None,
                "source_excerpt": place.excerpt if place else None,
            }
        )

    def _claims(
        self, text: str, words: list[Token], matches: list[Match], found: list[Number], codes: list[Code]
    ) -> Iterable[Claim]:
        for readings in _readings(match for match in matches if match.kind != "care"):  # those only support others
            if not all(self._silent(match) for match in readings):
                first = readings[0]
                trace = partial(self._any, text, readings)
                yield Claim(first.kind, _around(text, first), first.concept, first.start, first.end, trace)
        around = _Around(text, words, matches)
        for number in found:
            if rank := numbers.rank(text, number):
                trace = partial(self._first, "number_one")
                yield Claim("superlative", rank, "number_one", number.end - len(rank), number.end, trace)
                continue
            if _trivial(number):
                continue
            value = number.values[0] if len(number.values) == 1 else list(number.values)
            trace = partial(self._number, number, around)
            yield Claim("number", number.text, value, number.start, number.end, trace)
        for code in codes:
            yield Claim("code", code.text, code.key, code.start, code.end, partial(self._code, code))
        partners = list(self._named(text))
        yield from partners
        said = {partner.value for partner in partners}
        for name in names.find(text, words, found, self.family):
            if (
                name.word in around.covered
                or name.key in said
                or any(names.known(name, index) for index in self.indexes)
            ):
                continue
            yield Claim("name", name.text, name.key, name.start, name.end, lambda: None)

    def _code(self, code: Code) -> Place | None:
        return next(filter(None, (index.code(code) for index in self.indexes)), None)

    def _any(self, text: str, readings: list[Match]) -> Place | None:
        """A word that may mean several things is supported when one of them is."""
        return next((place for match in readings if (place := self._concept(text, match))), None)

    def _silent(self, match: Match) -> bool:
        """Whether the text denies what the source doesn't mention. Of contents, materials and seals that is a claim, too."""
        if match.doubtful:
            return not any(
                match.concept in store for index in self.indexes for store in (index.concepts, index.negated)
            )
        if not match.negated or match.kind in DENIALS:
            return False
        return not any(match.concept in index.concepts for index in self.indexes)

    def _concept(self, text: str, match: Match) -> Place | None:
        said = self._first(match.concept, negated=match.negated)
        if said is None and match.doubtful:
            said = self._first(match.concept, negated=True)
        if said is None and not match.negated:
            said = self._spelled_alike(text, match)
        if said is None and match.concept.startswith("brand:"):  # "Apple" in a text about apples
            key = numbers.normal(text[match.start : match.end])
            return next((place for index in self.indexes if (place := index.mention(key))), None)
        if match.kind != "superlative" or match.concept in ("number_one", "leading", "award", "bestseller", "world"):
            return said
        if said is None:
            return None
        # "the softest" does not follow from "the lightest": the same word, or the claim made in another language.
        key = fold(text[match.start : match.end])
        likewise = key[:5] if match.concept == "best" else key[:7]
        for index in self.indexes:
            if place := index.likewise.get(likewise):
                return place
        return None if self._same_language else said

    @cached_property
    def _same_language(self) -> bool:
        """Whether a superlative of the source is one in the text's language, too."""
        words = (other.split(" ")[0] for index in self.indexes for other in index.superlatives)
        return any(form.kind == "superlative" for word in words for form in self.lexicon.first_words(word))

    def _spelled_alike(self, text: str, match: Match) -> Place | None:
        """The claim's own letters in the source, where no table has the source's word for it."""
        if match.kind not in SPELLED or match.first != match.last:
            return None
        if any(match.concept in index.negated for index in self.indexes):
            return None
        key = fold(text[match.start : match.end])
        stem = key[: max(5, len(key) - 2)]
        if len(stem) < 5:
            return None
        return next((place for index in self.indexes if (place := index.stem(stem))), None)

    def _first(self, concept: str, *, negated: bool = False) -> Place | None:
        others = lexicon.licences(concept, negated=negated)
        for index in self.indexes:
            if place := (index.negated if negated else index.concepts).get(concept):
                return place
            if place := next((index.concepts[other] for other in others if other in index.concepts), None):
                return place
        return None

    def _number(self, number: Number, around: _Around) -> Place | None:
        if number.dimension == "time" and any(index.near_warranty for index in self.indexes):
            near = around.warranties.near(number.start, number.end, 35)
            between = ((min(number.end, m.end), max(number.start, m.start)) for m in near)
            if any(not _CLAUSE_END.search(around.text, first, last) for first, last in between):
                return next(filter(None, (index.warranty(number) for index in self.indexes)), None)
        if number.unit == "pct" and (match := around.shares.of(number.start, number.end)):
            shares = [share for index in self.indexes if (share := index.percents.get(match.concept))]
            if shares and not any(value in share for share in shares for value in number.values):
                return None
        for index in self.indexes:
            if place := _supporting(number, index, around):
                return None if self._mislabelled(number, around) else place
        return self._counted(number, around)

    def _mislabelled(self, number: Number, around: _Around) -> bool:
        """Whether the source gives what the text says this number measures, and gives it another value.

        Words that only the source's own language has decide before properties: "the flywheel of 24 kg" is not the weight.
        """
        if number.word and not number.unit:
            return False
        found = labels.of(number, around.text, around.words, around.starts, self.family)
        said = [label for label in found if labels.fits(label, number.dimension)]
        index = self.indexes[0]
        for group in ([label for label in said if label[0] != "="], [label for label in said if label[0] == "="]):
            known = [at for label in group for at in index.labelled.get((number.dimension, label), ())]
            if known:
                known += [at for label in group for at in index.labelled.get(("", label), ())]
                return not any(_agrees(number, index.numbers[at][0], around) for at in known[:MOST_LABELLED])
        return False

    def _counted(self, number: Number, around: _Around) -> Place | None:
        """ "In four sizes" counts a list of the source."""
        if number.unit or len(number.values) != 1 or not number.values[0].is_integer():
            return None
        count = int(number.values[0])
        if (
            number.word
            and count > 3
            and (place := next(filter(None, (index.counts.get(count) for index in self.indexes)), None))
        ):
            return place
        first = bisect_left(around.starts, number.end)
        following = [word for word in around.words[first : first + 2] if word.start <= number.end + 20]
        if not any(fold(word.text) in self.options or word.text.lower() in self.options for word in following):
            return None
        return next((index.counts[count] for index in self.indexes if count in index.counts), None)

    def _named(self, text: str) -> Iterable[Claim]:
        """ "Compatible with …": the names that follow must be words of the source."""
        for match in _compatible().finditer(text):
            tail = _SENTENCE_END.split(text[match.end() : match.end() + 60], maxsplit=1)[0]
            for found in list(_NAMES.finditer(tail))[:6]:
                name, end = found[0], match.end() + found.end()
                proper = any(c.isupper() for c in name[1:]) or (name[:1].isupper() and self.family != "de")
                if not proper or any(c.isdigit() for c in name):
                    continue
                key = fold(name)
                if not any(key in index.words for index in self.indexes):
                    yield Claim("compatibility", f"{match[0]} {name}", key, match.start(), end, lambda: None)


def _readings(matches: Iterable[Match]) -> list[list[Match]]:
    """The matches of each place of the text together."""
    found: dict[tuple[int, int], list[Match]] = {}
    for match in matches:
        found.setdefault((match.first, match.last), []).append(match)
    return list(found.values())


class _Around:
    """What stands around the numbers of one text."""

    def __init__(self, text: str, words: list[Token], matches: list[Match]) -> None:
        self.text = text
        self.words = words
        self.starts = [word.start for word in words]
        self.warranties = Neighbours([match for match in matches if match.concept in ("warranty", "lifetime")])
        self.covered = {at for match in matches for at in range(match.first, match.last + 1)}
        self.shares = Shares(text, [match for match in matches if match.kind == "material"])


def _supporting(number: Number, index: Index, around: _Around) -> Place | None:
    for reading in (number, *spoken.below_zero(number, around.text)):
        for position in index.near(reading):
            source, place, dimension = index.numbers[position]
            if numbers.agree(reading, source) and not _otherwise(reading, source, dimension):
                return place
    if number.unit and (slack := spoken.roughly(number, around.text)):
        return next((index.numbers[position][1] for position in index.about(number, slack)), None)
    return None


def _agrees(number: Number, source: Number, around: _Around) -> bool:
    if any(numbers.agree(reading, source) for reading in (number, *spoken.below_zero(number, around.text))):
        return True
    slack = spoken.roughly(number, around.text)
    return bool(slack) and any(abs(a - b) <= slack * abs(b) for a in number.base for b in source.base)


def _otherwise(number: Number, source: Number, dimension: str) -> bool:
    """Whether a bare source number belongs to a field of another dimension ("Weight: 30" does not make "30 cm" true)."""
    return bool(dimension and number.unit and not source.unit and number.dimension not in (dimension, "count"))


def _trivial(number: Number) -> bool:
    """One of something says nothing: "1 piece", "1 x"; nor do two or three of what isn't named ("two of them")."""
    if number.dimension not in ("", "count"):
        return False
    return number.values in ((2.0,), (3.0,)) if number.word else number.values == (1.0,)


def _around(text: str, match: Match) -> str:
    return text[match.start : match.end].replace("\n", " ")


@cache
def _compatible() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in str(table("words")["compatible"]).split("|"))
    return re.compile(rf"\b(?:{phrases})\b", re.I)
