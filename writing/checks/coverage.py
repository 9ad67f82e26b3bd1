"""The `coverage` check: how much of what the source states reached the text."""

from __future__ import annotations

from typing import Any

from scribe.language import detector
from scribe.language.detector import family
from writing.checks import lexicon, numbers, sources
from writing.checks.fields import Field
from writing.checks.words import fold, latin
from writing.facts import Facts
from writing.fields import Role
from writing.settings import WritingSettings

NEEDED = 0.5
STEM = 5  # letters by which an inflected word is known again
PER_FACT = 90  # characters of text in which one fact has room
_SKIPPED = ("price", "sku", "gtin", "ean", "barcode", "upc", "mpn", "id", "status", "tax", "variant")


def check(fields: list[Field], facts: Facts, settings: WritingSettings) -> tuple[dict[str, Any], float]:
    """The check, and the share of the source's attributes that the text mentions, of those it has room for.

    An attribute whose value is neither a number nor a word of the tables can't be recognised in a translation: it is
    left out of the sum when source and text differ in language.
    """
    wanted = {**facts.attributes, **facts.other}
    wanted = {key: value for key, value in wanted.items() if not any(word in key.lower() for word in _SKIPPED)}
    if not wanted:
        return {"id": "coverage", "passed": "na", "detail": "The source has no attributes.", "findings": []}, 1.0
    text = "\n".join(field.text for field in fields if field.row.role is not Role.KEYWORDS)
    said = sources.build({"text": text})
    beginnings = frozenset(word[:length] for word in said.words for length in range(1, STEM + 1))
    translated = _translated(facts, settings)
    covered: list[str] = []
    missing: list[dict[str, Any]] = []
    for key, value in wanted.items():
        state = _covered(key, value, said, beginnings, translated=translated)
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
        else "The attributes cannot be recognised in a translation."
    )
    return {"id": "coverage", "passed": passed, "detail": detail, "findings": missing[:20]}, share


def _translated(facts: Facts, settings: WritingSettings) -> bool:
    source = facts.cache.get("language")
    if source is None:
        source = facts.cache["language"] = detector.detect(
            " ".join([facts.description or facts.short_description, facts.name])
        )
    return source != family(settings.language)


def _covered(key: str, value: str, said: sources.Index, beginnings: frozenset[str], *, translated: bool) -> bool | None:
    """Whether the value is in the text; None where it cannot be told. `beginnings` are those of the text's words."""
    words = lexicon.tokens(value)
    found, codes = numbers.find(value)
    if found:
        hits = sum(any(numbers.agree(number, said.numbers[at][0]) for at in said.near(number)) for number in found)
        return hits * 2 >= len(found)
    if codes:
        return any(said.code(code) is not None for code in codes)
    concepts = [match.concept for match in lexicon.everywhere(value, words)]
    if any(concept in said.concepts or concept in said.negated for concept in concepts):
        return True
    named = [match.concept for match in lexicon.everywhere(key, lexicon.tokens(key))]
    if any(concept in said.concepts for concept in named):
        return True
    stems = [fold(word.text)[:STEM] for word in words if len(word.text) > 2] or [fold(word.text) for word in words]
    if any(stem in beginnings for stem in stems):
        return True
    if any(latin(word.text)[:STEM] in beginnings for word in words if len(word.text) > 3):
        return True
    return None if translated and not concepts else False
