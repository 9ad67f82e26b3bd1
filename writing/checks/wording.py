"""The words by which a rule finds an unlawful sentence in one language.

`lists` are named lists of terms. Lines say what a sentence needs: `heals + disease` a term of each list, `good ~
nature` one of the second within five words behind one of the first. A sentence is accused when it fits a line of
`unlawful` and none of `lawful`.

A term is found in any case, without accents; `*` stands for letters, `#` for a number, `...` for up to four words, a
space for a hyphen, too. What the list `senses` has is not read: it has another meaning. A term of `denials` up to six
words before the first term of a line, or two behind it, denies it within its clause.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from scribe.errors import InvalidInput
from scribe.types import Json
from writing.checks.words import fold

SENSES, DENIALS = "senses", "denials"
BEFORE, BEHIND = 6, 2  # words around a term in which a denial counts
_PARTS = re.compile(r"\.\.\.|[*#]|[\s-]+|[^\s*#.-]+|\.")
_WORDS_BETWEEN = r"[\W_]+(?:\w+[\W_]+){0,4}?"
_SPACE = r"[\s\u2010-\u2015-]"
_FORMS = {"...": _WORDS_BETWEEN, "*": r"\w*", "#": r"\d[\d.,]*"}
_CLAUSE = re.compile(r"[,;:()\u2013\u2014.!?]|\b(?:but|aber|sondern|doch|mais|pero|sino|ma|bensi|ale|lecz)\b")
_WORD = re.compile(r"\w+")
_ALIKE = str.maketrans({"’": "'", "‘": "'", "`": "'", "₂": "2", "\u00ad": None, "\u00a0": " ", "\u202f": " "})
Line = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Wording:
    unlawful: tuple[Line, ...]
    lawful: tuple[Line, ...]
    senses: re.Pattern[str] | None
    denials: re.Pattern[str] | None

    def accuses(self, sentence: str) -> bool:
        """Whether the rule is about `sentence`."""
        said = fold_text(sentence)
        if self.senses:
            said = self.senses.sub(" | ", said)
        if not any(self._fits(line, said) for line in self.unlawful):
            return False
        return not any(all(part.search(said) for part in line) for line in self.lawful)

    def _fits(self, line: Line, said: str) -> bool:
        claims = [found for found in line[0].finditer(said) if not self._denied(said, found.start(), found.end())]
        return bool(claims) and all(part.search(said) for part in line[1:])

    def _denied(self, said: str, start: int, end: int) -> bool:
        if self.denials is None:
            return False
        before = _from_each_word(_CLAUSE.split(said[:start])[-1])[-BEFORE:]
        behind = _from_each_word(_CLAUSE.split(said[end:], maxsplit=1)[0])[:BEHIND]
        return any(self.denials.match(text) for text in (*before, *behind))


def _from_each_word(text: str) -> list[str]:
    """`text` from each of its words on."""
    return [text[word.start() :] for word in _WORD.finditer(text)]


@lru_cache(maxsize=256)
def fold_text(text: str) -> str:
    """`text` in lower case and without accents, with plain apostrophes and spaces."""
    return fold(text.translate(_ALIKE))


def wording(words: str, language: str) -> Wording | None:
    """The wording of a rule's `words`, a JSON text, in `language`; None when it has none."""
    return _by_language(words).get(language.partition("-")[0])


@lru_cache(maxsize=256)
def _by_language(words: str) -> dict[str, Wording]:
    return {language: read(given) for language, given in json.loads(words).items()}


def read(given: Json) -> Wording:
    """The wording that a rule gives for one language."""
    forms = {name: _any_of(terms) for name, terms in given["lists"].items()}

    def lines(key: str) -> tuple[Line, ...]:
        return tuple(tuple(_compile(part, forms) for part in str(line).split("+")) for line in given.get(key, ()))

    senses, denials = (re.compile(forms[name]) if name in forms else None for name in (SENSES, DENIALS))
    return Wording(lines("unlawful"), lines("lawful"), senses, denials)


def _compile(part: str, forms: dict[str, str]) -> re.Pattern[str]:
    return re.compile(_WORDS_BETWEEN.join(forms[name.strip()] for name in part.split("~")))


def _any_of(terms: Sequence[str]) -> str:
    """A pattern for any of the terms, grouped by their first letters, since `re` tries alternatives one by one."""
    forms = sorted({_form(term) for term in terms})
    groups = []
    for first, alike in groupby(forms, key=lambda form: form[:1]):
        if first.isalnum():
            groups.append(first + "(?:" + "|".join(form[1:] for form in alike) + ")")
        else:
            groups.extend(alike)
    return r"(?<!\w)(?:" + "|".join(groups) + r")(?!\w)"


def _form(term: str) -> str:
    parts = _PARTS.findall(re.sub(r"\s*\.\.\.\s*", "...", fold_text(term).strip()))
    form = ""
    for part in parts:
        space = not part.strip(" \t-")
        form += _FORMS.get(part) or (
            _SPACE + ("*" if form.endswith(_FORMS["#"]) else "+") if space else re.escape(part)
        )
    return form


def check(words: Json) -> None:
    """Raise InvalidInput for words that could not be used."""
    if not isinstance(words, dict) or not words:
        raise _wrong("The words are an object of languages.")
    for language, given in words.items():
        if not isinstance(given, dict) or not set(given) <= {"lists", "unlawful", "lawful"}:
            raise _wrong(f"`{language}` has `lists`, `unlawful` and `lawful`, and nothing else.")
        lists, unlawful, lawful = given.get("lists"), given.get("unlawful") or [], given.get("lawful") or []
        if not isinstance(lists, dict) or not all(map(_is_terms, lists.values())):
            raise _wrong(f"The `lists` of `{language}` are lists of terms.")
        if not unlawful:
            raise _wrong(f"`{language}` has no unlawful line.")
        named = [name.strip() for line in (*unlawful, *lawful) for name in re.split(r"[+~]", str(line))]
        if unknown := [name for name in named if name not in lists]:
            raise _wrong(f"A line of `{language}` names the list “{unknown[0]}”, which is not there.")


def _is_terms(terms: object) -> bool:
    return (
        isinstance(terms, list)
        and bool(terms)
        and all(isinstance(term, str) and re.search(r"\w|#", term) for term in terms)
    )


def _wrong(detail: str) -> InvalidInput:
    return InvalidInput.at("#/words", detail, "invalid_words")
