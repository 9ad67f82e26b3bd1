"""Scripted second models: an honest one, which knows the lie of each text, and lying ones."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import Any

from writing import checks, facts
from writing.checks import CheckReport
from writing.settings import WritingSettings
from writing.verifier import passages, sentences
from writing.verifier.terms import Thresholds, VerifierTerms
from writing.verifier.verdicts import Reading

_FIRST = importlib.import_module("writing.migrations.0003_verifier_terms")
TERMS = VerifierTerms(1, _FIRST.TEXT, _FIRST.PARAMETERS["schema"], Thresholds(**_FIRST.PARAMETERS["thresholds"]))

Answer = Callable[[int, str], dict[str, Any]]


def reading(text: str, source: dict[str, Any], language: str = "en", **settings: Any) -> Reading:
    """The reading of a description."""
    asked = WritingSettings(
        language=language, translate_name=False, generate_short=False, generate_seo=False, **settings
    )
    content, found = {"description": text}, facts.read(source)
    report: CheckReport = checks.run(content, found, asked)
    return Reading.of(content, report, found, asked)


def row(number: int, verdict: str, *quotes: str, words: str = "") -> dict[str, Any]:
    return {"number": number, "verdict": verdict, "quotes": list(quotes), "words": words}


def answer(reading: Reading, said: Answer) -> dict[str, Any]:
    """The answer of a model that says `said(number, sentence)` of each sentence that it is asked about."""
    return {"sentences": [said(number, sentence.text) for number, sentence in enumerate(reading.asked, 1)]}


def honest(lie: str, reading: Reading) -> Answer:
    """Names the lie where it stands. Of the rest it quotes sentences of the source that share a word; it finds no statement
    in others."""
    data = [text.whole for text in reading.source.fields]
    passages_of = [(passages.key(s.text), s.text) for text in data for s in sentences.of({"description": text})]

    def say(number: int, sentence: str) -> dict[str, Any]:
        if lie and (lie in sentence or sentence in lie):
            return row(number, "none", words=lie if lie in sentence else sentence)
        words = [passages.key(word) for word in re.findall(r"\w{4,}", sentence)]
        quotes = [text for key, text in passages_of if any(word in key for word in words)]
        return row(number, "supported", *quotes[:2]) if quotes else row(number, "harmless")

    return say
