"""Scripted second models: an honest one, which knows the lie of each text, and lazy ones."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from writing import checks, facts
from writing.settings import WritingSettings
from writing.verifier import passages
from writing.verifier.choice import Verifier
from writing.verifier.controls import Control
from writing.verifier.passages import Passage
from writing.verifier.request import ReadingPart, ReadingRequest
from writing.verifier.terms import VerifierTerms
from writing.verifier.verdicts import Reading, SentenceVerdict

_FIRST = importlib.import_module("writing.migrations.0005_reader_terms")
TERMS = VerifierTerms(1, _FIRST.READER, _FIRST.PARAMETERS["schema"])
VERIFIER = Verifier("openai", "gpt-6-nano")

#: What a model says of a sentence, given the passages by their numbers: the line without the sentence's number.
Says = Callable[[str, dict[int, Passage]], str]


def reading(text: str, source: dict[str, Any], language: str = "en", **settings: Any) -> Reading:
    """The reading of a description."""
    asked = WritingSettings(
        language=language, translate_name=False, generate_short=False, generate_seo=False, **settings
    )
    content, found = {"description": text}, facts.read(source)
    return Reading.of(content, checks.run(content, found, asked), found, asked)


def request_of(read: Reading) -> ReadingRequest:
    return ReadingRequest([ReadingPart(read.settings, read.passages, read.asked)], VERIFIER, TERMS)


def answer(asked: ReadingRequest, says: Says, *, fair: bool = True) -> dict[str, Any]:
    """The answer of a model that `says` this of each sentence. A `fair` one judges the control sentences right."""
    lines = []
    for number, (at, sentence) in asked.sentences.items():
        known = {number: passage for number, (part, passage) in asked.passages.items() if part == at}
        if isinstance(sentence, Control) and fair:
            said = str(stating(sentence.text, known)) if sentence.true else f"!{sentence.text}"
        else:
            said = says(sentence.text, known)
        lines.append(f"{number}:{said}")
    return {"answers": lines}


def stating(text: str, known: dict[int, Passage]) -> int:
    """The number of the passage that says `text` word for word, else of the first."""
    return next((number for number, one in known.items() if passages.key(text) in passages.key(one.line)), min(known))


def judged(read: Reading, says: Says, *, fair: bool = True) -> list[SentenceVerdict]:
    asked = request_of(read)
    [answers] = asked.read(answer(asked, says, fair=fair))
    assert isinstance(answers, dict), answers
    return read.judge(answers)


def honest(lie: str) -> Says:
    """Names the lie where it stands. Of the rest it names a passage that shares a word; it finds no statement in others."""

    def says(sentence: str, known: dict[int, Passage]) -> str:
        if lie and (lie in sentence or sentence in lie):
            return f"!{lie if lie in sentence else sentence}"
        words = {word for word in passages.key(sentence).split() if len(word) > 3}
        named = [str(number) for number, one in known.items() if words & set(passages.key(one.line).split())]
        return ",".join(named[:3]) or "-"

    return says


def harmless(sentence: str, known: dict[int, Passage]) -> str:
    return "-"


def first(sentence: str, known: dict[int, Passage]) -> str:
    """The product's name, for everything."""
    return str(min(known))


def nearest(sentence: str, known: dict[int, Passage]) -> str:
    """The passage that has most words in common with the sentence."""
    words = set(passages.key(sentence).split())
    return str(max(known, key=lambda number: len(words & set(passages.key(known[number].line).split()))))


def accusing(sentence: str, known: dict[int, Passage]) -> str:
    return "!"
