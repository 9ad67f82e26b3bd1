"""Find statements of fitness for what the source does not mention: "also a good choice for kittens", "works in the rain".

Only a text in the language of its source can be examined. A sentence with a word of fitness ("suitable", "ideal") claims
if no word of it is in the source. With "also" or "even" beside that word, the words after it alone decide. The words are
those of `data/scenes.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from writing.checks import contradictions, scenes
from writing.checks.index import Index
from writing.checks.lexicon import Token
from writing.checks.words import fold, latin

LEAST = 2  # content words of a sentence that can claim fitness
REACH = 7  # words after "also" that say for what
_SENTENCE = re.compile(r"[.!?;\n]")


class FitnessStatement(NamedTuple):
    start: int
    end: int


def find(text: str, words: Sequence[Token], family: str, indexes: Sequence[Index]) -> Iterator[FitnessStatement]:
    """Yield the statements as spans of the text, at most one for each sentence."""
    if indexes[0].language != family:
        return
    like = latin if family == "sr" else fold
    fit, also = scenes.words_of("fit", family), scenes.words_of("also", family)
    for sentence in contradictions.parts(text, words, _SENTENCE):
        keys = [like(words[at].text) for at in sentence]
        if not any(key in fit and key not in also for key in keys):
            continue
        telling = [at for at, key in zip(sentence, keys, strict=True) if key not in fit and _tells(words[at])]
        added = next((at for at, key in zip(sentence, keys, strict=True) if key in also), None)
        after = [at for at in telling if added is not None and added < at <= added + REACH]
        for group in (telling if len(telling) >= LEAST else [], after):
            if group and not any(index.licensed(fold(words[at].text)) for at in group for index in indexes):
                yield FitnessStatement(words[group[0]].start, words[group[-1]].end)
                break


def _tells(word: Token) -> bool:
    return contradictions.meaning(word.text)
