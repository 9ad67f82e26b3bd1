"""Finding claims by words: materials, certifications, origins and the like, in eleven languages.

The tables in `data/` list, per concept, the forms of each language, separated by `|`. `*` ends a stem that any ending may
follow (before the stem: any beginning), `?` is any word. A form with capital letters asks for them in the text: all of
them (`CE`, against the French word `ce`) or the first (`China`, against bone china). `is` names broader concepts that
the concept implies. The concept `-` lists phrases that only look like a claim.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from projects.checks.words import WORD, fold, is_cyrillic, latin

DATA = Path(__file__).parent / "data"
FAMILIES = ("en", "de", "fr", "es", "it", "sr", "pt", "nl", "pl", "ru")
# table -> the kind of claim it finds; in `claims` each concept names its own kind before the colon.
_TABLES = {
    "materials": "material",
    "certifications": "certification",
    "superlatives": "superlative",
    "origins": "origin",
    "warranty": "warranty",
    "claims": "",
}
EXCEPTION = "-"
_STOP = re.compile(r"[.,;:!?()\n]")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to say `concept`: the words after the first, each exact, a stem (`pamu*`) or anything (`?`)."""

    kind: str
    concept: str
    rest: tuple[str, ...]
    case: tuple[str, ...]  # per word: "" any, "A" capitalised, the very word when it must be exactly so
    weight: int  # how specific the form is


@dataclass(frozen=True, slots=True)
class Match:
    kind: str
    concept: str
    start: int
    end: int
    first: int  # index of its first and last word
    last: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    return [Token(match[0], match.start(), match.end()) for match in WORD.finditer(text)]


class Lexicon:
    """The forms of one language family, found by their first word."""

    def __init__(self, family: str) -> None:
        self.family = family
        self.serbian = family == "sr"
        self._exact: dict[str, list[Form]] = defaultdict(list)
        self._stems: dict[str, list[Form]] = defaultdict(list)
        self._endings: list[tuple[str, Form]] = []
        self._known: dict[str, tuple[Form, ...]] = {}
        self.negations, self.free = _negations(family)

    def add(self, kind: str, concept: str, form: str) -> None:
        words = form.split()
        heads = [word.strip("*") for word in words]
        case = tuple("" if h.islower() or h == "?" else (h if len(h) > 1 and h.isupper() else _cased(h)) for h in heads)
        patterns = tuple(_folded(word, self.serbian) for word in words)
        entry = Form(kind, concept, patterns[1:], case, sum(len(p) for p in patterns) + 2 * ("*" not in form))
        first = patterns[0]
        if first.endswith("*"):
            self._stems[first[:-1]].append(entry)
        elif first.startswith("*"):
            self._endings.append((first[1:], entry))
        else:
            self._exact[first].append(entry)

    def first_words(self, word: str) -> tuple[Form, ...]:
        """The forms that may begin with the folded `word`; remembered, since few words of a shop are new."""
        found = self._known.get(word)
        if found is None:
            forms = list(self._exact.get(word, ()))
            for length in range(2, len(word) + 1):
                forms += self._stems.get(word[:length], ())
            forms += [entry for ending, entry in self._endings if word.endswith(ending)]
            found = tuple(forms)
            if len(self._known) < 200_000:
                self._known[word] = found
        return found

    def fold(self, word: str) -> str:
        return latin(word) if self.serbian else fold(word)

    def find(self, text: str, words: list[Token]) -> list[Match]:
        """The claims in `text` (whose words are `words`), longest first at each place, phrases of `-` removed."""
        keys = [self.fold(word.text) for word in words]
        found: list[Match] = []
        for index, key in enumerate(keys):
            for form in self.first_words(key):
                last = index + len(form.rest)
                if last >= len(keys) or not self._fits(form, text, words, keys, index):
                    continue
                found.append(Match(form.kind, form.concept, words[index].start, words[last].end, index, last))
        if not found:
            return []
        return [self._judged(match, text, words, keys) for match in _outermost(found)]

    def _fits(self, form: Form, text: str, words: list[Token], keys: list[str], index: int) -> bool:
        for offset, case in enumerate(form.case):
            if case and not (
                words[index + offset].text == case or (case == "A" and words[index + offset].text[0].isupper())
            ):
                return False
        for offset, pattern in enumerate(form.rest, 1):
            word = words[index + offset]
            gap = text[words[index + offset - 1].end : word.start]
            if len(gap) > 3 or gap.strip(" -–’'/®™\u00a0"):
                return False
            if not _like(keys[index + offset], pattern):
                return False
        return True

    def _judged(self, match: Match, text: str, words: list[Token], keys: list[str]) -> Match:
        """Marks a match that a near negation turns round: within two words before, or `-free` right after."""
        negated = False
        for index in range(match.first - 1, max(-1, match.first - 3), -1):
            if _STOP.search(text, words[index].end, match.start):
                break
            negated = negated or keys[index] in self.negations
        after = match.last + 1
        if after < len(keys) and keys[after] in self.free and words[after].start - match.end <= 1:
            negated = True
        return replace(match, negated=True) if negated else match


def _outermost(found: list[Match]) -> list[Match]:
    """Without the matches that lie inside a longer one, and without exceptions and what they cover."""
    longest = sorted(found, key=lambda match: (match.first - match.last, match.concept != EXCEPTION, match.first))
    kept: list[Match] = []
    taken: set[tuple[str, int, int]] = set()
    for match in longest:
        inside = any(
            other.first <= match.first
            and match.last <= other.last
            and (
                other.kind == match.kind
                if other.concept == EXCEPTION
                else other.last - other.first > match.last - match.first
            )
            for other in kept
        )
        mark = (match.concept, match.first, match.last)
        if not inside and mark not in taken:
            taken.add(mark)
            kept.append(match)
    return [match for match in kept if match.concept != EXCEPTION]


def _like(word: str, pattern: str) -> bool:
    if pattern == "?":
        return True
    if pattern.endswith("*"):
        return word.startswith(pattern[:-1])
    if pattern.startswith("*"):
        return word.endswith(pattern[1:])
    return word == pattern


def _cased(head: str) -> str:
    return "A" if head[:1].isupper() and not head.isupper() else ("" if head.lower() == head else head)


def _folded(word: str, serbian: bool) -> str:
    core = word.strip("*")
    if core == "?":
        return "?"
    body = latin(core) if serbian else fold(core)
    return ("*" if word.startswith("*") else "") + body + ("*" if word.endswith("*") else "")


@cache
def table(name: str) -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return loaded


@cache
def of(family: str) -> Lexicon:
    """The lexicon of a language family (`languages.family`); a language without tables has the international forms."""
    lexicon = Lexicon(family)
    for name, kind in _TABLES.items():
        for concept, row in table(name).items():
            own = row.get(family) or (row.get("en") if family not in FAMILIES else None)
            forms = [own, row.get("any"), row.get("en") if name == "origins" and concept != EXCEPTION else None]
            for form in dict.fromkeys("|".join(filter(None, forms)).split("|")):
                if not form or (kind == "origin" and family not in ("en", family) and form not in (own or "")):
                    continue
                lexicon.add(kind or concept.partition(":")[0], concept, form)
    for brand in str(table("brands")["any"]).split("|"):
        lexicon.add("compatibility", "brand:" + fold(brand).replace(" ", ""), brand)
    return lexicon


@cache
def implied(concept: str) -> frozenset[str]:
    """`concept` and all broader concepts that it implies."""
    found = {concept}
    for name in _TABLES:
        for broader in str(table(name).get(concept, {}).get("is", "")).split():
            found |= implied(broader)
    return frozenset(found)


@cache
def _negations(family: str) -> tuple[frozenset[str], frozenset[str]]:
    words = table("words")
    negation: dict[str, str] = words["negation"]
    own = negation.get(family) or negation["en"]
    return frozenset(latin(w) if family == "sr" else fold(w) for w in own.split()), frozenset(
        str(words["free"]).split()
    )


def everywhere(text: str, words: list[Token]) -> list[Match]:
    """The claims in a text whose language is not known: those of every family, Cyrillic read as Serbian and as Russian."""
    families = ("sr", "ru") if any(is_cyrillic(word.text) for word in words) else FAMILIES
    if families is not FAMILIES and not all(is_cyrillic(word.text) for word in words):
        families = FAMILIES
    found: dict[tuple[str, int, int], Match] = {}
    for family in families:
        for match in of(family).find(text, words):
            found.setdefault((match.concept, match.first, match.last), match)
    return list(found.values())
