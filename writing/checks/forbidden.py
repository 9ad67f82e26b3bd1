"""The `forbidden` check: words the merchant banned, and signs that the text speaks for somebody else.

`banned` lists and finds the banned words. `talk` finds what a model says to its prompter. `links` finds addresses that
are not the shop's.
"""

import re

from scribe.messages import _
from scribe.types import Json
from writing import injection, rules
from writing.checks import banned, links, model_talk
from writing.checks.fields import Field
from writing.facts import Facts
from writing.fields import Role
from writing.prompts import canary
from writing.settings import WritingSettings

_MODEL_TALK = re.compile(
    r"\bas an ai\b|\bas a language model\b|\bi (?:cannot|can't|am unable to)\b|\bi'm sorry\b|\bi am sorry\b|\bhere (?:is|are) (?:the|your) (?:product|description|json)\b|"
    r"\bals (?:ki|sprachmodell)\b|\ben tant qu.(?:ia|intelligence)\b|\bcomo (?:ia|modelo de lenguaje)\b|\bkao (?:ai|jezički) model\b|"
    r"\bthe (?:json|data) (?:below|above|provided)\b|\bit contains no instructions\b|\blorem ipsum\b|\[(?:insert|your|brand|product)[^\]]{0,30}\]|\{\{[^{}]*\}\}",
    re.I,
)

# A cheap test of the whole text. Most texts do not match and need no further search.
_HOST_LIKE = re.compile(r"://|www\.|[a-z0-9-]\.(?:[a-z]{2,6})\b", re.I)
_DIGITS_LIKE = re.compile(r"\+?\d[\d /()-]{7,}")
_TALK_LIKE = (
    "as an ai",
    "as a language",
    "i can",
    "unable",
    "sorry",
    "here is",
    "here are",
    "als ki",
    "als sprach",
    "tant qu",
    "como ia",
    "como modelo",
    "kao ai",
    "kao jezi",
    "json",
    "the data",
    "no instructions",
    "lorem",
    "[",
    "{{",
)


def check(fields: list[Field], facts: Facts, settings: WritingSettings) -> Json:
    findings: list[Json] = []
    listed = (*settings.forbidden_words, *rules.forbidden(settings.rules))
    terms = banned.terms(listed, settings.instructions)
    mark = canary()
    everything = "\n".join(field.text for field in fields)
    suspect = mark in everything or _suspect(everything) or injection.is_suspicious(everything)
    known = links.Known(facts, settings)
    for field in fields:
        findings += [
            {
                "field": field.name,
                "detail": _describe_term(term, found),
                "text": term,
                "found": found,
                "code": "banned_word",
            }
            for term, found in banned.find(field.text, terms, settings.language)
        ]
        signs = _signs(field, known, mark) if suspect or mark in field.raw else []
        if field.row.role is Role.PROSE and (said := model_talk.find(field.text, settings.language)):
            signs.append(("model_talk", said, _talks(said)))
        if "href" in field.raw.lower():
            signs += links.in_markup(field.raw, known)
        findings += [
            {"field": field.name, "detail": detail, "text": value, "code": code}
            for code, value, detail in dict.fromkeys(signs)
        ]
    detail = _("No forbidden words and nothing foreign.")
    if findings:
        detail = _("{field}: {detail}", field=findings[0]["field"], detail=findings[0]["detail"])
    return {"id": "forbidden", "passed": not findings, "detail": detail, "findings": findings}


def _describe_term(term: str, found: str) -> str:
    return (
        _("“{term}” must not appear.", term=term)
        if found.lower() == term.lower()
        else _("“{term}” must not appear, as “{found}” does.", term=term, found=found)
    )


def _talks(said: str) -> str:
    return _("“{said}” is the model speaking, not the store.", said=said)


def _suspect(text: str) -> bool:
    lowered = text.lower()
    return (
        "@" in text
        or _HOST_LIKE.search(text) is not None
        or _DIGITS_LIKE.search(text) is not None
        or any(talk in lowered for talk in _TALK_LIKE)
    )


def _signs(field: Field, known: links.Known, mark: str) -> list[links.Sign]:
    text = field.text
    found: list[links.Sign] = []
    if mark in text or mark in field.raw:
        found.append(("leaked_prompt", mark, _("The text repeats what only the prompt holds.")))
    if injection.is_suspicious(text):
        found.append(("injection", text[:60], _("The text contains orders to a model.")))
    if said := next((m[0] for m in _MODEL_TALK.finditer(text) if not _is_placeholder_of(m[0], known)), ""):
        found.append(("model_talk", said, _talks(said)))
    return [*found, *links.in_text(text, known)]


def _is_placeholder_of(said: str, known: links.Known) -> bool:
    """Whether `said` is a placeholder that the source has as well, such as the name of a gift card's receiver."""
    return said.startswith("{{") and said.lower() in known.text
