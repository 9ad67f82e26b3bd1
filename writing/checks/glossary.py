"""The `glossary` check: whether a text says the merchant's terms with the merchant's words.

A term counts where the source names it. Its word is found by a listed form, by the rules for the forms of a word
(`wordforms`: stems, endings, both scripts of Serbian), and in German and its relatives at the end of a compound. A word
that may not stand for a term is an error and fails the check. A term whose word is missing is a warning.
"""

import re
from collections.abc import Collection, Iterable

from scribe.language.detector import family
from scribe.messages import _
from scribe.types import Json
from writing import glossary as glossaries
from writing.checks import banned, wordforms
from writing.checks.fields import Field
from writing.checks.sources import original_fields
from writing.checks.words import fold
from writing.facts import Facts
from writing.glossary import Glossary, Term

ID = "glossary"
COMPOUNDING = frozenset(["de", "nl", "sv", "da", "no", "is", "fi", "hu", "et"])
LEAST_END = 4  # letters of a word that may end a compound


def terms_in_source(facts: Facts, glossary: Glossary) -> tuple[Term, ...]:
    """The terms of `glossary` that the source names, or the text that is translated."""
    if not glossary:
        return ()
    source = "\n".join([*facts.fields.values(), *original_fields(facts).values()])
    by_language: dict[str, list[Term]] = {}
    found = set()
    for term in glossary.terms:
        if not (term.kept or term.case_sensitive):
            by_language.setdefault(term.language, []).append(term)
        elif _stands(term.text, source):
            found.add(term)
    for language, terms in by_language.items():
        said = {text for text, _ in _index(glossary, "terms", language, [term.text for term in terms]).find(source)}
        found |= {term for term in terms if term.text in said}
    return tuple(term for term in glossary.terms if term in found)


def _index(glossary: Glossary, words_of: str, language: str, words: Iterable[str]) -> banned.TermIndex:
    """The index of `words`, kept with the glossary, so that a text costs by its own length."""
    found = glossary.indexes.get((words_of, language))
    if found is None:
        found = glossary.indexes[words_of, language] = banned.TermIndex(tuple(dict.fromkeys(words)), language)
    return found


def prompt_text(facts: Facts, glossary: Glossary) -> str:
    """What a prompt says of the terms that the source names, or ""."""
    return glossaries.prompt_text(terms_in_source(facts, glossary))


def check(fields: list[Field], facts: Facts, glossary: Glossary, language: str) -> Json:
    """The check's row. Its `counts` are of the terms that the source names: `named`, and those whose word is `used`."""
    worded = [term for term in terms_in_source(facts, glossary) if term.target]
    used = saying("\n".join(field.text for field in fields), worded, language)
    missed = [term for term in worded if term not in used]
    errors = [finding for field in fields for finding in _forbidden(field, glossary, language)]
    warnings = [_missing(term, fields) for term in missed]
    counts = {"named": len(worded), "used": len(worded) - len(missed)}
    if errors:
        detail = _("{field}: {detail}", field=errors[0]["field"], detail=errors[0]["detail"])
    elif missed:
        detail = _("{used} of {named} terms have the glossary's word.", used=counts["used"], named=counts["named"])
    else:
        detail = _("Every term has the glossary's word.")
    return {
        "id": ID,
        "passed": not errors if worded or errors else "na",
        "detail": detail if worded or errors else _("The source names no term of the glossary."),
        "findings": [*errors, *warnings],
        "counts": counts,
    }


def saying(text: str, terms: Collection[Term], language: str) -> set[Term]:
    """Those of `terms` whose word `text` says."""
    literal = {term for term in terms if term.kept or term.case_sensitive}
    found = {term for term in literal if _stands(term.target, text)}
    others = [term for term in terms if term not in literal]
    said = {word for word, _ in banned.find(text, tuple(term.target for term in others), language)}
    lowered = fold(text.lower())
    words = {fold(word.lower()) for word in wordforms.WORD.findall(text)} if family(language) in COMPOUNDING else set()
    found |= {
        term
        for term in others
        if term.target in said
        or any(_stands(fold(form.lower()), lowered) for form in term.forms)
        or _ends_compound(term.target, words)
    }
    return found


def _stands(word: str, text: str) -> bool:
    """Whether `text` has `word` letter by letter, and not as a part of another word."""
    return word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _ends_compound(target: str, words: Iterable[str]) -> bool:
    """Whether one of the folded `words` ends with a form of `target`: “Reiserucksack” for “Rucksack”."""
    end = fold(target.lower())
    if " " in end or len(end) < LEAST_END:
        return False
    return any((at := word.rfind(end)) > 2 and len(word) - at - len(end) <= 3 for word in words)


def _forbidden(field: Field, glossary: Glossary, language: str) -> list[Json]:
    return [
        {
            "field": field.name,
            "detail": _(
                "“{said}” may not stand for “{text}”. The glossary says “{target}”.",
                said=said,
                text=term.text,
                target=term.target,
            )
            if term.target
            else _("“{said}” may not stand for “{text}”.", said=said, text=term.text),
            "text": word,
            "found": said,
            "code": "forbidden_term",
            "level": "error",
            **_place(field.text, said),
        }
        for word, said in _index(glossary, "forbidden", language, glossary.forbidden).find(field.text)
        for term in glossary.forbidding[word]
    ]


def _missing(term: Term, fields: list[Field]) -> Json:
    detail = _(
        "The source names “{text}”; the glossary's word “{target}” is missing.", text=term.text, target=term.target
    )
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
