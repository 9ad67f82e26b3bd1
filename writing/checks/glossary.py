"""The `glossary` check: whether a text says the merchant's terms with the merchant's words.

A term counts where the source names it. Its word is found by a listed form, by the rules for the forms of a word
(`wordforms`: stems, endings, both scripts of Serbian), and in German and its relatives at the end of a compound. A word
that may not stand for a term is an error and fails the check. A term whose word is missing is a warning.
"""

from __future__ import annotations

import re
from typing import Any

from writing import glossary as glossaries
from writing.checks import banned, wordforms
from writing.checks.fields import Field
from writing.checks.words import fold
from writing.facts import Facts
from writing.glossary import Glossary, Term

ID = "glossary"
COMPOUNDING = frozenset(["de", "nl", "sv", "da", "no", "is", "fi", "hu", "et"])
LEAST_END = 4  # letters of a word that may end a compound


def named(facts: Facts, glossary: Glossary) -> tuple[Term, ...]:
    """The terms of `glossary` that the source names. Linear in the source and in the terms."""
    if not glossary:
        return ()
    source = "\n".join(facts.fields.values())
    by_language: dict[str, list[Term]] = {}
    found = set()
    for term in glossary.terms:
        if not (term.kept or term.case_sensitive):
            by_language.setdefault(term.language, []).append(term)
        elif re.search(rf"(?<!\w){re.escape(term.text)}(?!\w)", source):
            found.add(term)
    for language, terms in by_language.items():
        said = {text for text, _ in banned.find(source, tuple(term.text for term in terms), language)}
        found |= {term for term in terms if term.text in said}
    return tuple(term for term in glossary.terms if term in found)


def told(facts: Facts, glossary: Glossary) -> str:
    """What a prompt says of the terms that the source names, or ""."""
    return glossaries.told(named(facts, glossary))


def check(fields: list[Field], facts: Facts, glossary: Glossary, language: str) -> dict[str, Any]:
    """The check's row. Its `counts` are of the terms that the source names: `named`, and those whose word is `used`."""
    worded = [term for term in named(facts, glossary) if term.target]
    everything = "\n".join(field.text for field in fields)
    missed = [term for term in worded if not says(everything, term, language)]
    errors = [finding for field in fields for finding in _forbidden(field, glossary, language)]
    warnings = [_missing(term, fields) for term in missed]
    counts = {"named": len(worded), "used": len(worded) - len(missed)}
    if errors:
        detail = f"{errors[0]['field']}: {errors[0]['detail']}"
    elif missed:
        detail = f"{counts['used']} of {counts['named']} terms have the glossary's word."
    else:
        detail = "Every term has the glossary's word."
    return {
        "id": ID,
        "passed": not errors if worded or errors else "na",
        "detail": detail if worded or errors else "The source names no term of the glossary.",
        "findings": [*errors, *warnings],
        "counts": counts,
    }


def says(text: str, term: Term, language: str) -> str:
    """How `text` says the word of `term` in `language`, or ""."""
    if term.kept or term.case_sensitive:
        found = re.search(rf"(?<!\w){re.escape(term.target)}(?!\w)", text)
        return found[0] if found else ""
    lowered = fold(text.lower())
    for form in term.forms:
        if re.search(rf"(?<!\w){re.escape(fold(form.lower()))}(?!\w)", lowered):
            return form
    for _, found_as in banned.find(text, (term.target,), language):
        return found_as
    return _compound(text, term.target, language)


def _compound(text: str, word: str, language: str) -> str:
    """The compound of `text` that ends with a form of `word`: “Reiserucksack” for “Rucksack”."""
    end = fold(word.lower())
    if language not in COMPOUNDING or " " in word or len(end) < LEAST_END:
        return ""
    for found in wordforms.WORD.findall(text):
        whole = fold(found.lower())
        at = whole.rfind(end)
        if at > 2 and len(whole) - at - len(end) <= 3:
            return str(found)
    return ""


def _forbidden(field: Field, glossary: Glossary, language: str) -> list[dict[str, Any]]:
    found = []
    for term in glossary.terms:
        for word, said in banned.find(field.text, term.forbidden, language):
            instead = f" The glossary says “{term.target}”." if term.target else ""
            found.append(
                {
                    "field": field.name,
                    "detail": f"“{said}” may not stand for “{term.text}”.{instead}",
                    "text": word,
                    "found": said,
                    "code": "forbidden_term",
                    "level": "error",
                    **_place(field.text, said),
                }
            )
    return found


def _missing(term: Term, fields: list[Field]) -> dict[str, Any]:
    detail = f"The source names “{term.text}”; the glossary's word “{term.target}” is missing."
    return {
        "field": fields[0].name if fields else "name",
        "detail": detail,
        "text": term.target,
        "code": "missing_term",
        "level": "warning",
    }


def _place(text: str, said: str) -> dict[str, int]:
    """Where `text` says it, in characters."""
    at = text.find(said)
    return {"start": at, "end": at + len(said)} if at >= 0 else {}
