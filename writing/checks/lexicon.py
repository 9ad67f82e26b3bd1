"""Finding claims by words: materials, certifications, origins and the like, in eleven languages and, in part, fourteen more.

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

from writing.checks.words import LONGEST, WORD, fold, latin

DATA = Path(__file__).parent / "data"
FAMILIES = ("en", "de", "fr", "es", "it", "sr", "pt", "nl", "pl", "ru")  # with full tables
LESSER = (
    "sl",
    "mk",
    "bg",
    "uk",
    "cs",
    "sk",
    "hu",
    "ro",
    "sv",
    "da",
    "no",
    "fi",
    "tr",
    "el",
)  # with the commonest forms
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
    serbian: bool = False  # compared with the word as Serbian Latin


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
    """The forms of one language family, or of all of them (family `*`), found by their first word."""

    def __init__(self, family: str) -> None:
        self.family = family
        self._exact: tuple[dict[str, list[Form]], ...] = (defaultdict(list), defaultdict(list))
        self._stems: tuple[dict[str, list[Form]], ...] = (defaultdict(list), defaultdict(list))
        self._endings: list[tuple[str, Form]] = []
        self._longest_stem = 0
        self._known: dict[str, tuple[Form, ...]] = {}
        self.negations, self.free = _negations(family)

    def add(self, kind: str, concept: str, form: str, *, serbian: bool) -> None:
        words = form.split()
        heads = [word.strip("*") for word in words]
        case = tuple("" if h.islower() or h == "?" else (h if len(h) > 1 and h.isupper() else "A") for h in heads)
        patterns = tuple(_folded(word, serbian) for word in words)
        entry = Form(kind, concept, patterns[1:], case, serbian)
        first = patterns[0]
        if first.endswith("*") and not first.startswith("*"):
            self._stems[serbian][first[:-1]].append(entry)
            self._longest_stem = max(self._longest_stem, len(first) - 1)
        elif first.startswith("*"):
            self._endings.append((first[1:], entry))
        else:
            self._exact[serbian][first].append(entry)

    def first_words(self, word: str) -> tuple[Form, ...]:
        """The forms that may begin with `word` as written; remembered, since few words of a shop are new."""
        found = self._known.get(word)
        if found is None:
            forms: list[Form] = []
            for serbian in (False, True):
                key = latin(word) if serbian else fold(word)
                forms += self._exact[serbian].get(key, ())
                for length in range(2, min(len(key), self._longest_stem) + 1):
                    forms += self._stems[serbian].get(key[:length], ())
            forms += [entry for ending, entry in self._endings if fold(word).endswith(ending)]
            found = tuple(form for form in dict.fromkeys(forms) if _in_case(word, form.case[0]))
            if len(word) <= LONGEST and len(self._known) < 200_000:
                self._known[word] = found
        return found

    def find(self, text: str, words: list[Token]) -> list[Match]:
        """The claims in `text` (whose words are `words`), longest first at each place, phrases of `-` removed."""
        known = self._known
        found: list[Match] = []
        for index, word in enumerate(words):
            forms = known.get(word.text)
            if forms is None:
                forms = self.first_words(word.text)
            for form in forms:
                last = index + len(form.rest)
                if not form.rest or (last < len(words) and self._fits(form, text, words, index)):
                    found.append(Match(form.kind, form.concept, word.start, words[last].end, index, last))
        if not found:
            return []
        return [self._judged(match, text, words) for match in _outermost(found)]

    def _fits(self, form: Form, text: str, words: list[Token], index: int) -> bool:
        for offset, pattern in enumerate(form.rest, 1):
            word = words[index + offset]
            if not _in_case(word.text, form.case[offset]):
                return False
            if not _like(latin(word.text) if form.serbian else fold(word.text), pattern):
                return False
            gap = text[words[index + offset - 1].end : word.start]
            if gap != " " and (len(gap) > 3 or gap.strip(" -–’'/®™\u00a0")):
                return False
        return True

    def _judged(self, match: Match, text: str, words: list[Token]) -> Match:
        """Marks a match that a near negation turns round: within two words before, or `-free` right after."""
        negated = False
        for index in range(match.first - 1, max(-1, match.first - 3), -1):
            if _STOP.search(text, words[index].end, match.start):
                break
            negated = negated or words[index].text.lower() in self.negations
        after = match.last + 1
        if after < len(words) and words[after].text.lower() in self.free and words[after].start - match.end <= 1:
            negated = True
        return replace(match, negated=True) if negated else match


def _outermost(found: list[Match]) -> list[Match]:
    """Without the matches that lie inside a longer one, and without exceptions and what they cover."""
    longest = sorted(found, key=lambda match: (match.first - match.last, match.concept != EXCEPTION, match.first))
    most = longest[0].last - longest[0].first  # a match that covers another begins at most so many words before it
    kept: list[Match] = []
    starting: dict[int, list[Match]] = defaultdict(list)  # the kept ones by their first word
    taken: set[tuple[str, int, int]] = set()
    for match in longest:
        near = (other for first in range(match.last - most, match.first + 1) for other in starting.get(first, ()))
        inside = any(_covers(other, match) for other in near)
        mark = (match.concept, match.first, match.last)
        if not inside and mark not in taken:
            taken.add(mark)
            kept.append(match)
            starting[match.first].append(match)
    return [match for match in kept if match.concept != EXCEPTION]


def _covers(other: Match, match: Match) -> bool:
    """Whether `other` takes `match` away: an exception of its kind, or a longer phrase ("faux leather").

    A superlative takes nothing of another kind away: "the lightest steel" is still of steel.
    """
    if not (other.first <= match.first and match.last <= other.last):
        return False
    if other.concept == EXCEPTION or other.kind == "superlative":
        longer = other.concept == EXCEPTION or other.last - other.first > match.last - match.first
        return other.kind == match.kind and longer
    return other.last - other.first > match.last - match.first


def _like(word: str, pattern: str) -> bool:
    if pattern == "?":
        return True
    if pattern.endswith("*"):
        return word.startswith(pattern[:-1])
    if pattern.startswith("*"):
        return word.endswith(pattern[1:])
    return word == pattern


def _in_case(word: str, case: str) -> bool:
    return not case or word == case or (case == "A" and word[0].isupper())


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
    """The lexicon of a language family (`languages.family`); a language without tables has the international forms.

    The family `*` has the forms of all languages, for a text whose language is not known.
    """
    lexicon = Lexicon(family)
    spoken = (*FAMILIES, *LESSER) if family == "*" else (family,) if family in FAMILIES else (family, "en")
    for name, kind in _TABLES.items():
        for concept, row in table(name).items():
            for language in spoken:
                for form in filter(None, str(row.get(language, "")).split("|")):
                    lexicon.add(kind or concept.partition(":")[0], concept, form, serbian=language == "sr")
            shared = str(row.get("any", "")).split("|")
            if name == "origins" and concept != EXCEPTION:  # a country's English name is understood everywhere
                shared += [form for form in str(row.get("en", "")).split("|") if not form.endswith(("n", "h", "se"))]
            for form in filter(None, shared):
                lexicon.add(kind or concept.partition(":")[0], concept, form, serbian=False)
    for brand in str(table("brands")["any"]).split("|"):
        lexicon.add("compatibility", "brand:" + fold(brand).replace(" ", ""), brand, serbian=False)
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
    own = negation.values() if family == "*" else (negation.get(family) or negation["en"],)
    return frozenset(word for line in own for word in _both_scripts(line)), frozenset(str(words["free"]).split())


def _both_scripts(line: str) -> list[str]:
    """Serbian words also as Cyrillic writes them."""
    spelled = {"bez": "без", "nije": "није", "nisu": "нису", "ne": "не", "ni": "ни", "nema": "нема"}
    return [form for word in line.split() for form in (word, spelled.get(word, word))]


def everywhere(text: str, words: list[Token]) -> list[Match]:
    """The claims in a text whose language is not known."""
    return of("*").find(text, words)
