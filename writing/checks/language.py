"""The `language` check: is the text in the language that was asked for?"""

from __future__ import annotations

import re
from typing import Any

from scribe.language import detector
from writing.checks.fields import Field
from writing.facts import Facts
from writing.fields import Role

LONG = 160  # characters from which a field is judged alone
_WORD = re.compile(r"[^\W\d_]+")


def check(fields: list[Field], facts: Facts, language: str) -> dict[str, Any]:
    """Judges all prose together, then each long field alone; `na` where the detector cannot tell.

    Names and values of the source may stand untranslated in any text: what speaks against the language is judged once
    more without them.
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
    if findings:
        return {"id": "language", "passed": False, "detail": findings[0]["detail"], "findings": findings}
    passed: bool | str = "na" if whole.fits is None else True
    return {"id": "language", "passed": passed, "detail": whole.detail, "findings": []}


def judged(text: str, facts: Facts, language: str) -> detector.Judgement:
    first = detector.judge(text, language)
    if first.fits is not False:
        return first
    quoted = _quoted(facts)
    rest = _WORD.sub(lambda match: "" if match[0].lower() in quoted else match[0], text)
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
