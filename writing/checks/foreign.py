"""Sentences in another language inside a text that is right as a whole.

Two detectors are asked: `scribe.language.detector`, which knows small words and letters, and `scribe.language.opinion`,
which knows sequences of letters. A sentence is foreign if the second clearly says so and the first does not object. The
source's names, quotations and very short pieces are left out: a shop may sell a mug that says “Keep calm”, or call a
jumper a hoodie.
"""

import re
from collections.abc import Iterator

from scribe.language import detector, opinion

LETTERS = 20  # fewer are too few to tell
WORDS = 3
CLEAR = 8.0  # points by which another language must fit better
CERTAIN = 20.0  # the same, if the small words do not decide
_WORD = re.compile(r"[^\W\d_]+")
_END = re.compile(r"(?<=[.!?…])[\"”»“’)]{0,3}\s+|(?<=[。！？])|\n+")
QUOTES = re.compile(
    '“[^“”\n]{1,300}”|„[^„“”\n]{1,300}[“”]|«[^«»\n]{1,300}»|»[^«»\n]{1,300}«|"[^"\n]{1,300}"|‘[^‘’\n]{1,300}’'
)
# Two or more words with initial capitals, and particles between them: "Eau de Parfum", "Heart Rate Monitor".
_NAME = re.compile(
    r"(?<=\w[ ,-])[A-ZÀ-ÞŠŽČĆĐ][\w’']{1,30}(?:[ -](?:(?:de|du|des|la|le|of|the|and|&|di|del|van|von)[ ])?[A-ZÀ-ÞŠŽČĆĐ0-9][\w’']{0,30}){1,8}"
)
ALPHABETS = frozenset({"latin", "cyrillic"})


def sentences(text: str, language: str, named: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield (sentence, language seen) for each sentence not in `language`. `named` are words that any text may have."""
    script = detector.script_of(language)
    for part in _END.split(text):
        words = _WORD.findall(part)
        if len(words) >= WORDS and sum(map(len, words)) >= LETTERS:
            seen = _language_of(part, language, script, named)
            if seen:
                yield part.strip(), seen


def _language_of(part: str, language: str, script: str, named: frozenset[str]) -> str:
    """The other language of one sentence, or "" if it may be in `language`."""
    if script in ALPHABETS:
        mine, others = detector.leaning(part, language)
        if mine >= others + 1:
            return ""
    rest = _without_names(part, named)
    if not rest:
        return ""
    shares = detector.scripts(rest)
    main = max(shares, key=shares.__getitem__)
    if script not in ALPHABETS:
        return _intruder(rest, main) if main in ALPHABETS and shares[main] > 0.9 else ""
    if main != script:
        return _intruder(rest, main) if shares[main] > 0.7 else ""
    return _neighbour(rest, language) if opinion.knows(language) else ""


def _neighbour(rest: str, language: str) -> str:
    """The other language of a sentence written in the text's script, or ""."""
    seen, points = opinion.against(rest, language)
    if points < CLEAR:
        return ""
    mine, others = detector.leaning(rest, language)
    if mine > others or (mine == others and points < CERTAIN):
        return ""
    ours, theirs = detector.telling(rest, language, seen)
    if ours >= max(theirs, 1) or (seen == "en" and not theirs):
        return ""  # loan words in a sentence of its own language, or nothing but loan words
    return seen


def _without_names(part: str, named: frozenset[str]) -> str:
    """The sentence without quotes and names; "" where too little is left."""
    rest = QUOTES.sub(" ", part)
    if not rest.isupper():
        rest = _NAME.sub(" ", rest)
    words = [word for word in _WORD.findall(rest) if word.lower() not in named]
    return " ".join(words) if len(words) >= WORDS and sum(map(len, words)) >= LETTERS else ""


def _intruder(rest: str, script: str) -> str:
    """The language of a sentence in another script than the text's, or "" for names in Latin letters."""
    if script not in ALPHABETS:
        return detector.detect(rest) or script
    words = _WORD.findall(rest)
    named = sum(word[0].islower() for word in words) * 2 < len(words)
    if script == "latin" and (named or max(detector.leaning(rest, "en")) < 1):
        return ""
    return opinion.best(rest)
