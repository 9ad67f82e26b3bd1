"""Grounding: every number, unit, material, certification, compatibility, origin, warranty and superlative in the text is
traced to a source field, or listed as unsupported. Claims of health, environment, delivery, price and absolutes such as
"waterproof" are treated alike.

Numbers must agree in value, unit and label. Proper names must be in the source. A negated word needs a source that
negates it. A word with several meanings is supported by any of them.

The check works without a model and has limits: it knows the words of its tables, not sentences. It misses a falsehood
in words that no table lists, and a true word about the wrong part ("the lid is of steel"). Eleven languages have full
tables, fourteen the commonest forms. In all others it checks numbers, codes, international names and English words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, cached_property, partial
from itertools import islice
from typing import Any, NamedTuple

from scribe.language.detector import family
from writing.checks import (
    contradictions,
    fitness,
    lexicon,
    measures,
    names,
    numbers,
    realms,
    scenes,
    sources,
    spoken,
    unknown,
)
from writing.checks.asides import Asides
from writing.checks.fields import Field
from writing.checks.lexicon import Match, Token, table
from writing.checks.numbers import Code, Number
from writing.checks.sources import Index, SourcePlace
from writing.checks.units import unit_of
from writing.checks.words import fold, piece
from writing.facts import Facts
from writing.settings import WritingSettings

MOST_FINDINGS = 200
MOST_CLAIMS = 2_000  # claims of one field; the next one counts as unsupported, whatever it says
LONGEST_CLAIM = 200  # characters of a claim that are kept
# Kinds whose absence is a claim of its own ("without parabens"). Denials of other kinds may only contradict the source.
DENIALS = frozenset({"material", "certification", "ingredient", "warranty", "superlative"})
# Kinds that a clause with a denial does not claim for the product.
HEDGED = frozenset({"audience", "use"})
EDIBLE = 2  # ingredients from which a source is about something to eat, drink or put on the skin
# Kinds whose words are supported by the same letters in the source, if no table has the source's word.
SPELLED = frozenset(
    {"feature", "contents", "ingredient", "colour", "look", "health", "audience", "use", "promise", "care"}
)
# Kinds of which the opening of a text may speak without a claim.
SCENIC = frozenset({"feature", "contents", "ingredient", "colour", "look", "promise", "use", "audience"})
APART = frozenset({"ingredient", "colour", "contents", "use"})  # the same for any sentence without a word of the source
_SENTENCE_END = re.compile(r"[.!?;\n]")
SHORTEST_ALIKE = 4  # letters of a word that is looked up in the source by its letters
_WORDS = re.compile(r"[^\W\d_]+")
_NAMES = re.compile(r"[\w’'+-]+")

AGE_NEAR = 24  # characters after an audience ("children") among which its age is looked for
_AGE = re.compile(r"\d|\b(?:ab|from|dès|desde|dai|dal|vanaf|od|от|с|dos|jonger|older|under|unter)\b")

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
    if not unsupported:
        detail = (
            f"All {len(tracer.findings)} claims are in the source."
            if tracer.findings
            else "The text makes no claims that need a source."
        )
    else:
        named = ", ".join(f"“{finding['text']}”" for finding in unsupported[:5])
        detail = f"{len(unsupported)} of {len(tracer.findings)} claims are not in the source: {named}{'…' if len(unsupported) > 5 else '.'}"
    return {
        "id": "grounding",
        "passed": not unsupported,
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
        self.findings: list[Finding] = []
        self.unknown: list[Finding] = []  # words without a licence

    def trace(self, field: Field) -> None:
        text = field.text
        words = lexicon.tokens(text)
        flags = self.lexicon.negations.spans(text, words)
        matches = self.lexicon.find(text, words, flags)
        found, codes = numbers.find(text)
        found = numbers.localized([*found, *spoken.spelled(text, words, self.family)], self.family)
        found = [spoken.with_half(number, text) for number in found]
        covered = {at for match in matches for at in range(match.first, match.last + 1)}
        for word in islice(unknown.find(words, covered, self.family, self.indexes), unknown.MOST):
            self._show(field, word.text, word.start, word.end)
        seen: set[tuple[str, str]] = set()
        for claim in self._claims(field, text, words, flags, matches, found, codes):
            mark = (claim.kind, fold(claim.text))
            if mark in seen:
                continue
            seen.add(mark)
            if len(seen) > MOST_CLAIMS:
                self._add(field, claim._replace(kind="number", value=f"more than {MOST_CLAIMS} claims"), None)
                return
            self._add(field, claim, claim.trace())

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
    ) -> Iterable[Claim]:
        units = {number.end: number.start for number in found if number.unit}  # "69 złotych" is money, not gold
        scene = scenes.Scenes(text, words, self.family)
        asides = Asides(text, words, matches, self.indexes, self.family, self._affirmed)
        opening = asides.opening(found)
        denying = contradictions.denying_words(text, words, self.lexicon.negations)
        restricted = contradictions.restricted_words(text, words, self.lexicon.negations)
        for readings in _readings(match for match in matches if match.kind != "care"):  # care only supports others
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
            if first.kind in HEDGED and denying[first.first] and not self._affirmed(first.concept):
                continue
            if first.concept in lexicon.foods() and not self._edible:
                continue
            if first.kind == "colour" and self._odd_colours:
                continue
            if first.kind == "contents" and not scene.includes(first.first):
                continue
            if first.kind == "use" and not scene.fits(first.first) and not self._mentioned(first.concept):
                continue
            if first.kind == "audience" and _aged(text, first) and self._mentioned(first.concept):
                continue  # the number is checked instead
            if not all(self._silent(match) for match in readings):
                trace = partial(self._any, text, readings)
                soft = first.concept in lexicon.soft() or (
                    first.start < opening and first.kind in SCENIC and first.concept not in table("claims")
                )
                if (soft or (first.kind in APART and asides.has(first))) and trace() is None:
                    self._show(field, _around(text, first), first.start, first.end)
                    continue
                yield Claim(first.kind, _around(text, first), first.concept, first.start, first.end, trace)
        around = measures.Around(text, words, matches, found, self.family)
        for number in found:
            if rank := numbers.rank(text, number):
                trace = partial(self._first, "number_one")
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
            yield Claim("code", code.text, code.key, code.start, code.end, partial(self._code, code))
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
            if fit.start >= opening:
                said = text[fit.start : fit.end].replace("\n", " ")
                yield Claim("use", said, "beyond_source", fit.start, fit.end, lambda: None)
        at = {word.start: place for place, word in enumerate(words)}
        for word in contradictions.find(text, words, flags, self.lexicon.negations, self.indexes, self.family):
            if scene.placed(at[word.start]):
                continue
            yield Claim("negation", word.text, fold(word.text), word.start, word.end, lambda: None)

    def _code(self, code: Code) -> SourcePlace | None:
        return next(filter(None, (index.code(code) for index in self.indexes)), None)

    def _any(self, text: str, readings: list[Match]) -> SourcePlace | None:
        """A word that may mean several things is supported when one of them is."""
        return next((place for match in readings if (place := self._concept(text, match))), None)

    def _silent(self, match: Match) -> bool:
        """Whether a denial claims nothing, as the source does not mention the thing. A sure one of `DENIALS` claims."""
        if match.doubtful:
            return not self._mentioned(match.concept)
        if not match.negated or match.kind in DENIALS:
            return False
        return not any(match.concept in index.concepts for index in self.indexes)

    def _concept(self, text: str, match: Match) -> SourcePlace | None:
        said = self._first(match.concept, negated=match.negated)
        if said is None and not match.negated:
            said = self._coded(match.concept)
        if said is None and match.doubtful:
            said = self._first(match.concept, negated=True)
        if said is None and match.concept == "comparison:part":
            said = next(filter(None, (index.share() for index in self.indexes)), None)
        if said is None and not match.negated:
            said = self._spelled_alike(text, match) or self._part_of(text, match)
        if said is None and match.concept.startswith("brand:"):  # "Apple" in a text about apples
            key = numbers.normal(text[match.start : match.end])
            return next((place for index in self.indexes if (place := index.mention(key))), None)
        if match.kind != "superlative" or match.concept in ("number_one", "leading", "award", "bestseller", "world"):
            return said
        if said is None:
            return None
        # "the lightest" does not support "the softest": the source needs the same word, or one in another language.
        key = fold(text[match.start : match.end])
        likewise = key[:5] if match.concept == "best" else key[:7]
        for index in self.indexes:
            if place := index.likewise.get(likewise):
                return place
        return None if self._same_language else said

    def _affirmed(self, concept: str) -> bool:
        return any(concept in index.concepts for index in self.indexes)

    def _mentioned(self, concept: str) -> bool:
        return any(concept in store for index in self.indexes for store in (index.concepts, index.negated))

    @cached_property
    def _edible(self) -> bool:
        """Whether the source is about something to eat, drink or put on the skin. If not, food only sets the scene."""
        named = {
            concept
            for index in self.indexes
            for concept, place in (*index.concepts.items(), *index.negated.items())
            if concept.startswith("ingredient:") and place.field != "name"
        }
        return len(named) >= EDIBLE

    @cached_property
    def _odd_colours(self) -> bool:
        """Whether any colour may be right: the source's colour is in no table ("Oatmeal"), or the source is about food
        and has no field for colours.
        """
        if not any(_colour_field().search(path) for index in self.indexes for path in index.whole):
            return self._edible  # "dark chocolate"
        return not any(concept.startswith("colour:") for index in self.indexes for concept in index.concepts)

    @cached_property
    def _same_language(self) -> bool:
        """Whether a superlative of the source is also a superlative in the text's language."""
        words = (other.split(" ")[0] for index in self.indexes for other in index.superlatives)
        return any(form.kind == "superlative" for word in words for form in self.lexicon.first_words(word))

    def _spelled_alike(self, text: str, match: Match) -> SourcePlace | None:
        """Where the source has the claim's own letters, although no table has the source's word."""
        if match.kind not in SPELLED or any(match.concept in index.negated for index in self.indexes):
            return None
        keys = [fold(word) for word in _WORDS.findall(text[match.start : match.end])]
        keys = [key for key in keys if len(key) >= SHORTEST_ALIKE and key not in contradictions.empty()]
        for index in self.indexes:
            if keys and all(index.licensed(key) for key in keys):
                return index.stem(piece(keys[0])) or next(iter(index.concepts.values()), None)
        return None

    def _coded(self, concept: str) -> SourcePlace | None:
        known = (index.codes.get(code) for code in lexicon.codes(concept) for index in self.indexes)
        return next(filter(None, known), None)

    def _part_of(self, text: str, match: Match) -> SourcePlace | None:
        """Where a word of the source begins with a material: "wood" in "wooden spoon", "Holz" in "Holzspatel"."""
        key = fold(text[match.start : match.end])
        if match.kind != "material" or match.first != match.last or len(key) < SHORTEST_ALIKE:
            return None
        for index in self.indexes:
            if any(word.startswith(key) and len(word) > len(key) + 2 for word in index.words):
                return index.stem(key)
        return None

    def _first(self, concept: str, *, negated: bool = False) -> SourcePlace | None:
        others = lexicon.licences(concept, negated=negated)
        for index in self.indexes:
            if place := (index.negated if negated else index.concepts).get(concept):
                return place
            if place := next((index.concepts[other] for other in others if other in index.concepts), None):
                return place
        return None

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
def _colour_field() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{table('words')['colour_fields']})", re.I)


@cache
def _compatible() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in str(table("words")["compatible"]).split("|"))
    return re.compile(rf"\b(?:{phrases})\b", re.I)
