"""Grounding: every number, unit, material, certification, compatibility, origin, warranty and superlative in the text is
traced to a source field, or listed as unsupported. Claims of health, environment, delivery, price and absolutes such as
"waterproof" are treated alike.

Numbers must agree in value, unit and label. Proper names must be in the source. A negated word needs a source that
negates it. A word with several meanings is supported by any of them.

The check works without a model and has limits: it knows the words of its tables, not sentences. It misses a falsehood
in words that no table lists, and a true word about the wrong part ("the lid is of steel"). Eleven languages have full
tables, fourteen the commonest forms. In all others it checks numbers, codes, international names and English words,
and passes no text: `passed` is "na" or False.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from itertools import islice
from typing import Any, NamedTuple

from scribe.language.detector import family
from writing.checks import (
    concepts,
    contradictions,
    fitness,
    glossary,
    lexicon,
    measures,
    names,
    numbers,
    opposites,
    realms,
    scenes,
    sources,
    spoken,
    unknown,
)
from writing.checks.asides import Asides
from writing.checks.fields import Field
from writing.checks.index import Index, SourcePlace
from writing.checks.lexicon import Match, Token, table
from writing.checks.numbers import Code, Number
from writing.checks.support import RANKS, Support
from writing.checks.translation import negation
from writing.checks.units import unit_of
from writing.checks.words import fold
from writing.facts import Facts
from writing.settings import WritingSettings

MOST_FINDINGS = 200
MOST_CLAIMS = 2_000  # claims of one field; the next one counts as unsupported, whatever it says
LONGEST_CLAIM = 200  # characters of a claim that are kept
# Kinds that a clause with a denial does not claim for the product.
HEDGED = frozenset({"audience", "use"})
# Kinds of which the opening of a text may speak without a claim.
SCENIC = frozenset({"feature", "contents", "ingredient", "colour", "look", "promise", "use", "audience"})
# Kinds of which a first sentence may make one claim and still set a scene.
OPENING = SCENIC - {"ingredient"} | {"comparison", "superlative"}
LITTLE_SAID = 4  # words and claims of the source that such a sentence has at most
APART = frozenset({"ingredient", "colour", "contents", "use"})  # the same for any sentence without a word of the source
_SENTENCE_END = re.compile(r"[.!?;\n]")
_NAMES = re.compile(r"[\w’'+-]+")

CODE_NEAR = 24  # characters between "certified" and the code of what it is certified for
AGE_NEAR = 24  # characters after an audience ("children") among which its age is looked for
_AGE = re.compile(r"\d|\b(?:ab|from|dès|partir|partire|desde|dai|dal|vanaf|od|от|с|dos|jonger|older|under|unter)\b")

Finding = dict[str, Any]


class Claim(NamedTuple):
    """A claim of a field's text: the characters from `start` to `end`. `trace` looks for its source."""

    kind: str
    text: str
    value: Any
    start: int
    end: int
    trace: Callable[[], SourcePlace | None]


def check(fields: Iterable[Field], facts: Facts, settings: WritingSettings) -> dict[str, Any]:
    """Return `{id, passed, detail, findings, unknown}`. A finding is `{text, kind, field, start, end, value, supported,
    source_field, source_excerpt}`. `start` and `end` count code points of the field's text as `fields.of` gives it.

    `unknown` lists `{text, field, start, end}` of words that nothing licenses. They are shown, but do not fail the
    check.
    """
    tracer = Tracer(facts, settings)
    for field in fields:
        tracer.trace(field)
    unsupported = [finding for finding in tracer.findings if not finding["supported"]]
    if not unsupported and tracer.worded:
        detail = (
            f"All {len(tracer.findings)} claims are in the source."
            if tracer.findings
            else "The text makes no claims that need a source."
        )
    elif not unsupported:
        detail = "Claims in words cannot be recognised in this language" + (
            f"; all {len(tracer.findings)} numbers, codes and international names are in the source."
            if tracer.findings
            else ", and it has no number or code."
        )
    else:
        named = ", ".join(f"“{finding['text']}”" for finding in unsupported[:5])
        detail = f"{len(unsupported)} of {len(tracer.findings)} claims are not in the source: {named}{'…' if len(unsupported) > 5 else '.'}"
    return {
        "id": "grounding",
        "passed": False if unsupported else True if tracer.worded else "na",
        "detail": detail,
        "findings": tracer.findings[:MOST_FINDINGS],
        "unknown": tracer.unknown[: unknown.MOST],
    }


class Tracer:
    """Traces the claims of one content's fields. A claim is listed once per field, however often the field makes it."""

    def __init__(self, facts: Facts, settings: WritingSettings) -> None:
        self.family = family(settings.language)
        self.lexicon = lexicon.of(self.family)
        self.indexes: tuple[Index, ...] = (sources.of(facts), sources.of_instructions(settings.instructions))
        if facts.original is not None:
            self.indexes = (*self.indexes, sources.of_original(facts))
        if words := [term.target for term in glossary.named(facts, settings.glossary) if term.target]:
            self.indexes = (*self.indexes, sources.of_glossary(" \n".join(words)))
        self.support = Support(self.indexes, self.lexicon)
        self.worded = bool(lexicon.concepts_of(self.family))  # whether the tables have words of the language
        self.findings: list[Finding] = []
        self.unknown: list[Finding] = []  # words without a licence

    def trace(self, field: Field) -> None:
        text = field.text
        words = lexicon.tokens(text)
        flags = self.lexicon.negations.spans(text, words)
        if self.family in lexicon.LESSER:  # of these the tables know few of the ways to deny
            negation.doubt(text, flags, self.family)
        matches = self.lexicon.find(text, words, flags)
        found, codes = numbers.find(text)
        found = numbers.localized([*found, *spoken.spelled(text, words, self.family)], self.family)
        found = [spoken.with_half(number, text) for number in found]
        covered = {at for match in matches for at in range(match.first, match.last + 1)}
        for word in islice(unknown.find(words, covered, self.family, self.indexes), unknown.MOST):
            self._show(field, word.text, word.start, word.end)
        asides = Asides(text, words, matches, self.indexes, self.family, self.support.affirmed)
        seen: set[tuple[str, str]] = set()
        listed = len(self.findings)
        for claim in self._claims(field, text, words, flags, matches, found, codes, asides):
            mark = (claim.kind, fold(claim.text))
            if mark in seen:
                continue
            seen.add(mark)
            if len(seen) > MOST_CLAIMS:
                self._add(field, claim._replace(kind="number", value=f"more than {MOST_CLAIMS} claims"), None)
                return
            self._add(field, claim, claim.trace())
        self._set_scene(field, listed, asides)

    def _set_scene(self, field: Field, listed: int, asides: Asides) -> None:
        """Show, instead of listing it, the one everyday claim of a first sentence that says little of the source: "A
        studio that slips into a coat pocket". `listed` findings are older than the field's."""
        first = asides.first()
        own = [finding for finding in self.findings[listed:] if finding["start"] < first]
        lone = [finding for finding in own if not finding["supported"]]
        if len(lone) != 1 or lone[0]["kind"] not in OPENING:
            return
        if lone[0]["value"] in table("claims") or lone[0]["value"] in RANKS:
            return
        if asides.named(first) or len(own) - 1 + asides.licensed(first) > LITTLE_SAID:
            return
        self.findings.remove(lone[0])
        self._show(field, lone[0]["text"], lone[0]["start"], lone[0]["end"])

    def _show(self, field: Field, text: str, start: int, end: int) -> None:
        self.unknown.append({"text": text, "field": field.name, "start": start, "end": end})

    def _add(self, field: Field, claim: Claim, place: SourcePlace | None) -> None:
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
        self,
        field: Field,
        text: str,
        words: list[Token],
        flags: bytearray,
        matches: list[Match],
        found: list[Number],
        codes: list[Code],
        asides: Asides,
    ) -> Iterable[Claim]:
        units = {number.end: number.start for number in found if number.unit}  # "69 złotych" is money, not gold
        scene = scenes.Scenes(text, words, self.family)
        opening = asides.opening(found)
        denying = contradictions.denying_words(text, words, self.lexicon.negations)
        restricted = contradictions.restricted_words(text, words, self.lexicon.negations)
        for readings in _readings(matches):
            first = readings[0]
            if all(self.support.denied(match) for match in readings) and not restricted[first.first]:
                yield Claim(first.kind, _around(text, first), first.concept, first.start, first.end, lambda: None)
                continue
            readings = [match for match in readings if match.kind != "care"]  # care only supports others
            if not readings:
                continue
            first = readings[0]
            if units.get(first.end, first.start) < first.start or scene.beside(first):
                continue
            if restricted[first.first] and any(first.concept in index.negated for index in self.indexes):
                continue  # "keep it out of the dishwasher"
            if (
                first.concept == "comparison:part"
                and first.last + 1 < len(words)
                and unit_of(words[first.last + 1].text)
            ):
                continue  # "a third of a litre" is a number
            if first.kind == "superlative" and first.start and text[first.start - 1] == "-":
                continue  # the pronoun of "torna-o mais leve"
            if first.concept == "certified" and any(
                0 <= code.start - first.end <= CODE_NEAR and self.support.of_code(code) for code in codes
            ):
                continue  # "certification of protection IP68": the code is checked instead
            if first.kind in HEDGED and denying[first.first] and not self.support.affirmed(first.concept):
                continue
            if first.concept in concepts.foods() and not self.support.edible:
                continue
            if first.kind == "colour" and self.support.odd_colours:
                continue
            if first.kind == "contents" and not scene.includes(first.first):
                continue
            if first.kind == "use" and not scene.fits(first.first) and not self.support.mentioned(first.concept):
                continue
            if first.kind == "audience" and _aged(text, first) and self.support.ages(first.concept):
                continue  # the number is checked instead
            if not all(self.support.silent(match) for match in readings):
                trace = partial(self.support.of_any, text, readings)
                soft = first.concept in concepts.soft() or (
                    first.start < opening and first.kind in SCENIC and first.concept not in table("claims")
                )
                if (soft or (first.kind in APART and asides.has(first))) and trace() is None:
                    self._show(field, _around(text, first), first.start, first.end)
                    continue
                yield Claim(first.kind, _around(text, first), first.concept, first.start, first.end, trace)
        around = measures.Around(text, words, matches, found, self.family)
        for number in found:
            if rank := numbers.rank(text, number):
                trace = partial(self.support.first, "number_one")
                yield Claim("superlative", rank, "number_one", number.end - len(rank), number.end, trace)
                continue
            if measures.trivial(number, text):
                continue
            if number.word and (
                number.start < opening
                or (number.dimension == "time" and self.indexes[0].language == self.family and asides.has(number))
            ):
                self._show(field, number.text, number.start, number.end)
                continue
            value = number.values[0] if len(number.values) == 1 else list(number.values)
            trace = partial(measures.trace, number, around, self.indexes)
            yield Claim("number", number.text, value, number.start, number.end, trace)
        for code in codes:
            yield Claim("code", code.text, code.key, code.start, code.end, partial(self.support.of_code, code))
        partners = list(self._named(text))
        yield from partners
        named = {partner.value for partner in partners}
        covered = {at for match in matches for at in range(match.first, match.last + 1)}
        placed = {match.last for match in matches if match.kind == "origin"}  # "the Bavarian Forest"
        for name in names.find(text, words, found, self.family):
            if name.word in covered or name.word - 1 in placed:
                continue
            if name.key in named or any(names.known(name, index) for index in self.indexes):
                continue
            if name.start < opening:
                self._show(field, name.text, name.start, name.end)
                continue
            yield Claim("name", name.text, name.key, name.start, name.end, lambda: None)
        for seal in names.seals(text, words, self.indexes):
            yield Claim("certification", seal.text, fold(seal.text), seal.start, seal.end, lambda: None)
        for statement in realms.find(text, words, self.family, self.indexes):
            if statement.start < opening:
                self._show(field, text[statement.start : statement.end], statement.start, statement.end)
                continue
            said = text[statement.start : statement.end].replace("\n", " ")
            yield Claim("promise", said, "beyond_data", statement.start, statement.end, lambda: None)
        for fit in fitness.find(text, words, self.family, self.indexes):
            if fit.start >= opening and not scene.asks(fit.start):
                said = text[fit.start : fit.end].replace("\n", " ")
                yield Claim("use", said, "beyond_source", fit.start, fit.end, lambda: None)
        known = {name for index in self.indexes for name in index.poles}
        for pole in opposites.poles(words, flags, self.family) if known else ():
            if pole.name in known or opposites.opposite(pole.name) not in known or restricted[pole.first]:
                continue
            start, end = words[pole.first].start, words[pole.last].end
            yield Claim("negation", text[start:end].replace("\n", " "), pole.name, start, end, lambda: None)
        for word in contradictions.find(text, words, flags, self.lexicon.negations, self.indexes, self.family):
            yield Claim("negation", word.text, fold(word.text), word.start, word.end, lambda: None)

    def _named(self, text: str) -> Iterable[Claim]:
        """Yield the names after "compatible with" that are not words of the source, as claims without a source."""
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
    """Group the matches by their place in the text."""
    found: dict[tuple[int, int], list[Match]] = {}
    for match in matches:
        found.setdefault((match.first, match.last), []).append(match)
    return list(found.values())


def _around(text: str, match: Match) -> str:
    return text[match.start : match.end].replace("\n", " ")


def _aged(text: str, match: Match) -> bool:
    """Whether an age follows the audience that a text names: "children from eight"."""
    return _AGE.search(text, match.end, match.end + AGE_NEAR) is not None


@cache
def _compatible() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in str(table("words")["compatible"]).split("|"))
    return re.compile(rf"\b(?:{phrases})\b", re.I)
