"""Find the words of a text that a negation applies to.

A negation applies to the words after it in its clause ("without parabens or silicones"). A phrase such as "not
included" applies to the words before it. A negation that ends its clause ("im Trockner nicht") also reaches back over
the clause. Words are `DOUBTFUL` if it may belong to another word ("the handle is not removable"): both readings then
count as said. The negations are those of `data/negations.json`.
"""

import re
from collections.abc import Sequence
from functools import cache

from writing.checks.tables import table
from writing.checks.words import Token, fold, latin

PLAIN, NEGATED, DOUBTFUL = 0, 1, 2
AMBIGUOUS = frozenset({"a", "no"})  # end a negation's reach in one language, and are other words in the next
BACK = 4  # words before a negation that it may also deny
REACH = 5  # words after a negation that it applies to
FEARED = 2  # words after a negation among which a word of fear cancels it
LONGEST_ANSWER = 4  # words of a field's value that only denies
SHORTEST_LACKED = 4  # letters of a word after a prefix that denies it
SURE = 3  # words after "without" that it certainly applies to
_CLAUSE = re.compile(r"[.;:!?\n()\u2022\u2013\u2014]|,")
_APOSTROPHES = "'’"


class Negations:
    """The negations of one language family, or of all (`*`), folded."""

    def __init__(self, family: str) -> None:
        rows = table("negations")
        self.serbian = family in ("sr", "*")
        self.unlike = _unlike(family)
        self.before = _words(rows["before"], family)
        self.limits = _words(rows["limits"], family) - (AMBIGUOUS if family == "*" else frozenset())
        self.ands, self.verbs = _words(rows["and"], family), _words(rows["verbs"], family)
        self.ifs = _words(rows["if"], family)
        self.only = _words(rows["only"], family)
        self.suffixes = tuple(sorted(_words(rows["suffixes"], family)))  # "parfümfrei"
        self.prefixes = tuple(sorted(_words(rows["prefixes"], family)))  # "ongeparfumeerd"
        self.joined = _words(rows["joined"], family)  # "BPA free"
        self.after = _phrases(rows["after"], family)
        self.loosely = _phrases(rows["loosely"], family)  # "must not go in the dryer"
        self.leading = _phrases(rows["leading"], family)
        self.lacks = _words(rows["lacks"], family)  # "without"
        self.withs = _words(rows["with"], family)  # ends the reach of "without": "without lining and with two pockets"
        self.fears = _words(rows["fears"], family)  # "does not mind splashes" says that it stands them
        self.hedges = _words(rows["hedges"], family)  # words of a sentence that restricts something
        self.phrases = (self.after, self.loosely, self.leading)
        self.holds = _words(rows["holds"], family)  # "(not) included"
        self.telling = self.before | {
            word for phrases in self.phrases for group in phrases.values() for phrase in group for word in phrase
        }  # any word of a negation
        opening = {first for phrases in self.phrases for first in phrases}
        self.triggers = self.before | self.joined | self.ifs | opening | {"t"}  # without them nothing is denied

    def spans(self, text: str, words: Sequence[Token]) -> bytearray:
        """Per word PLAIN, NEGATED or DOUBTFUL. The work is linear in the words."""
        count = len(words)
        flags = bytearray(count)
        keys = [self.key(word.text) for word in words]
        if self.triggers.isdisjoint(keys):
            return flags
        clauses = _clauses(text, words)
        for index, key in enumerate(keys):
            clause = clauses[index]
            if key in self.joined and not following(self.leading, keys, index):
                if index and words[index].start - words[index - 1].end == 1 and clauses[index - 1] == clause:
                    flags[index - 1] = NEGATED
                continue
            if key in self.ifs:
                for at in range(index + 1, min(count, index + 2 * REACH)):
                    if clauses[at] != clause:
                        break
                    flags[at] = flags[at] or DOUBTFUL
            flag, phrase = NEGATED, following(self.after, keys, index)
            if not phrase:
                flag, phrase = DOUBTFUL, following(self.loosely, keys, index)
            if phrase == 1 and key in self.before and index + 1 < count and clauses[index + 1] == clause:
                phrase = 0  # "нет подсветки" looks ahead, "подсветки нет" back
            bracketed = index and "(" in text[words[index - 1].end : words[index].start]
            if phrase and key in self.before and not bracketed and (not index or clauses[index - 1] != clause):
                phrase = 0  # "não acompanha enrolador" has nothing before it
            if (
                phrase
                and index
                and clauses[index - 1] != clause
                and "(" in text[words[index - 1].end : words[index].start]
            ):
                clause = clauses[index - 1]  # "2 × AA (not included)"
            if phrase:
                for at in range(index - 1, max(-1, index - REACH - 1), -1):
                    if clauses[at] != clause:
                        break
                    flags[at] = flags[at] or flag
                for at in range(index, index + phrase):
                    flags[at] = flags[at] or flag
                continue
            if key in self.before and index and _answer(text, words, index):  # "bathroom: no"
                for at in range(index - 1, max(-1, index - BACK - 1), -1):
                    if clauses[at] != clauses[index - 1]:
                        break
                    flags[at] = NEGATED
                continue
            first = index + following(self.leading, keys, index)
            contracted = key == "t" and index and text[words[index].start - 1] in _APOSTROPHES
            if first == index:
                if key not in self.before and not contracted:
                    continue
                first = index + 1
            if first < count and keys[first] in self.only:
                continue
            if index and keys[index - 1] in self.fears and clauses[index - 1] == clause:
                continue  # "ne craint pas"
            if any(keys[at] in self.fears and clauses[at] == clause for at in range(first, min(count, first + FEARED))):
                continue
            bound = first < count and text[words[first - 1].end : words[first].start] == "-"  # "non-slip cotton"
            last, flag, lacks = first, NEGATED, key in self.lacks
            while last < min(count, first + (1 if bound else REACH)) and clauses[last] == clause:
                if keys[last] in self.limits or (lacks and keys[last] in self.withs):
                    break
                if keys[last] in self.ands and last + 1 < count and keys[last + 1] in self.verbs:
                    break  # "it has no scent and is vegan"
                if lacks and last - first >= SURE and keys[last - 1] not in self.ands:
                    flag = DOUBTFUL  # "ohne Ausziehen geht dank des Reißverschlusses"
                if keys[last] in self.ands:
                    flag = DOUBTFUL  # "no scent and tested by dermatologists"
                flags[last] = flag
                last += 1
            ends = last - index <= 2 and (last == count or clauses[last] != clause)
            if not bound and (ends or not lacks):  # "cures insomnia without side effects" does not deny insomnia
                for at in range(index - 1, max(-1, index - (REACH + 2 if ends else BACK)), -1):
                    if clauses[at] != clause:
                        break
                    flags[at] = flags[at] or DOUBTFUL
        return flags

    def answers_no(self, words: Sequence[Token]) -> bool:
        """Whether a few words are nothing but a denial, as the value of a field is: "Bulb: not included"."""
        keys = [self.key(word.text) for word in words[: LONGEST_ANSWER + 1]]
        if not 0 < len(keys) <= LONGEST_ANSWER:
            return False
        if len(keys) > 1 and any(following(phrases, keys, 0) == len(keys) for phrases in (self.after, self.loosely)):
            return True
        return keys[0] in self.before and len(keys) > 1 and all(key in self.holds for key in keys[1:])

    def lack_of(self, key: str) -> str:
        """The word that a folded word lacks by its prefix: "geparfumeerd" of "ongeparfumeerd". Else ""."""
        prefix = next((prefix for prefix in self.prefixes if key.startswith(prefix)), "")
        return key[len(prefix) :] if prefix and len(key) > len(prefix) + SHORTEST_LACKED else ""

    def key(self, word: str) -> str:
        """`word` in the folded form in which the negations are kept."""
        if self.unlike and word.lower() in self.unlike:
            return word.lower()
        return latin(word) if self.serbian else fold(word)

    def denied(self, key: str) -> bool:
        """Whether the ending of a folded word denies what the word names ("parfumfrei")."""
        return bool(self.suffixes) and len(key) > 6 and key.endswith(self.suffixes)

    def privative(self, patterns: Sequence[str]) -> bool:
        """Whether a form of the tables, in folded words, is itself about a lack: "bpa free", "kabellos*"."""
        words = [pattern.strip("*") for pattern in patterns]
        return any(word in self.joined or (self.suffixes and word.endswith(self.suffixes)) for word in words)


def _answer(text: str, words: Sequence[Token], index: int) -> bool:
    """Whether a word is all that follows a colon, up to the end of its clause."""
    if ":" not in text[words[index - 1].end : words[index].start]:
        return False
    return index + 1 == len(words) or _CLAUSE.search(text, words[index].end, words[index + 1].start) is not None


def _clauses(text: str, words: Sequence[Token]) -> list[int]:
    number, found, end = 0, [], 0
    for word in words:
        number += _CLAUSE.search(text, end, word.start) is not None
        end = word.end
        found.append(number)
    return found


def following(phrases: dict[str, list[tuple[str, ...]]], keys: Sequence[str], index: int) -> int:
    """The number of words of the longest of `phrases` that begins at `index`, or 0."""
    longest = 0
    for phrase in phrases.get(keys[index], ()):
        if len(phrase) > longest and tuple(keys[index : index + len(phrase)]) == phrase:
            longest = len(phrase)
    return longest


def _rows(row: dict[str, str], family: str) -> list[str]:
    lines = row.values() if family == "*" else [row.get(family, row.get("en", "")), row.get("any", "")]
    return [form for line in lines for form in line.split("|") if form]


def _words(row: dict[str, str], family: str) -> frozenset[str]:
    return frozenset(_key(form, family) for form in _rows(row, family))


def _phrases(row: dict[str, str], family: str) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for form in _rows(row, family):
        parts = tuple(_key(part, family) for part in form.split())
        found.setdefault(parts[0], []).append(parts)
    return found


def _key(form: str, family: str) -> str:
    if form in _unlike(family):
        return form
    return latin(form) if family in ("sr", "*") else fold(form)


@cache
def _unlike(family: str) -> frozenset[str]:
    """Words that keep their marks, as without them they are other words: "bež" is beige and "bez" without, "è" is "is" and "e" "and"."""
    return frozenset(_rows(table("negations")["unlike"], family))


@cache
def negations_for(family: str) -> Negations:
    return Negations(family)


@cache
def within(language: str) -> Negations:
    """The negations of a source's language, or of all languages if it is unknown. Words differ by language: "net" is a
    thing in English, and "no" is Portuguese for "in the"."""
    return negations_for(language or "*")
