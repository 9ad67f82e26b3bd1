"""Sentences of a model to its prompter, left in a text: "Klar, hier ist die Produktbeschreibung", "Let me know if …".

They stand at the beginning or the end of a field, so only these are read. A model may speak English around a text in
another language, so the phrases of both languages are searched. `data/model_talk.json` groups them by purpose:

- `here` with a phrase of `text` in the same sentence announces a text, as does `answers` with `here` and a colon;
- `made` says what the writer did, `model` what it is, `lack` and `sorry` what it can't do, `given` what it was told;
- `tell`, `hope` and `offer` address the prompter, and so does `say` with a phrase of `change`; `count` is a note about
  the text.

A `*` at either end of a word stands for any letters. Phrases in scripts without spaces must match exactly.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from scribe.language.detector import family
from writing.checks.foreign import QUOTES
from writing.checks.tables import table
from writing.checks.words import fold, latin

EDGE = 260  # characters that are read at a field's beginning and end
NEAR = 9  # words after the first phrase of a pair in which the second may begin
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENDS = re.compile(r"[.!?…:。！？]")
_ALONE = ("made", "tell", "hope", "offer", "model", "sorry", "lack", "given", "count")
_PAIRS = {"here": "text", "say": "change"}


Phrase = tuple[str, ...]
Span = tuple[int, int]


@dataclass(frozen=True)
class _Phrases:
    """The phrases of one language. Those that can begin a finding are kept by their first word."""

    alone: dict[str, list[Phrase]]
    firsts: dict[str, list[tuple[str, Phrase]]]  # first phrases of the pairs, with their kind
    seconds: dict[str, list[Phrase]]  # second phrases of the pairs, by the kind of the first
    answers: dict[str, list[Phrase]]
    starts: frozenset[str]  # the first words of all that can begin a finding


def find(text: str, language: str) -> str:
    """The words of `text` in which a model speaks to its prompter, as they stand there, or ""."""
    language_family = family(language)
    for at, edge in enumerate((text,) if len(text) <= 2 * EDGE else (text[:EDGE], text[-EDGE:])):
        said = QUOTES.sub(lambda found: " " * len(found[0]), edge)
        if unspaced := _unspaced_phrases(language_family):
            lowered = said.lower()
            if phrase := next((one for one in unspaced if one in lowered), ""):
                return phrase
        spans = [found.span() for found in _WORD.finditer(said)]
        for code in dict.fromkeys((language_family, "en")):
            take = latin if code == "sr" else fold
            words = [take(said[start:end].replace("’", "'")) for start, end in spans]
            if found := _talk_span(said, words, spans, _phrases(code), opens=at == 0):
                return edge[spans[found[0]][0] : spans[found[1]][1]]
    return ""


def _talk_span(text: str, words: list[str], spans: list[Span], phrases: _Phrases, *, opens: bool) -> Span | None:
    """The indexes of the first and last word that speak to the prompter, or None."""
    if phrases.starts.isdisjoint(words):
        return None
    for at, word in enumerate(words):
        for phrase in phrases.alone.get(word, ()):
            if _stands(words, at, phrase):
                return at, at + len(phrase) - 1
        for kind, phrase in phrases.firsts.get(word, ()):
            if not _stands(words, at, phrase):
                continue
            follows = at + len(phrase)
            for second in range(follows, min(follows + NEAR, len(words))):
                if _ENDS.search(text, spans[follows - 1][1], spans[second][0]):
                    break
                for other in phrases.seconds.get(kind, ()):
                    if _stands(words, second, other):
                        return at, second + len(other) - 1
            if kind == "here" and opens and _is_answer(words[:at], phrases):
                end = spans[follows - 1][1]
                if ":" in text[end : end + 60]:
                    return 0, follows - 1
    return None


def _is_answer(words: list[str], phrases: _Phrases) -> bool:
    """Whether `words`, with which a text begins, are an answer and nothing else: "Okay, …"."""
    return any(phrase == tuple(words) for phrase in phrases.answers.get(words[0] if words else "", ()))


def _stands(words: list[str], at: int, phrase: Phrase) -> bool:
    return at + len(phrase) <= len(words) and all(_same(words[at + n], part) for n, part in enumerate(phrase))


def _same(word: str, part: str) -> bool:
    if "*" not in part:
        return word == part
    core = part.strip("*")
    if part[0] == "*":
        return core in word if part[-1] == "*" else word.endswith(core)
    return word.startswith(core)


@cache
def _unspaced_phrases(code: str) -> tuple[str, ...]:
    return tuple(filter(None, table("model_talk")["unspaced"].get(code, "").split("|")))


@cache
def _phrases(code: str) -> _Phrases:
    kinds = table("model_talk")["spaced"].get(code, {})
    phrases = {kind: [tuple(_parts(one, code)) for one in listed.split(" | ")] for kind, listed in kinds.items()}
    firsts: dict[str, list[tuple[str, Phrase]]] = {}
    for kind in _PAIRS:
        for phrase in phrases.get(kind, ()):
            firsts.setdefault(phrase[0], []).append((kind, phrase))
    alone = _by_first(phrase for kind in _ALONE for phrase in phrases.get(kind, ()))
    return _Phrases(
        alone=alone,
        firsts=firsts,
        seconds={kind: phrases.get(second, []) for kind, second in _PAIRS.items()},
        answers=_by_first(phrases.get("answers", ())),
        starts=frozenset((*alone, *firsts)),
    )


def _by_first(phrases: Iterable[Phrase]) -> dict[str, list[Phrase]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], []).append(phrase)
    return found


def _parts(phrase: str, code: str) -> Iterator[str]:
    """The words of a phrase, cut and folded like a text's words, with their stars."""
    take = latin if code == "sr" else fold
    for written in phrase.split():
        found = [take(word) for word in _WORD.findall(written.replace("’", "'"))]
        if found and written.startswith("*"):
            found[0] = f"*{found[0]}"
        if found and written.endswith("*"):
            found[-1] += "*"
        yield from found
