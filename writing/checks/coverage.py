"""The `coverage` check: how much of what the source states reached the text."""

from collections.abc import Collection
from functools import cache, lru_cache
from typing import NamedTuple

from scribe.language import detector
from scribe.language.detector import family
from scribe.messages import _
from scribe.types import Json
from writing.checks import lexicon, numbers, sources, spoken
from writing.checks.fields import Field
from writing.checks.numbers import Code, Number
from writing.checks.tables import table
from writing.checks.words import fold, latin, tokens
from writing.facts import Facts
from writing.fields import Role
from writing.settings import WritingSettings

NEEDED = 0.5
STEM = 5  # first letters by which an inflected word is recognised
NAME = 4  # the same for a property's name: "Teile" in "7-teilig"
INFLECTED = 2  # letters that a form of a short word adds
TELLING = 100  # from here on, a text rarely has a number without a unit by chance
MOST_NUMBERS = 50  # of one value that are looked for in the text
PER_FACT = 90  # characters of text that one fact needs
_SKIPPED = ("price", "sku", "gtin", "ean", "barcode", "upc", "mpn", "id", "status", "tax", "variant")


def check(
    fields: list[Field], facts: Facts, settings: WritingSettings, concepts: Collection[str]
) -> tuple[Json, float]:
    """Return the check, and the share (0 to 1) of attributes that the text mentions, of those it has room for.
    `concepts` are those that the text names.

    A text in another language than the source hides an attribute whose value is neither a number nor a word of its
    tables. Such an attribute is not counted. A translation can only say what its original says, so the others are not
    counted there; its numbers are compared by the check `translation`.
    """
    wanted = {**facts.attributes, **facts.other}
    wanted = {key: value for key, value in wanted.items() if not any(word in key.lower() for word in _SKIPPED)}
    if not wanted:
        return {"id": "coverage", "passed": "na", "detail": _("The source has no attributes."), "findings": []}, 1.0
    text = "\n".join(field.text for field in fields if field.row.role is not Role.KEYWORDS)
    said = _Statements(text, concepts, family(settings.language))
    other_language = is_translated(facts, settings)
    if facts.original is not None:
        wanted = _in_original(wanted, facts)
    covered: list[str] = []
    missing: list[Json] = []
    for key, value in wanted.items():
        state = _is_covered(key, value, said, translated=other_language)
        if state is False and other_language and not _can_judge(value, facts, settings):
            state = None
        if state:
            covered.append(key)
        elif state is False:
            missing.append(
                {
                    "field": "description",
                    "detail": _("“{key}: {value}” is not mentioned.", key=key, value=value[:80]),
                    "text": key,
                    "value": value[:120],
                }
            )
    judged = len(covered) + len(missing)
    room = max(1, min(judged, len(text) // PER_FACT + 1))
    share = min(1.0, len(covered) / room) if judged else 1.0
    passed: bool | str = share >= NEEDED if judged else "na"
    detail = (
        _("Attributes mentioned: {number} of {judged}.", number=len(covered), judged=judged)
        if judged
        else _("The attributes cannot be recognised in this language.")
    )
    return {"id": "coverage", "passed": passed, "detail": detail, "findings": missing[:20]}, share


def _in_original(wanted: dict[str, str], facts: Facts) -> dict[str, str]:
    """Those of the attributes that the text which is translated mentions."""
    said = _Statements("\n".join(sources.original_fields(facts).values()), sources.of_original(facts).concepts, "*")
    return {key: value for key, value in wanted.items() if _is_covered(key, value, said, translated=True)}


def _can_judge(value: str, facts: Facts, settings: WritingSettings) -> bool:
    """Whether its absence from a text in another language can be told: full tables have a word for it there, or it is a
    number. Languages without tables often join those to their words."""
    spoken = family(settings.language)
    worded = lexicon.concepts_of(spoken)
    read = _read(value)
    if read.numbers:
        return bool(worded) and facts.original is None
    return spoken in lexicon.FAMILIES and not worded.isdisjoint(read.concepts)


class _Value(NamedTuple):
    """An attribute's name or value: its numbers, codes, concepts, and the words that tell something."""

    numbers: tuple[Number, ...]
    codes: tuple[Code, ...]
    concepts: tuple[str, ...]
    telling: tuple[str, ...]


@lru_cache(maxsize=5_000)
def _read(text: str) -> _Value:
    """Answers are kept, since a shop repeats its attributes."""
    words = tokens(text)
    found, codes = numbers.find(text)
    telling = [word.text for word in words if len(word.text) > 2 and word.text.lower() not in detector.common_words()]
    return _Value(
        tuple(found),
        tuple(codes),
        tuple(match.concept for match in lexicon.everywhere(text, words)),
        tuple(telling or [word.text for word in words]),
    )


def is_translated(facts: Facts, settings: WritingSettings) -> bool:
    """Whether the text is in another language than the source."""
    source = facts.cache.get("language")
    if source is None:
        source = facts.cache["language"] = detector.detect(
            " ".join([facts.description or facts.short_description, facts.name])
        )
    return source != family(settings.language)


def _is_covered(key: str, value: str, said: "_Statements", *, translated: bool) -> bool | None:
    """Whether the value is in the text. None if a translation makes it impossible to tell."""
    read = _read(value)
    if read.numbers:
        unit = sources.unit_in(key)
        first = [sources.with_unit(number, unit) for number in read.numbers[:MOST_NUMBERS]]
        hits = sum(any(numbers.agree(number, other) for other in said.numbers) for number in first)
        counted = any(number.unit or max(number.values) >= TELLING for number in first)
        return hits * 2 >= len(first) and (counted or translated or _is_named(key, said))
    if read.codes:
        return any(code.key in said.normal for code in read.codes)
    if any(concept in said.concepts for concept in read.concepts):
        return True
    if value.strip().lower() in _yes_and_no():
        return any(concept in said.concepts for concept in _read(key).concepts) or _is_named(key, said) or None
    hits = sum(said.has(fold(word)) or (len(word) > 3 and said.has(latin(word))) for word in read.telling)
    if read.telling and hits * 3 >= len(read.telling):
        return True
    return None if translated and not read.concepts else False


def _is_named(key: str, said: "_Statements") -> bool:
    """Whether the text names the property. A "7" alone does not say that there are seven pieces."""
    return any(fold(word.text)[:NAME] in said.beginnings for word in tokens(key) if len(word.text) > 2)


@cache
def _yes_and_no() -> frozenset[str]:
    yes = "yes ja oui sí si sim tak да da true 1 x"
    return frozenset((*yes.split(), *str(table("words")["no_values"]).split()))


class _Statements:
    """What a text of a family of languages, or of any (`*`), says. A long word ("rotierend") is no form of a short
    one."""

    def __init__(self, text: str, concepts: Collection[str], family: str) -> None:
        said = tokens(text)
        words = {form(word.text) for word in said for form in (fold, latin)}
        self.beginnings = frozenset(word[:length] for word in words for length in range(NAME, STEM + 1))
        self.close = frozenset(word[: len(word) - end] for word in words for end in range(INFLECTED + 1))
        self.concepts = concepts
        self.normal = numbers.normal(text)
        found, _ = numbers.find(text)
        found = [*found, *spoken.sums(found, text), *spoken.products(found, text)]
        self.numbers = [*found, *spoken.number_words(text, said, family)]

    def has(self, word: str) -> bool:
        return word[:STEM] in self.beginnings if len(word) >= STEM else word in self.close
