"""Finding claims by words: materials, certifications, origins and the like, in eleven languages and, in part, fourteen more.

The tables in `data/` list the forms of each concept per language, separated by `|`. `*` after a stem allows any ending,
before it any beginning; `?` is any word. A form with capital letters needs them in the text: all of them (`CE`, unlike
the French word `ce`) or the first (`China`, unlike bone china). `is` names broader concepts that the concept implies.
`by` names concepts that support it, `against` those that support its denial ("hand wash" supports "not in the
machine"). Forms under `heard` support a claim but do not make one, since they have other meanings. The concept `-`
lists phrases that only look like a claim. In German and Dutch, which join words, a stem takes endings only: "Rosentee" is no
rose. `codes` of a source support the concept ("ip67"). If a text writes letters with marks, the marks must agree.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from writing.checks import concepts, polarity
from writing.checks.polarity import DOUBTFUL, NEGATED, PLAIN
from writing.checks.tables import table
from writing.checks.words import LONGEST, SERBIAN, Token, differ, fold, latin, marks

# With full tables:
FAMILIES = ("en", "de", "fr", "es", "it", "sr", "pt", "nl", "pl", "ru")
# With the commonest forms:
LESSER = ("sl", "mk", "bg", "uk", "cs", "sk", "hu", "ro", "sv", "da", "no", "fi", "tr", "el")
EXCEPTION = "-"
JOINED = ("de", "nl")  # the languages that join words
# The endings that their stems take.
_INFLECTION = {
    "de": re.compile(
        "(s?t|s?te|end|i?ert?|ier|ern|ig|lich|isch|bar|haft|frei|los|ung|in|ion|iv|schaft|(ig)?[hk]eit|(iz)?itat|e[lr]?)?"
        "(e[nmrs]?|n|r|s|m|nen|ens)?"
    ),
    "nl": re.compile(
        "(d|t|te|de|ig|lijk|isch|baar|bar|loos|loz|vrij|ing|heid|end|er|tje|e?el|el|ion|ief|iev|f|ie|e)?(en?|s|n|e?re?)?"
    ),
}
SHORT_STEM, LONGEST_ENDING = 4, 5  # letters
SHORTEST_ENDED = 5  # letters
PRIVATIVE = -1


class WordForm(NamedTuple):
    """One way to say `concept`. `rest` has the words after the first: exact, a stem (`pamu*`) or anything (`?`)."""

    kind: str
    concept: str
    rest: tuple[str, ...]
    case: tuple[str, ...]  # per word: "" any case, "A" capitalised, or the word itself for exactly these capitals
    privative: bool = False  # is about a lack ("cordless"): its own "less" does not negate it
    marks: tuple[str, ...] = ()  # of the letters of its first word
    longest: int = LONGEST  # letters of the longest word that may begin with its stem


@dataclass(frozen=True, slots=True)
class Match:
    kind: str
    concept: str
    start: int
    end: int
    first: int  # index of its first and last word
    last: int
    polarity: int = PLAIN

    @property
    def negated(self) -> bool:
        return self.polarity == NEGATED

    @property
    def doubtful(self) -> bool:
        return self.polarity == DOUBTFUL


class Heads(NamedTuple):
    """The forms that begin with a word: of one word, of several by the second word, and with a variable second word."""

    alone: tuple[WordForm, ...]
    followed: dict[str, tuple[WordForm, ...]]
    loose: tuple[WordForm, ...]


class Lexicon:
    """The forms of one language family, or of all of them (family `*`), found by their first word."""

    def __init__(self, family: str) -> None:
        self.family = family
        self.key = latin if family in ("sr", "*") else fold
        self._exact: dict[str, list[WordForm]] = defaultdict(list)
        self._stems: dict[str, list[WordForm]] = defaultdict(list)
        self._endings: list[tuple[str, WordForm]] = []
        self._longest_stem = 0
        self._opening: dict[str, Heads] = {}
        self.negations = polarity.negations_for(family)

    def add(self, kind: str, concept: str, form: str) -> None:
        patterns, case, head = parse_form(form, self.key)
        first = patterns[0]
        entry = WordForm(
            kind,
            concept,
            patterns[1:],
            case,
            self.negations.privative(patterns),
            marks(head) if self.family != "*" and not first.startswith("*") else (),  # a text of known language
            self._longest_of(first),
        )
        if first.startswith("*"):
            self._endings.append((first[1:], entry))
        elif first.endswith("*") or self._ends(kind, patterns, case):
            first = first.rstrip("*") + "*"
            self._stems[first[:-1]].append(entry)
            self._longest_stem = max(self._longest_stem, len(first) - 1)
        else:
            self._exact[first].append(entry)

    def _ends(self, kind: str, patterns: tuple[str, ...], case: tuple[str, ...]) -> bool:
        """Whether a word that is no stem takes endings all the same: a material in languages that join words."""
        return (
            kind == "material"
            and self.family in JOINED
            and len(patterns) == 1
            and not case[0]
            and len(patterns[0]) >= SHORTEST_ENDED
        )

    def _longest_of(self, first: str) -> int:
        """Letters of the longest word that a stem may begin. Short stems are limited, except where words are joined."""
        if self.family not in FAMILIES or self.family in JOINED or len(first) > SHORT_STEM + 1:
            return LONGEST
        return len(first) - 1 + LONGEST_ENDING

    def first_words(self, word: str) -> tuple[WordForm, ...]:
        """The forms that may begin with `word` as written."""
        key = self.key(word)
        forms = list(self._exact.get(key, ()))
        for length in range(2, min(len(key), self._longest_stem) + 1):
            if (stems := self._stems.get(key[:length])) and self._goes_on(key[length:]):
                forms += stems
        forms += [entry for ending, entry in self._endings if key.endswith(ending)]
        return tuple(form for form in dict.fromkeys(forms) if in_case(word, form.case[0]) and len(key) <= form.longest)

    def _goes_on(self, rest: str) -> bool:
        """Whether a stem may go on with `rest`: in languages that join words only by an ending ("leder|nes")."""
        return self.family not in JOINED or _INFLECTION[self.family].fullmatch(rest) is not None

    def _heads_of(self, word: str) -> Heads:
        """`first_words`, sorted by the word that must follow, so that few phrases with "in the" need a comparison.
        Answers are kept, since a shop repeats its words."""
        forms = self.first_words(word)
        followed: dict[str, tuple[WordForm, ...]] = {}
        loose: list[WordForm] = []
        for form in forms:
            if not form.rest:
                continue
            second = form.rest[0]
            if second == "?" or "*" in second:
                loose.append(form)
            else:
                followed[second] = (*followed.get(second, ()), form)
        if loose:
            followed.setdefault("", ())
        heads = Heads(tuple(form for form in forms if not form.rest), followed, tuple(loose))
        if len(word) <= LONGEST and len(self._opening) < 200_000:
            self._opening[word] = heads
        return heads

    def find(self, text: str, words: list[Token], flags: bytes | bytearray | None = None) -> list[Match]:
        """The claims in `text`, longest first at each place, without phrases of `-`. `words` are the words of `text`.

        `flags` is the result of `negations.spans` for the words, if the caller has it already.
        """
        found: list[Match] = []
        marked = self.family != "*" and _has_marks(text)
        opening = self._opening
        for index, word in enumerate(words):
            heads = opening.get(word.text)
            if heads is None:
                heads = self._heads_of(word.text)
            forms = heads.alone
            if heads.followed and index + 1 < len(words):
                forms += heads.followed.get(self.key(words[index + 1].text), ()) + heads.loose
            if not forms:
                continue
            own = self._marks(word.text) if marked and not word.text.isupper() else None
            for form in forms:
                if own is not None and form.marks and differ(form.marks, own, initial=word.text[0].isupper()):
                    continue
                last = index + len(form.rest)
                if not form.rest or (last < len(words) and self._fits(form, text, words, index)):
                    sign = PRIVATIVE if form.privative else self._sign(word.text, form) if last == index else PLAIN
                    found.append(Match(form.kind, form.concept, word.start, words[last].end, index, last, sign))
        if not found:
            return []
        kept = _outermost(found, all_kinds=self.family != "*")
        if flags is None:
            flags = self.negations.spans(text, words) if kept else b""
        return [self._judged(match, flags) for match in kept]

    def _marks(self, word: str) -> tuple[str, ...]:
        return marks(word.lower().translate(SERBIAN) if self.family == "sr" else word)

    def _fits(self, form: WordForm, text: str, words: list[Token], index: int) -> bool:
        for offset, pattern in enumerate(form.rest, 1):
            word = words[index + offset]
            if not in_case(word.text, form.case[offset]):
                return False
            if not like(self.key(word.text), pattern):
                return False
            gap = text[words[index + offset - 1].end : word.start]
            if gap != " " and (len(gap) > 3 or gap.strip(" -–’'/®™\u00a0")):
                return False
        return True

    def _sign(self, word: str, form: WordForm) -> int:
        if not (self.negations.suffixes or self.negations.prefixes):
            return PLAIN
        key = fold(word)
        if self.negations.denied(key):
            return NEGATED
        lacked = self.negations.lack_of(key)
        lacks = bool(lacked) and any(other.concept == form.concept for other in self.first_words(lacked))
        return NEGATED if lacks else PLAIN

    @staticmethod
    def _judged(match: Match, flags: bytes | bytearray) -> Match:
        """The match with the polarity that a negation gives it. The flag of its first word decides."""
        if match.concept in concepts.lacked_concepts():
            return replace(match, polarity=PLAIN)
        if match.polarity == NEGATED:
            return match
        return replace(
            match, polarity=PLAIN if match.polarity == PRIVATIVE and match.last > match.first else flags[match.first]
        )


def _outermost(found: list[Match], *, all_kinds: bool) -> list[Match]:
    """Drop matches inside a longer one, and drop exceptions with the matches that they cover.

    Without `all_kinds`, only a longer match of the same kind counts: a source with a "removable cover" has a cover.
    """
    longest = sorted(found, key=lambda match: (match.first - match.last, match.concept != EXCEPTION, match.first))
    most = longest[0].last - longest[0].first  # a covering match begins at most this many words before the covered one
    kept: list[Match] = []
    starting: dict[int, list[Match]] = defaultdict(list)  # the kept ones by their first word
    taken: set[tuple[str, int, int]] = set()
    for match in longest:
        near = (other for first in range(match.last - most, match.first + 1) for other in starting.get(first, ()))
        inside = any((all_kinds or other.kind == match.kind) and _covers(other, match) for other in near)
        mark = (match.concept, match.first, match.last)
        if not inside and mark not in taken:
            taken.add(mark)
            kept.append(match)
            starting[match.first].append(match)
    return [match for match in kept if match.concept != EXCEPTION]


def _covers(other: Match, match: Match) -> bool:
    """Whether `other` replaces `match`: an exception of its kind, or a longer phrase ("faux leather").

    A superlative replaces no match of another kind: "the lightest steel" is still steel.
    """
    if not (other.first <= match.first and match.last <= other.last):
        return False
    if other.concept == EXCEPTION or other.kind == "superlative":
        longer = other.concept == EXCEPTION or other.last - other.first > match.last - match.first
        return other.kind in (EXCEPTION, match.kind) and longer
    return other.last - other.first > match.last - match.first


def _has_marks(text: str) -> bool:
    """Whether a text has letters with marks or beyond ASCII. If so, it is expected to write every mark."""
    return not text.isascii() and any(letter.isalpha() and letter > "\x7f" for letter in text)


@cache
def lexicon_for(family: str) -> Lexicon:
    """The lexicon of a language family (`detector.family`). A language without tables gets the international forms.

    The family `*` has the forms of all languages, for a text of unknown language.
    """
    lexicon = Lexicon(family)
    spoken = (*FAMILIES, *LESSER) if family == "*" else (family,) if family in FAMILIES else (family, "en")
    for name, kind in concepts.TABLES.items():
        for concept, row in table(name).items():
            for language in spoken:
                for form in filter(None, str(row.get(language, "")).split("|")):
                    sort = kind or concept.partition(":")[0]
                    lexicon.add(sort, concept, form)
            shared = str(row.get("any", "")).split("|")
            if family == "*":
                shared += str(row.get("heard", "")).split("|")
            if name == "origins" and concept != EXCEPTION:  # a country's English name is understood everywhere
                shared += [form for form in str(row.get("en", "")).split("|") if not form.endswith(("n", "h", "se"))]
            for form in filter(None, shared):
                lexicon.add(kind or concept.partition(":")[0], concept, form)
    for brand in str(table("brands")["any"]).split("|"):
        lexicon.add("compatibility", "brand:" + fold(brand).replace(" ", ""), brand)
    return lexicon


@cache
def concepts_of(family: str) -> frozenset[str]:
    """The concepts for which the tables have a word of this language family; none for a language without tables."""
    rows = (row for name in concepts.TABLES for row in table(name).items())
    return frozenset(concept for concept, row in rows if row.get(family) and concept != EXCEPTION)


def everywhere(text: str, words: list[Token], flags: bytes | bytearray | None = None) -> list[Match]:
    """The claims in a text whose language is not known."""
    return lexicon_for("*").find(text, words, flags)


def like(word: str, pattern: str) -> bool:
    """Whether the tables' `pattern` is the word, its stem (`pamu*`), its ending (`*shirt`) or any word (`?`)."""
    if pattern == "?":
        return True
    if pattern.endswith("*"):
        return word.startswith(pattern[:-1])
    if pattern.startswith("*"):
        return word.endswith(pattern[1:])
    return word == pattern


def in_case(word: str, case: str) -> bool:
    return not case or word == case or (case == "A" and word[0].isupper())


@cache
def parse_form(form: str, key: Callable[[str], str]) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """The words of a form of the tables as they are compared, the capitals that each needs, and the first as it stands."""
    words = form.split()
    heads = [word.strip("*") for word in words]
    case = tuple("" if h.islower() or h == "?" else (h if len(h) > 1 and h.isupper() else "A") for h in heads)
    return tuple(_fold(word, key) for word in words), case, heads[0]


def _fold(word: str, key: Callable[[str], str]) -> str:
    core = word.strip("*")
    if core == "?":
        return "?"
    return ("*" if word.startswith("*") else "") + key(core) + ("*" if word.endswith("*") else "")
