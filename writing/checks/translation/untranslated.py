"""Attributes and search words that were left in the language of the original.

A name or value is an error where it is the original's and the tables of shops' words have another one in the language
of the translation, or where it has two plain words or more: “stainless steel” is no German. A single word that no table
knows may be a name, or the same in both languages. Search words that all stay as they were are an error as well, and so
are colours, materials and audiences among them; others may be searched for in English.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from scribe.language import lexicon
from scribe.language.detector import family
from scribe.messages import _
from scribe.types import ReadOnlyJson
from writing.checks import numbers
from writing.checks.translation.pairs import Departure
from writing.fields import BY_NAME

ATTRIBUTES, TAGS, KEYWORD = BY_NAME["attributes"], BY_NAME["tags"], BY_NAME["seo.focus_keyword"]
PLAIN = 2  # words that no name consists of, from which a text is surely left as it was
MOST = 200  # entries
_WORD = re.compile(r"[^\W\d_]{3,}")


class Untranslated:
    """Judges a translation from `source` into `target`, of different families. `names` may stay: the product's,
    and terms that are not translated."""

    def __init__(self, source: str, target: str, names: Collection[str]) -> None:
        self.source, self.target = family(source), family(target)
        self.names = [name.casefold() for name in names if name]

    def departures(self, original: ReadOnlyJson, translation: ReadOnlyJson) -> Iterator[Departure]:
        before, after = ATTRIBUTES.of(original), ATTRIBUTES.of(translation)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from self._attributes(before, after)
        before, after = TAGS.of(original), TAGS.of(translation)
        if isinstance(before, list) and isinstance(after, list):
            yield from self._tags([*map(str, before)], [*map(str, after)])
        said = str(KEYWORD.of(translation) or "")
        if said and lexicon.fold(said) == lexicon.fold(str(KEYWORD.of(original))) and self._has_plain_words(said):
            text = _("The search word “{text}” was not translated.", text=said[:80])
            yield Departure(KEYWORD.name, "untranslated", text, text=said, start=0)

    def _attributes(self, before: ReadOnlyJson, after: ReadOnlyJson) -> Iterator[Departure]:
        names, values = set(map(lexicon.fold, before)), {lexicon.fold(str(value)) for value in before.values()}
        for name, value in islice(after.items(), MOST):
            known, said = lexicon.attribute(name), str(value)
            if lexicon.fold(name) in names and (
                self._has_plain_words(name) or (known and self._differs(known.labels, name))
            ):
                text = _("The name “{text}” was not translated.", text=name[:80])
                yield Departure(f"attributes.{name}", "untranslated", text, text=name)
            kind = known.kind if known else "text"
            left = lexicon.fold(said) in values and kind != "brand"
            if left and (self._is_known(kind, said) or self._has_plain_words(said)):
                text = _("The value “{text}” was not translated.", text=said[:80])
                yield Departure(f"attributes.{name}", "untranslated", text, text=said)

    def _tags(self, before: list[str], after: list[str]) -> Iterator[Departure]:
        held = set(map(lexicon.fold, before))
        left = [tag for tag in after[:MOST] if lexicon.fold(tag) in held]
        sure = [tag for tag in left if self._is_known("text", tag, but="text")]
        if not sure and 2 * len(left) >= len(after):
            sure = [tag for tag in left if self._has_plain_words(tag)][:1]
        for tag in sure:
            text = _("The search word “{text}” was not translated.", text=tag[:80])
            yield Departure(f"tags[{after.index(tag)}]", "untranslated", text, text=tag, start=0)

    def _is_known(self, kind: str, text: str, *, but: str = "") -> bool:
        """Whether the tables have another word for this one in the language of the translation, in a group that is not
        `but`."""
        found = lexicon.value(kind, text)
        return found is not None and found.group != but and self._differs(found.words, text)

    def _differs(self, words: Mapping[str, str], text: str) -> bool:
        here, there = words.get(self.source), words.get(self.target)
        folded = lexicon.fold(text)
        return bool(here and there) and folded == lexicon.fold(here or "") != lexicon.fold(there or "")

    def _has_plain_words(self, text: str) -> bool:
        rest = text.casefold()
        for name in self.names:
            rest = rest.replace(name, " ")
        codes = [(code.start, code.end) for code in numbers.find(text)[1]]
        plain = [
            match[0]
            for match in _WORD.finditer(text)
            if match[0].islower() and match[0] in rest and not any(a <= match.start() < b for a, b in codes)
        ]
        return len(plain) >= PLAIN
