"""The words that a merchant banned, and where a text has them.

Banned words come from the setting `forbidden_words`, from rules that edits taught, and from lines of the instructions such as "Avoid: cheap, free" or
"Never use the word “cheap”". A ban of a word covers its forms (`wordforms`), in any case, with or without marks, and
disguised. `*` at its end allows any ending. A phrase is found word by word, and also when it is written as one word.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from writing.checks import wordforms
from writing.text import visible

_LISTS = re.compile(
    r"(?:^|[\n.;])[ \t*•-]*(?:things to avoid|words? to avoid|avoid(?: (?:the )?(?:words?|phrases?|terms?))?|forbidden(?: words?)?|banned(?: words?)?|"
    r"do(?:n.t| not) use|never use|verbotene (?:wörter|begriffe)|vermeide(?: die wörter)?|verwende nicht|mots? interdits?|à éviter|évite[rz]?|"
    r"palabras prohibidas|evita[r]?|no uses|parole vietate|da evitare|evitare|zabranjene re[čc]i|zabranjene rije[čc]i|izbegavaj(?:te)?|izbjegavaj(?:te)?|"
    r"забрањене речи|избегавај(?:те)?|palavras proibidas|evite|verboden woorden|vermijd|zakazane słowa|unikaj|запрещ[её]нные слова|избегай(?:те)?)"
    r"[ \t]*[:：][ \t]*([^\n]{2,400})",
    re.I,
)
_QUOTED = re.compile(
    r"\b(?:never|avoid|don.t use|do not use|don.t say|do not say|nicht|niemals|vermeide\w*|jamais|n.utilise\w*|évite\w*|nunca|evita\w*|mai|"
    r"nemoj\w*|ne koristi\w*|izbegavaj\w*|izbjegavaj\w*|nie używaj\w*|unikaj\w*|nooit|vermijd|не используй\w*|избегай\w*|не користи\w*)\b([^.\n]{0,200})",
    re.I,
)
_IN_QUOTES = re.compile(r"[\"“„«‚'‘]([^\"”“»’']{2,60})[\"”“»’']")


@lru_cache(maxsize=256)
def terms(listed: tuple[str, ...], instructions: str) -> tuple[str, ...]:
    """The banned terms of a merchant: the listed ones and those that the instructions name."""
    named = list(listed)
    for match in _LISTS.finditer(instructions):
        parts = re.split(
            r"[,;/|]|\s+(?:and|or|und|oder|et|ou|y|o|e|i|ili|lub|en|of|и|или)\s+", match[1].strip().rstrip(".")
        )
        named += [part.strip(" \"“”„«»'.") for part in parts if 0 < len(part.split()) <= 4]
    for match in _QUOTED.finditer(instructions):
        named += [quoted.strip() for quoted in _IN_QUOTES.findall(match[1])]
    return tuple(dict.fromkeys(term for term in named if len(term) > 1))


def find(text: str, terms: tuple[str, ...], language: str) -> Iterator[tuple[str, str]]:
    """Yield (term, how the text says it) for each banned term in `text`. Linear in the text and in the terms."""
    return TermIndex(terms, language).find(text) if terms else iter(())


class TermIndex:
    """Banned terms by the keys that a text must have to say one of them. Whoever keeps it asks many texts, each at a cost of
    its own length, however many the terms are."""

    def __init__(self, terms: tuple[str, ...], language: str) -> None:
        self.terms, self.language = terms, language
        self.beginnings = frozenset(
            wordforms.beginning(part, language) for term in terms for part in wordforms.WORD.findall(term)
        )
        self._by_key: dict[str, list[int]] = {}
        self._by_start: dict[str, list[int]] = {}  # terms that are compared letter by letter, by their first two
        self._open: set[int] = set()  # lengths of the keys that any ending may follow
        for number, term in enumerate(terms):
            if _is_literal(term):
                start = visible(term) if wordforms.is_unspaced(term) else term.lower()
                self._by_start.setdefault(start[:2], []).append(number)
                continue
            for key in _first_keys(term, language):
                self._by_key.setdefault(key, []).append(number)
                if key[0] == "*":
                    self._open.add(len(key) - 1)

    def find(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield (term, how the text says it) for each of the terms in `text`, in their order."""
        said = _Said(visible(text), self.language, self.beginnings)
        possible: set[int] = set()
        for key in (*said.at, *said.disguises):
            possible.update(self._by_key.get(key, ()))
        for word in said.in_order if self._open else ():
            for length in self._open:
                possible.update(self._by_key.get(f"*{word[:length]}", ()))
        if self._by_start:
            for whole in {said.text, said.lowered}:
                for start in {whole[at : at + size] for at in range(len(whole)) for size in (1, 2)}:
                    possible.update(self._by_start.get(start, ()))
        for number in sorted(possible):
            if found := said.has(self.terms[number]):
                yield self.terms[number], found


def _is_literal(term: str) -> bool:
    return bool(wordforms.is_unspaced(term) or re.search(r"\d", term) or not wordforms.WORD.search(term))


def _first_keys(term: str, language: str) -> frozenset[str]:
    """The keys of which a text must have one to say `term`, which has letters alone."""
    parts = wordforms.WORD.findall(term)
    first = wordforms.search_keys(parts[0], language, is_open=term.endswith("*") and len(parts) == 1)
    return first | wordforms.search_keys("".join(parts), language) if len(parts) > 1 else first


class _Said:
    """The words of one text by their keys."""

    def __init__(self, text: str, language: str, beginnings: frozenset[str]) -> None:
        self.text = text
        self.lowered = text.lower()
        self.language = language
        self.words = wordforms.words(text, language, beginnings)
        self.at: dict[str, list[int]] = {}
        for index, (_, keys) in enumerate(self.words):
            for key in keys:
                self.at.setdefault(key, []).append(index)
        self.in_order = sorted(key[1:] for key in self.at if key[0] == "=")
        self.disguises = {key: form for form, keys in wordforms.disguised_words(text, language) for key in keys}

    def has(self, term: str) -> str:
        """How the text says `term`, or ""."""
        if wordforms.is_unspaced(term):
            return term if visible(term) in self.text else ""
        if re.search(r"\d", term):
            if term.lower() not in self.lowered:
                return ""
            found = re.search(rf"(?<!\w){re.escape(term)}(?!\w)", self.text, re.I)
            return found[0] if found else ""
        parts = wordforms.WORD.findall(term)
        if not parts:
            return term if term.lower() in self.lowered else ""
        ways = [
            wordforms.search_keys(part, self.language, is_open=term.endswith("*") and part is parts[-1])
            for part in parts
        ]
        if len(parts) > 1:
            joined = wordforms.search_keys("".join(parts), self.language)
            return self._in_a_row(ways) or self._one(joined)
        return self._one(ways[0])

    def _one(self, keys: frozenset[str]) -> str:
        for key in keys:
            if key in self.at:
                return self.words[self.at[key][0]][0]
            if key in self.disguises:
                return self.disguises[key]
            if key[0] == "*" and (longer := self._longer(key[1:])):
                return longer
        return ""

    def _longer(self, beginning: str) -> str:
        index = bisect_left(self.in_order, beginning)
        found = self.in_order[index] if index < len(self.in_order) else ""
        return self.words[self.at[f"={found}"][0]][0] if found.startswith(beginning) else ""

    def _in_a_row(self, ways: list[frozenset[str]]) -> str:
        for first in sorted({index for key in ways[0] for index in self.at.get(key, ())}):
            following = self.words[first : first + len(ways)]
            if len(following) == len(ways) and all(
                self._is(keys, way) for (_, keys), way in zip(following, ways, strict=True)
            ):
                return " ".join(word for word, _ in following)
        return ""

    def _is(self, keys: frozenset[str], way: frozenset[str]) -> bool:
        if keys & way:
            return True
        beginnings = tuple(key[1:] for key in way if key[0] == "*")
        return bool(beginnings) and any(key[0] == "=" and key[1:].startswith(beginnings) for key in keys)
