"""The `coverage` check: how much of what the source states reached the text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from scribe.language import detector
from scribe.language.detector import family
from writing.checks import lexicon, numbers, sources
from writing.checks.fields import Field
from writing.checks.index import Index
from writing.checks.tables import table
from writing.checks.words import fold, latin
from writing.facts import Facts
from writing.fields import Role
from writing.settings import WritingSettings

NEEDED = 0.5
STEM = 5  # first letters by which an inflected word is recognised
NAME = 4  # the same for a property's name: "Teile" in "7-teilig"
INFLECTED = 2  # letters that a form of a short word adds
TELLING = 100  # from here on, a text rarely has a number without a unit by chance
PER_FACT = 90  # characters of text that one fact needs
_SKIPPED = ("price", "sku", "gtin", "ean", "barcode", "upc", "mpn", "id", "status", "tax", "variant")


def check(fields: list[Field], facts: Facts, settings: WritingSettings) -> tuple[dict[str, Any], float]:
    """Return the check, and the share (0 to 1) of attributes that the text mentions, of those it has room for.

    A text in another language than the source hides an attribute whose value is neither a number nor a word of its
    tables. Such an attribute is not counted. A translation can only say what its original says, so the others are not
    counted there; its numbers are compared by the check `translation`.
    """
    wanted = {**facts.attributes, **facts.other}
    wanted = {key: value for key, value in wanted.items() if not any(word in key.lower() for word in _SKIPPED)}
    if not wanted:
        return {"id": "coverage", "passed": "na", "detail": "The source has no attributes.", "findings": []}, 1.0
    text = "\n".join(field.text for field in fields if field.row.role is not Role.KEYWORDS)
    said = sources.said(text)
    heads = _Heads(said.words)
    other_language = translated(facts, settings)
    if facts.original is not None:
        wanted = _in_original(wanted, facts)
    covered: list[str] = []
    missing: list[dict[str, Any]] = []
    for key, value in wanted.items():
        state = _covered(key, value, said, heads, translated=other_language)
        if state is False and other_language and not _judged(value, facts, settings):
            state = None
        if state:
            covered.append(key)
        elif state is False:
            missing.append(
                {
                    "field": "description",
                    "detail": f"“{key}: {value[:80]}” is not mentioned.",
                    "text": key,
                    "value": value[:120],
                }
            )
    judged = len(covered) + len(missing)
    room = max(1, min(judged, len(text) // PER_FACT + 1))
    share = min(1.0, len(covered) / room) if judged else 1.0
    passed: bool | str = share >= NEEDED if judged else "na"
    detail = (
        f"{len(covered)} of {judged} attributes are mentioned."
        if judged
        else "The attributes cannot be recognised in this language."
    )
    return {"id": "coverage", "passed": passed, "detail": detail, "findings": missing[:20]}, share


def _in_original(wanted: dict[str, str], facts: Facts) -> dict[str, str]:
    """Those of the attributes that the text which is translated mentions."""
    said = sources.said("\n".join(sources.original_fields(facts).values()))
    heads = _Heads(said.words)
    return {key: value for key, value in wanted.items() if _covered(key, value, said, heads, translated=True)}


def _judged(value: str, facts: Facts, settings: WritingSettings) -> bool:
    """Whether its absence from a text in another language can be told: full tables have a word for it there, or it is a
    number. Languages without tables often join those to their words."""
    spoken = family(settings.language)
    worded = lexicon.concepts_of(spoken)
    if numbers.find(value)[0]:
        return bool(worded) and facts.original is None
    known = worded if spoken in lexicon.FAMILIES else frozenset()
    return any(match.concept in known for match in lexicon.everywhere(value, lexicon.tokens(value)))


def translated(facts: Facts, settings: WritingSettings) -> bool:
    """Whether the text is in another language than the source."""
    source = facts.cache.get("language")
    if source is None:
        source = facts.cache["language"] = detector.detect(
            " ".join([facts.description or facts.short_description, facts.name])
        )
    return source != family(settings.language)


def _covered(key: str, value: str, said: Index, heads: _Heads, *, translated: bool) -> bool | None:
    """Whether the value is in the text. None if a translation makes it impossible to tell."""
    words = lexicon.tokens(value)
    found, codes = numbers.find(value)
    if found:
        hits = sum(any(numbers.agree(number, said.numbers[at][0]) for at in said.near(number)) for number in found)
        counted = any(number.unit or max(number.values) >= TELLING for number in found)
        return hits * 2 >= len(found) and (counted or translated or _named(key, heads))
    if codes:
        return any(said.code(code) is not None for code in codes)
    concepts = [match.concept for match in lexicon.everywhere(value, words)]
    if any(concept in said.concepts or concept in said.negated for concept in concepts):
        return True
    if _says_yes_or_no(value):
        named = [match.concept for match in lexicon.everywhere(key, lexicon.tokens(key))]
        return (
            any(concept in said.concepts or concept in said.negated for concept in named) or _named(key, heads) or None
        )
    telling = [word.text for word in words if len(word.text) > 2 and word.text.lower() not in detector.common_words()]
    telling = telling or [word.text for word in words]
    hits = sum(heads.has(fold(word)) or (len(word) > 3 and heads.has(latin(word))) for word in telling)
    if telling and hits * 3 >= len(telling):
        return True
    return None if translated and not concepts else False


def _named(key: str, heads: _Heads) -> bool:
    """Whether the text names the property. A "7" alone does not say that there are seven pieces."""
    return any(fold(word.text)[:NAME] in heads.beginnings for word in lexicon.tokens(key) if len(word.text) > 2)


def _says_yes_or_no(value: str) -> bool:
    return value.strip().lower() in _yes_and_no()


@cache
def _yes_and_no() -> frozenset[str]:
    yes = "yes ja oui sí si sim tak да da true 1 x"
    return frozenset((*yes.split(), *str(table("words")["no_values"]).split()))


class _Heads:
    """The beginnings of a text's words. A long word ("rotierend") is not a form of a short one ("rot")."""

    def __init__(self, words: Iterable[str]) -> None:
        self.beginnings = frozenset(word[:length] for word in words for length in range(NAME, STEM + 1))
        self.close = frozenset(word[: len(word) - end] for word in words for end in range(INFLECTED + 1))

    def has(self, word: str) -> bool:
        return word[:STEM] in self.beginnings if len(word) >= STEM else word in self.close
