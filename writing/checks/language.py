"""The `language` check: is the text in the language that was asked for, as a whole and in each sentence?"""

from __future__ import annotations

import re
from itertools import islice
from textwrap import shorten
from typing import Any

from scribe.language import detector
from scribe.language.detector import family
from writing.checks import foreign
from writing.checks.fields import Field
from writing.facts import Facts
from writing.fields import Role

LONG = 160  # characters from which a field is judged alone
MOST_SENTENCES = 20  # foreign sentences that are reported
_WORD = re.compile(r"[^\W\d_]+")


def check(fields: list[Field], facts: Facts, language: str) -> dict[str, Any]:
    """Judge all prose together, then each long field alone, then each sentence. `na` if the detector cannot tell.

    Names and values of the source, and quotations, may stay untranslated in any text. Prose that seems to be in another
    language is judged again without them.
    """
    prose = [field for field in fields if field.row.role is Role.PROSE]
    whole = judged("\n".join(field.text for field in prose), facts, language)
    findings = []
    for field in prose:
        if len(field.text) >= LONG:
            alone = judged(field.text, facts, language)
            if alone.fits is False:
                findings.append({"field": field.name, "detail": alone.detail, "seen": alone.seen})
    if whole.fits is False and not findings:
        findings.append({"field": "text", "detail": whole.detail, "seen": whole.seen})
    if not findings:
        findings = _sentences(prose, facts, language)
    if findings:
        return {"id": "language", "passed": False, "detail": findings[0]["detail"], "findings": findings}
    passed: bool | str = "na" if whole.fits is None else True
    return {"id": "language", "passed": passed, "detail": whole.detail, "findings": []}


def _sentences(prose: list[Field], facts: Facts, language: str) -> list[dict[str, Any]]:
    named = _quoted(facts)
    found = ((field, *pair) for field in prose for pair in foreign.sentences(field.text, language, named))
    return [
        {
            "field": field.name,
            "detail": f"“{shorten(text, 80, placeholder='…')}” reads as “{seen}”, not as “{family(language)}”.",
            "seen": seen,
            "text": text,
        }
        for field, text, seen in islice(found, MOST_SENTENCES)
    ]


def judged(text: str, facts: Facts, language: str) -> detector.Judgement:
    first = detector.judge(text, language)
    if first.fits is not False:
        return first
    quoted = _quoted(facts)
    said = foreign.QUOTES.sub(" ", text)
    rest = _WORD.sub(lambda match: "" if match[0].lower() in quoted else match[0], said)
    return detector.judge(rest, language)


def _quoted(facts: Facts) -> frozenset[str]:
    """The words of the source's names and values, in lower case."""
    found: frozenset[str] | None = facts.cache.get("quoted")
    if found is None:
        named = [
            facts.name,
            *facts.categories,
            *facts.tags,
            *facts.attributes,
            *facts.attributes.values(),
            *facts.other.values(),
        ]
        found = frozenset(word.lower() for text in named for word in _WORD.findall(text))
        facts.cache["quoted"] = found
    return found
