"""The `forbidden` check: words the merchant banned, and signs that the text speaks for somebody else.

`banned` lists and finds the banned words. `talk` finds what a model says to its prompter. `links` finds addresses that
are not the shop's.
"""

from __future__ import annotations

import re
from typing import Any

from writing import injection, rules
from writing.checks import banned, links, talk
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


def check(fields: list[Field], facts: Facts, settings: WritingSettings) -> dict[str, Any]:
    findings: list[dict[str, Any]] = []
    listed = (*settings.forbidden_words, *rules.forbidden(settings.rules))
    terms = banned.terms(listed, settings.custom_instructions)
    mark = canary()
    everything = "\n".join(field.text for field in fields)
    suspect = mark in everything or _suspect(everything) or injection.is_suspicious(everything)
    known = links.Known(facts, settings)
    for field in fields:
        findings += [
            {"field": field.name, "detail": _named(term, found), "text": term, "found": found, "code": "banned_word"}
            for term, found in banned.find(field.text, terms, settings.language)
        ]
        signs = _signs(field, known, mark) if suspect or mark in field.raw else []
        if field.row.role is Role.PROSE and (said := talk.find(field.text, settings.language)):
            signs.append(("model_talk", said, _talks(said)))
        if "href" in field.raw.lower():
            signs += links.in_markup(field.raw, known)
        findings += [
            {"field": field.name, "detail": detail, "text": value, "code": code}
            for code, value, detail in dict.fromkeys(signs)
        ]
    if not findings:
        return {"id": "forbidden", "passed": True, "detail": "No forbidden words and nothing foreign.", "findings": []}
    return {
        "id": "forbidden",
        "passed": False,
        "detail": f"{findings[0]['field']}: {findings[0]['detail']}",
        "findings": findings,
    }


def _named(term: str, found: str) -> str:
    return (
        f"“{term}” must not appear."
        if found.lower() == term.lower()
        else f"“{term}” must not appear, as “{found}” does."
    )


def _talks(said: str) -> str:
    return f"“{said}” is the model speaking, not the shop."


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
        found.append(("leaked_prompt", mark, "The text repeats what only the prompt holds."))
    if injection.is_suspicious(text):
        found.append(("injection", text[:60], "The text contains orders to a model."))
    if match := _MODEL_TALK.search(text):
        found.append(("model_talk", match[0], _talks(match[0])))
    return [*found, *links.in_text(text, known)]
