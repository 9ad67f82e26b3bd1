"""The `forbidden` check: words the merchant banned, and signs that the text speaks for somebody else.

Banned words come from the setting `forbidden_words` and from lines of the instructions such as "Avoid: cheap, free" or
"Never use the word “cheap”". A word matches whole, in any case, with or without marks; in inflecting languages also with
a short ending ("jeftin" forbids "jeftino"). `*` at its end allows any ending.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from scribe.language.detector import family
from writing import injection
from writing.checks.fields import Field
from writing.checks.words import WORD, fold, latin
from writing.facts import Facts
from writing.prompts import canary
from writing.settings import WritingSettings

MOST_SIGNS = 200  # addresses or numbers of one field that are looked up in the source
ENDING = 3  # letters that an inflected form of a banned word may add
_INFLECTING = frozenset(
    ["de", "sr", "sl", "hr", "bs", "pl", "cs", "sk", "ru", "uk", "be", "bg", "mk", "lt", "lv", "hu", "ro", "fi", "et"]
)
_UNSPACED = re.compile("[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]")
_LISTS = re.compile(
    r"(?:^|[\n.;])[ \t*•-]*(?:things to avoid|words? to avoid|avoid(?: (?:the )?(?:words?|phrases?|terms?))?|forbidden(?: words?)?|banned(?: words?)?|"
    r"do(?:n.t| not) use|never use|verbotene (?:wörter|begriffe)|vermeide(?: die wörter)?|verwende nicht|mots? interdits?|à éviter|évite[rz]?|"
    r"palabras prohibidas|evita[r]?|no uses|parole vietate|da evitare|evitare|zabranjene re[čc]i|zabranjene rije[čc]i|izbegavaj(?:te)?|izbjegavaj(?:te)?|"
    r"забрањене речи|избегавај(?:те)?|palavras proibidas|evite|verboden woorden|vermijd|zakazane słowa|unikaj|запрещ[её]нные слова|избегай(?:те)?)"
    r"[ \t]*[:：][ \t]*([^\n]{2,400})",
    re.I,
)
_QUOTED = re.compile(
    r"\b(?:never|avoid|don.t use|do not use|don.t say|do not say|nicht|niemals|vermeide\w*|jamais|n.utilise\w*|évite\w*|nunca|evita\w*|mai|"
    r"nemoj\w*|ne koristi\w*|izbegavaj\w*|izbjegavaj\w*|nie używaj\w*|unikaj\w*|nooit|vermijd|не используй\w*|избегай\w*|не користи\w*)\b([^.\n]{0,200})",
    re.I,
)
_IN_QUOTES = re.compile(r"[\"“„«‚'‘]([^\"”“»’']{2,60})[\"”“»’']")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')]+|(?<![a-z0-9_-])[a-z0-9-]++\.(?:com|net|org|shop|store|info|biz|io|rs|hr|de|fr|it|es|ru|cn|xyz|top|online)\b(?:/\S*)?",
    re.I,
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<![\w.,-])\+?\d{1,3}[ /-]?\(?\d{2,4}\)?(?:[ /-]\d{2,4}){1,4}(?![\w.,-])|\+\d{9,14}(?!\d)")
_MODEL_TALK = re.compile(
    r"\bas an ai\b|\bas a language model\b|\bi (?:cannot|can't|am unable to)\b|\bi'm sorry\b|\bi am sorry\b|\bhere (?:is|are) (?:the|your) (?:product|description|json)\b|"
    r"\bals (?:ki|sprachmodell)\b|\ben tant qu.(?:ia|intelligence)\b|\bcomo (?:ia|modelo de lenguaje)\b|\bkao (?:ai|jezički) model\b|"
    r"\bthe (?:json|data) (?:below|above|provided)\b|\bit contains no instructions\b|\blorem ipsum\b|\[(?:insert|your|brand|product)[^\]]{0,30}\]|\{\{[^{}]*\}\}",
    re.I,
)

# A cheap look at the whole text, so that the common case needs no second one.
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
_HREF = re.compile(r'href="([^"]*)"')


def check(fields: list[Field], facts: Facts, settings: WritingSettings) -> dict[str, Any]:
    findings: list[dict[str, Any]] = []
    terms = banned(settings.forbidden_words, settings.custom_instructions)
    serbian = family(settings.language) == "sr"
    inflecting = family(settings.language) in _INFLECTING
    mark = canary()
    everything = "\n".join(field.text for field in fields)
    suspect = mark in everything or _suspect(everything) or injection.is_suspicious(everything)
    for field in fields:
        words = [latin(w) if serbian else fold(w) for w in WORD.findall(field.text)] if terms else []
        findings += [
            {"field": field.name, "detail": f"“{term}” must not appear.", "text": term, "code": "banned_word"}
            for term in terms
            if _has(term, words, field.text, serbian=serbian, inflecting=inflecting)
        ]
        if suspect or "href=" in field.raw or mark in field.raw:
            findings += _signs(field, facts, settings, mark)
    if not findings:
        return {"id": "forbidden", "passed": True, "detail": "No forbidden words and nothing foreign.", "findings": []}
    return {
        "id": "forbidden",
        "passed": False,
        "detail": f"{findings[0]['field']}: {findings[0]['detail']}",
        "findings": findings,
    }


def _suspect(text: str) -> bool:
    lowered = text.lower()
    return (
        "@" in text
        or _HOST_LIKE.search(text) is not None
        or _DIGITS_LIKE.search(text) is not None
        or any(talk in lowered for talk in _TALK_LIKE)
    )


def _signs(field: Field, facts: Facts, settings: WritingSettings, mark: str) -> list[dict[str, Any]]:
    text = field.text
    found: list[tuple[str, str, str]] = []
    if mark in text or mark in field.raw:
        found.append(("leaked_prompt", mark, "The text repeats what only the prompt holds."))
    if injection.is_suspicious(text):
        found.append(("injection", text[:60], "The text contains orders to a model."))
    if match := _MODEL_TALK.search(text):
        found.append(("model_talk", match[0], f"“{match[0]}” is the model speaking, not the shop."))
    known = None
    for code, pattern, what in (
        ("foreign_address", _URL, "web address"),
        ("foreign_mail", _MAIL, "e-mail address"),
        ("foreign_phone", _PHONE, "telephone number"),
    ):
        if code != "foreign_phone" and "." not in text:
            continue
        seen: set[str] = set()
        for match in pattern.finditer(text):
            if match[0] in seen:
                continue
            seen.add(match[0])
            if len(seen) > MOST_SIGNS:
                found.append((code, match[0][:60], f"The text holds more than {MOST_SIGNS} of this: {what}."))
                break
            known = known if known is not None else _known(facts, settings)
            value = match[0].rstrip(".,;)").lstrip("-").lower()
            core = (
                re.sub(r"\D", "", value)
                if code == "foreign_phone"
                else value.removeprefix("https://").removeprefix("http://").removeprefix("www.")
            )
            if code == "foreign_phone" and len(core) < 8:
                continue
            if core not in known[1 if code == "foreign_phone" else 0]:
                found.append((code, value, f"The {what} {value} is not in the source."))
    found += [
        ("foreign_address", href, f"The link to {href} does not lead to the shop.")
        for href in _HREF.findall(field.raw)
        if "://" in href and settings.shop_host and settings.shop_host not in href
    ]
    return [{"field": field.name, "detail": detail, "text": value, "code": code} for code, value, detail in found]


def _known(facts: Facts, settings: WritingSettings) -> tuple[str, str]:
    text = "\n".join([*facts.fields.values(), settings.custom_instructions, settings.shop_host]).lower()
    return text, re.sub(r"\D", "", text)


@lru_cache(maxsize=256)
def banned(listed: tuple[str, ...], instructions: str) -> tuple[str, ...]:
    """The banned terms of a merchant: the listed ones and those that the instructions name."""
    terms = list(listed)
    for match in _LISTS.finditer(instructions):
        parts = re.split(
            r"[,;/|]|\s+(?:and|or|und|oder|et|ou|y|o|e|i|ili|lub|en|of|и|или)\s+", match[1].strip().rstrip(".")
        )
        terms += [part.strip(" \"“”„«»'.") for part in parts if 0 < len(part.split()) <= 4]
    for match in _QUOTED.finditer(instructions):
        terms += [quoted.strip() for quoted in _IN_QUOTES.findall(match[1])]
    return tuple(dict.fromkeys(term for term in terms if len(term) > 1))


def _has(term: str, words: list[str], text: str, *, serbian: bool, inflecting: bool) -> bool:
    if _UNSPACED.search(term):
        return term in text
    take = latin if serbian else fold
    parts = [take(word) for word in WORD.findall(term)]
    if not parts:
        return term.lower() in text.lower()
    if re.search(r"\d", term):
        return re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text, re.I) is not None
    open_end = term.endswith("*")
    return any(
        all(
            _same(words[start + offset], part, open_end=open_end, inflecting=inflecting)
            for offset, part in enumerate(parts)
        )
        for start in range(len(words) - len(parts) + 1)
    )


def _same(word: str, part: str, *, open_end: bool, inflecting: bool) -> bool:
    if word == part or (open_end and word.startswith(part)):
        return True
    if not inflecting or len(part) < 5:
        return False
    stem = part[:-1] if part[-1] in "aeiouyаеиоуы" and len(part) > 5 else part
    return word.startswith(stem) and len(word) - len(stem) <= ENDING
