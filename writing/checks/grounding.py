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

import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import NamedTuple

from scribe.language.detector import family
from scribe.messages import _
from scribe.types import Json, JsonValue
from writing.checks import concepts, contradictions, glossary, lexicon, measures, names, numbers, sources, spoken
from writing.checks.fields import Field
from writing.checks.index import Index, SourcePlace
from writing.checks.lexicon import Match
from writing.checks.numbers import Code, Number
from writing.checks.support import Support
from writing.checks.tables import table
from writing.checks.translation import negation
from writing.checks.units import unit_of
from writing.checks.words import Token, fold, tokens
from writing.facts import Facts
from writing.fields import Role
from writing.settings import WritingSettings

MOST_FINDINGS = 200
MOST_SHOWN = 50
MOST_CLAIMS = 2_000  # claims of one field; the next one counts as unsupported, whatever it says
LONGEST_CLAIM = 200  # characters of a claim that are kept
# Kinds that can be traced in a source of any language.
SURE_ANYWHERE = frozenset({"number", "code", "certification", "compatibility"})
# Kinds of things that a source in another language may name in words that no table has ("Lindenholzkorpus").
SURE_IN_ONE = frozenset({"material", "compatibility"})
_SENTENCE_END = re.compile(r"[.!?;\n]")
_NAMES = re.compile(r"[\w’'+-]+")

CODE_NEAR = 24  # characters between "certified" and the code of what it is certified for

Finding = Json


class Claim(NamedTuple):
    """A claim of a field's text: the characters from `start` to `end`. `trace` looks for its source."""

    kind: str
    text: str
    value: JsonValue
    start: int
    end: int
    trace: Callable[[], SourcePlace | None]
    denied: bool = False  # by the source, whose words for it are thus known


def check(fields: Iterable[Field], facts: Facts, settings: WritingSettings) -> Json:
    """Return `{id, passed, detail, findings, unknown}`. A finding is `{text, kind, field, start, end, value, supported,
    source_field, source_excerpt}`. `start` and `end` count code points of the field's text as `fields.of` gives it.

    `unknown` lists `{text, field, start, end}` of claims that a source in another language may state in words that no
    table has. They are shown, but do not fail the check.
    """
    return Tracer(facts, settings).check(fields)


def conclude(findings: list[Finding], shown: list[Finding], *, worded: bool) -> Json:
    """The check with these findings. `worded` says whether the tables have words of the text's language."""
    unsupported = [finding for finding in findings if not finding["supported"]]
    if not unsupported and worded:
        detail = (
            _("All {number} claims are in the source.", number=len(findings))
            if findings
            else _("The text makes no claims that need a source.")
        )
    elif not unsupported:
        detail = (
            _(
                "Claims in words cannot be recognised in this language or in its source's; all {number} numbers, codes and "
                "international names are in the source.",
                number=len(findings),
            )
            if findings
            else _(
                "Claims in words cannot be recognised in this language or in its source's, and it has no number or code."
            )
        )
    else:
        named = ", ".join(f"“{finding['text']}”" for finding in unsupported[:5])
        detail = (
            _("{number} of {all} claims is not in the source: {named}")
            if len(unsupported) == 1
            else _("{number} of {all} claims are not in the source: {named}")
        ).format(number=len(unsupported), all=len(findings), named=named + ("…" if len(unsupported) > 5 else "."))
    return {
        "id": "grounding",
        "passed": False if unsupported else True if worded else "na",
        "detail": detail,
        "findings": findings[:MOST_FINDINGS],
        "unknown": shown[:MOST_SHOWN],
    }


def is_worded(facts: Facts, settings: WritingSettings) -> bool:
    """Whether the tables have words of the text's language and of its source's, so that they can judge more than numbers."""
    return bool(lexicon.concepts_of(family(settings.language))) and sources.is_tabled(facts, family(settings.language))


class Tracer:
    """Traces the claims of one content's fields. A claim is listed once per field, however often the field makes it."""

    def __init__(self, facts: Facts, settings: WritingSettings) -> None:
        self.family = family(settings.language)
        self.lexicon = lexicon.lexicon_for(self.family)
        self.indexes: tuple[Index, ...] = (sources.source_index(facts), sources.of_instructions(settings.instructions))
        if facts.original is not None:
            self.indexes = (*self.indexes, sources.of_original(facts))
        if words := [term.target for term in glossary.terms_in_source(facts, settings.glossary) if term.target]:
            self.indexes = (*self.indexes, sources.of_glossary(" \n".join(words)))
        self.support = Support(self.indexes, self.lexicon)
        self.worded = is_worded(facts, settings)
        self.unread = not sources.is_tabled(facts, self.family)  # a source whose words no table knows
        self.findings: list[Finding] = []
        self.unknown: list[Finding] = []  # claims that are only shown
        self.concepts: set[str] = set()  # that the text names, but for its search words

    def check(self, fields: Iterable[Field]) -> Json:
        for field in fields:
            self.trace(field)
        return conclude(self.findings, self.unknown, worded=self.worded)

    def trace(self, field: Field) -> None:
        text = field.text
        words = tokens(text)
        flags = self.lexicon.negations.spans(text, words)
        if self.family in lexicon.LESSER:  # of these the tables know few of the ways to deny
            negation.doubt(text, flags, self.family)
        matches = self.lexicon.find(text, words, flags)
        if field.row.role is not Role.KEYWORDS:
            self.concepts.update(*(concepts.with_broader(match.concept) for match in matches))
        found, codes = numbers.find(text)
        found = numbers.localize_units([*found, *spoken.number_words(text, words, self.family)], self.family)
        seen: set[tuple[str, str]] = set()
        for claim in self._claims(text, words, flags, matches, found, codes):
            mark = (claim.kind, fold(claim.text))
            if mark in seen:
                continue
            seen.add(mark)
            if len(seen) > MOST_CLAIMS:
                self._add(field, claim._replace(kind="number", value=f"more than {MOST_CLAIMS} claims"), None)
                return
            place = claim.trace()
            if place is None and self._is_unsure(claim):
                self._show(field, claim.text, claim.start, claim.end)
                continue
            self._add(field, claim, place)

    def _is_unsure(self, claim: Claim) -> bool:
        """Whether the source may state the claim in words of its language that the tables don't have."""
        if claim.denied:
            return False
        if claim.kind == "material" or (claim.kind in SURE_IN_ONE and claim.value.startswith(f"{claim.kind}:")):
            return self.unread or self.indexes[0].language not in ("", self.family)
        return self.unread and claim.kind not in SURE_ANYWHERE

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
        text: str,
        words: list[Token],
        flags: bytearray,
        matches: list[Match],
        found: list[Number],
        codes: list[Code],
    ) -> Iterable[Claim]:
        units = {number.end: number.start for number in found if number.unit}  # "69 złotych" is money, not gold
        for readings in _readings(matches):
            first = readings[0]
            if any(first.concept in index.negated for index in self.indexes) and contradictions.restricts(
                text, words, first.first, self.lexicon.negations
            ):
                continue
            if all(self.support.denied(match) for match in readings):
                yield Claim(first.kind, _around(text, first), first.concept, first.start, first.end, lambda: None, True)
                continue
            readings = [match for match in readings if match.kind != "care"]  # care only supports others
            if not readings:
                continue
            first = readings[0]
            if units.get(first.end, first.start) < first.start:
                continue
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
            if not all(self.support.silent(match) for match in readings):
                trace = partial(self.support.of_any, text, readings)
                yield Claim(first.kind, _around(text, first), first.concept, first.start, first.end, trace)
        around = measures.Around(text, words, matches, found, self.family)
        for number in found:
            if rank := numbers.rank(text, number):
                trace = partial(self.support.first, "number_one")
                yield Claim("superlative", rank, "number_one", number.end - len(rank), number.end, trace)
                continue
            if measures.trivial(number, text):
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
            if name.key in named or any(names.is_known(name, index) for index in self.indexes):
                continue
            yield Claim("name", name.text, name.key, name.start, name.end, lambda: None)
        for seal in names.seals(text, words, self.indexes):
            yield Claim("certification", seal.text, fold(seal.text), seal.start, seal.end, lambda: None)
        for word in contradictions.find(text, words, flags, self.lexicon.negations, self.indexes):
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


@cache
def _compatible() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in str(table("words")["compatible"]).split("|"))
    return re.compile(rf"\b(?:{phrases})\b", re.I)
