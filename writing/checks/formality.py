"""The `formality` check: whether a text addresses its reader as the merchant's setting for the language says.

A word counts that addresses the reader in the other form, such as “du” where “Sie” is asked for. Forms of verbs are
not looked at. A word that German, Italian or Polish only capitalise to be polite does not count where a sentence
begins, and no word counts that is part of the product's name.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import regex

from scribe.language.detector import family
from scribe.messages import _
from scribe.types import Json
from writing.checks.fields import Field
from writing.checks.tables import table
from writing.facts import Facts
from writing.fields import Form, Role
from writing.settings import WritingSettings

ID = "formality"
FORMAL, INFORMAL = "formal", "informal"
MOST_FINDINGS = 20
NEAR = 12  # characters before a word that say whether a sentence begins
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_BEFORE = " \t\u00a0\"'„“”«»‚‘’(–—-•¡¿"  # what may stand between a sentence's end and the next one's first word
_ENDS = ".!?…:;\n"
_OTHER = {FORMAL: INFORMAL, INFORMAL: FORMAL}


class _Address(NamedTuple):
    """How a language addresses the reader in one form: the word by which it is known, words in lower case, words that
    count with their capital, and signs that are no words of their own."""

    say: str
    words: frozenset[str]
    capitals: frozenset[str]
    signs: frozenset[str]


@cache
def _address(language: str, formality: str) -> _Address | None:
    rows = table(ID)
    row = (rows.get(language) or rows.get(family(language)) or {}).get(formality)
    if row is None:
        return None
    listed = (frozenset(str(row.get(name, "")).split()) for name in ("words", "capitals", "signs"))
    return _Address(row["say"], *listed)


def request(settings: WritingSettings) -> str:
    """What a writer is told, or "" where nothing is set or the language has one form alone."""
    asked, other = (
        _address(settings.language, one) for one in (settings.formality, _OTHER.get(settings.formality, ""))
    )
    if asked is None or other is None:
        return ""
    return f"Address the reader in the {settings.formality} form (“{asked.say}”), never as “{other.say}”."


def check(fields: list[Field], facts: Facts, settings: WritingSettings) -> Json | None:
    """The check's row, or None where nothing is set or the language has one form alone."""
    other = _address(settings.language, _OTHER.get(settings.formality, ""))
    if other is None:
        return None
    named = frozenset(_WORD.findall(facts.name))
    prose = (field for field in fields if field.row.role is Role.PROSE and field.row.form is not Form.NAME)
    findings = [
        _finding(field, start, word, settings.formality)
        for field in prose
        for start, word in _words_of_address(field.text, other)
        if word not in named
    ][:MOST_FINDINGS]
    detail = (
        _("{field}: {detail}", field=findings[0]["field"], detail=findings[0]["detail"])
        if findings
        else _("The reader is addressed as the settings say.")
    )
    return {"id": ID, "passed": not findings, "detail": detail, "findings": findings}


def _words_of_address(text: str, form: _Address) -> Iterator[tuple[int, str]]:
    """The words of `text` that address the reader in this form, with their places."""
    for match in _WORD.finditer(text):
        word, start = match[0], match.start()
        before = text[max(0, start - NEAR) : start]
        if (word.isupper() and len(word) > 1) or before.rstrip()[-1:].isdigit():
            continue  # an abbreviation, or the unit of a number
        if word.lower() in form.words or (word in form.capitals and not _begins_after(before)):
            yield start, word
        elif form.signs and (sign := next((sign for sign in form.signs if sign in word), "")):
            yield start + word.index(sign), sign


def _begins_after(before: str) -> bool:
    """Whether a sentence or a line begins after these characters."""
    before = before.rstrip(_BEFORE)
    return not before or before[-1] in _ENDS


def _finding(field: Field, start: int, word: str, formality: str) -> Json:
    detail = (
        _("“{text}” addresses the reader informally.", text=word)
        if formality == FORMAL
        else _("“{text}” addresses the reader formally.", text=word)
    )
    return {
        "field": field.name,
        "detail": detail,
        "text": word,
        "start": start,
        "end": start + len(word),
        "level": "error",
    }
