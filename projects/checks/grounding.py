"""Grounding: every number, unit, material, certification, compatibility, origin, warranty and superlative in the text is
traced to a source field, or listed as unsupported. Claims of health, environment, delivery, price and absolutes such as
"waterproof" are treated alike.

Limits, by design of a check without a model: it sees words and values, not sentences. A negation is noticed only within
two words of what it turns round; a true value with the wrong label (the width given as the height), a falsehood in
words that no table lists, and proper names outside the lists pass. Eleven languages have full tables, fourteen the commonest
forms; elsewhere numbers, codes, international names and English words are checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from projects.checks import lexicon, numbers, sources
from projects.checks.fields import Field
from projects.checks.lexicon import Match, Token, table
from projects.checks.numbers import Code, Number
from projects.checks.sources import Index, Place
from projects.checks.words import fold
from projects.writing.facts import Facts
from projects.writing.languages import family
from projects.writing.settings import WritingSettings

MOST_FINDINGS = 200
_SENTENCE_END = re.compile(r"[.!?;\n]")
_NAMES = re.compile(r"[\w’'+-]+")

Finding = dict[str, Any]


def check(fields: Iterable[Field], facts: Facts, settings: WritingSettings) -> dict[str, Any]:
    """`{id, passed, detail, findings}`; a finding is `{text, kind, field, value, supported, source_field, source_excerpt}`."""
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
        found += numbers.spelled(text, words, self.family)
        seen: set[tuple[str, str]] = set()
        for kind, claim, value, place in self._claims(text, words, matches, found, codes):
            mark = (kind, fold(claim))
            if mark in seen:
                continue
            seen.add(mark)
            self.findings.append(
                {
                    "text": claim,
                    "kind": kind,
                    "field": field.name,
                    "value": value,
                    "supported": place is not None,
                    "source_field": place.field if place else None,
                    "source_excerpt": place.excerpt if place else None,
                }
            )

    def _claims(
        self, text: str, words: list[Token], matches: list[Match], found: list[Number], codes: list[Code]
    ) -> Iterable[tuple[str, str, Any, Place | None]]:
        for match in matches:
            yield match.kind, _around(text, match), match.concept, self._concept(text, match)
        warranties = [match for match in matches if match.concept in ("warranty", "lifetime")]
        materials = [match for match in matches if match.kind == "material"]
        for number in found:
            if rank := numbers.rank(text, number):
                yield "superlative", rank, "number_one", self._first("number_one")
                continue
            if _trivial(number):
                continue
            value = number.values[0] if len(number.values) == 1 else list(number.values)
            yield "number", number.text, value, self._number(text, number, words, warranties, materials)
        for code in codes:
            place = next(filter(None, (index.code(code) for index in self.indexes)), None)
            yield "code", code.text, code.key, place
        yield from self._named(text)

    def _concept(self, text: str, match: Match) -> Place | None:
        said = self._first(match.concept, negated=match.negated)
        if said is None and match.concept.startswith("brand:"):  # "Apple" in a text about apples
            key = numbers.normal(text[match.start : match.end])
            return next((place for index in self.indexes if (place := index.mention(key))), None)
        if match.kind != "superlative" or match.concept in ("number_one", "leading", "award", "bestseller", "world"):
            return said
        if said is None:
            return None
        # "the softest" does not follow from "the lightest": the same word, or the claim made in another language.
        key = fold(text[match.start : match.end])
        same_language = False
        for index in self.indexes:
            for other, place in index.superlatives.items():
                if other[:5] == key[:5] and (match.concept == "best" or other[:7] == key[:7]):
                    return place
                word = other.split(" ")[0]
                same_language = same_language or any(
                    form.kind == "superlative" for form in self.lexicon.first_words(word)
                )
        return None if same_language else said

    def _first(self, concept: str, *, negated: bool = False) -> Place | None:
        for index in self.indexes:
            if place := (index.negated if negated else index.concepts).get(concept):
                return place
        return None

    def _number(
        self, text: str, number: Number, words: list[Token], warranties: list[Match], materials: list[Match]
    ) -> Place | None:
        if number.dimension == "time" and (terms := [term for index in self.indexes for term in index.near_warranty]):
            near = (m for m in warranties if min(abs(number.start - m.end), abs(m.start - number.end)) <= 35)
            if any(not _SENTENCE_END.search(text, min(number.end, m.end), max(number.start, m.start)) for m in near):
                return next(
                    (p for base, p in terms if any(abs(base - b) <= 0.011 * max(base, b) for b in number.base)), None
                )
        if number.unit == "pct" and (match := sources.shared(number.start, number.end, text, materials)):
            shares = [share for index in self.indexes if (share := index.percents.get(match.concept))]
            if shares and not any(value in share for share in shares for value in number.values):
                return None
        for index in self.indexes:
            if place := _supporting(number, index):
                return place
        return self._counted(number, words)

    def _counted(self, number: Number, words: list[Token]) -> Place | None:
        """ "In four sizes" counts a list of the source."""
        if number.unit or len(number.values) != 1 or not number.values[0].is_integer():
            return None
        following = [word for word in words if number.end <= word.start <= number.end + 20][:2]
        if not any(fold(word.text) in self.options or word.text.lower() in self.options for word in following):
            return None
        return next((index.counts[n] for index in self.indexes if (n := int(number.values[0])) in index.counts), None)

    def _named(self, text: str) -> Iterable[tuple[str, str, Any, Place | None]]:
        """ "Compatible with …": the names that follow must be words of the source."""
        for match in _compatible().finditer(text):
            end = _SENTENCE_END.search(text, match.end())
            tail = text[match.end() : min(end.start() if end else len(text), match.end() + 60)]
            for name in _NAMES.findall(tail)[:6]:
                proper = any(c.isupper() for c in name[1:]) or (name[:1].isupper() and self.family != "de")
                if not proper or any(c.isdigit() for c in name):
                    continue
                key = fold(name)
                if not any(key in index.words for index in self.indexes):
                    yield "compatibility", f"{match[0]} {name}", key, None


def _supporting(number: Number, index: Index) -> Place | None:
    # A number without unit agrees with any unit; with one, conversions make a scan of all numbers necessary.
    for value in number.values:
        for position in index.by_value.get(round(value, 6), ()):
            source, place, dimension = index.numbers[position]
            if numbers.agree(number, source) and not _otherwise(number, source, dimension):
                return place
    if number.unit:
        for source, place, dimension in index.numbers:
            if source.dimension and numbers.agree(number, source) and not _otherwise(number, source, dimension):
                return place
    return None


def _otherwise(number: Number, source: Number, dimension: str) -> bool:
    """Whether a bare source number belongs to a field of another dimension ("Weight: 30" does not make "30 cm" true)."""
    return bool(dimension and number.unit and not source.unit and number.dimension not in (dimension, "count"))


def _trivial(number: Number) -> bool:
    """One of something says nothing: "1 piece", "1 x"."""
    return number.values == (1.0,) and number.dimension in ("", "count") and not number.word


def _around(text: str, match: Match) -> str:
    return text[match.start : match.end].replace("\n", " ")


@cache
def _compatible() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in str(table("words")["compatible"]).split("|"))
    return re.compile(rf"\b(?:{phrases})\b", re.I)
