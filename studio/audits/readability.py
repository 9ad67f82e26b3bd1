"""How hard a text is to read: a score from 0 (very hard) to 100 (very easy), by the measure that fits its language.

English: Flesch (1948). German: Amstad (1978). Spanish: Fernández Huerta (1959). Italian: Gulpease (1988). Others: LIX
(Björnsson 1968), inverted to the same scale. Vowel groups are counted as syllables.
"""

from __future__ import annotations

import re

from scribe.language import detector

LEAST_WORDS = 30
_SENTENCE = re.compile(r"[.!?…]+(?:\s|$)")
_VOWELS = re.compile(r"[aeiouyäöüáéíóúàèìòùâêîôû]+", re.I)


def score(blocks: list[str], words: list[str]) -> float | None:
    """The score of a text, given as its blocks and words. None when it is shorter than `LEAST_WORDS`."""
    if len(words) < LEAST_WORDS:
        return None
    sentences = max(1, sum(max(1, len(_SENTENCE.findall(block))) for block in blocks))
    per_sentence = len(words) / sentences
    language = detector.detect(" ".join(blocks[:40])[:4000])
    if language in ("en", "de", "es"):
        syllables = sum(_syllables(word, language) for word in words) / len(words)
        value = {
            "en": 206.835 - 1.015 * per_sentence - 84.6 * syllables,
            "de": 180 - per_sentence - 58.5 * syllables,
            "es": 206.84 - 1.02 * per_sentence - 60 * syllables,
        }[language]
    elif language == "it":
        letters = sum(map(len, words))
        value = 89 + (300 * sentences - 10 * letters) / len(words)
    else:
        long = sum(len(word) > 6 for word in words) / len(words) * 100
        value = 130 - 1.6 * (per_sentence + long) + 20
    return round(min(100.0, max(0.0, value)), 1)


def _syllables(word: str, language: str) -> int:
    count = len(_VOWELS.findall(word))
    if language == "en" and word.lower().endswith("e") and not word.lower().endswith("le") and count > 1:
        count -= 1
    return max(1, count)
