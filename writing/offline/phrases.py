"""Saying single facts in a language: as a sentence, as a phrase after the name, as a line of a list."""

from __future__ import annotations

import zlib

from scribe.language import lexicon
from scribe.language.script import to_latin
from writing.offline import grammar, languages, values
from writing.offline.facts import Fact, ProductFacts
from writing.offline.text import capital

ORDER = ("material", "colour", "size", "audience", "weight", "measure", "count")
_BOX = ("length", "width", "height", "depth")
_MEASURES = ("measure", "length", "width", "height", "depth", "diameter", "weight")


class Voice:
    """One product in one language and tone."""

    def __init__(self, language: str, tone: str, product: ProductFacts) -> None:
        self.language = language
        self.code = languages.base(language)
        self.known = grammar.is_known(language)
        self.grammar = grammar.of(language)
        self.group = grammar.TONES.get(tone, "plain")
        self.product = product
        self.seed = zlib.crc32(product.name.encode())

    # --- values --------------------------------------------------------------------------------------------------

    def value(self, fact: Fact, form: str = "") -> tuple[list[str], bool]:
        """The values in this language, and whether all of them could be said in it."""
        source = self.product.language
        if not self.known:
            return list(fact.values), languages.same(source, self.language)
        out, sure = [], True
        for raw in fact.values:
            said, could = values.translate(fact.kind, raw, self.code, source, form)
            ours = said != raw or source in ("sr", "")  # another language's Cyrillic stays as it is
            out.append(to_latin(said) if self.language == "sr-Latn" and ours else said)
            sure = sure and could
        return list(dict.fromkeys(out)), sure

    def label(self, fact: Fact) -> str:
        """The attribute's name for a list: translated when known, else as the shop has it."""
        if fact.attribute and self.known:
            return capital(self._latin(fact.attribute.label(self.code)))
        return capital(fact.name)

    def subject(self, fact: Fact) -> str:
        """The name with its article; "" when the name is not known in this language."""
        if not (fact.attribute and self.known):
            return ""
        if self.code == "en":
            return fact.attribute.label("en")
        return self._latin(fact.attribute.subject(self.code))

    def word(self, kind: str, raw: str) -> tuple[str, bool]:
        """A category or an audience in this language, and whether it is known in it."""
        if (found := lexicon.value(kind, raw)) and self.known:
            return self._latin(found.words[self.code]), True
        return raw, languages.same(self.product.language, self.language)

    def _latin(self, word: str) -> str:
        return to_latin(word) if self.language == "sr-Latn" else word

    # --- forms ---------------------------------------------------------------------------------------------------

    def line(self, fact: Fact) -> str:
        """`Colour: Black, white`"""
        said, _ = self.value(fact)
        return f"{self.label(fact)}{self.grammar.colon}{values.listed(', '.join(said))}"

    def sentence(self, fact: Fact, first: bool) -> str:
        """The fact as a sentence, "" when it cannot be said as one in this language."""
        kind = fact.kind if fact.kind not in ("upper_material",) else "text"
        if kind == "material" and fact.key != "material":
            kind = "text"  # lining, sole: as lines of the list
        forms = self.grammar.sentences
        if kind in _MEASURES and kind not in ("weight",):
            kind = "measure"
        if kind not in forms or not (said := self._said(fact, kind)):
            return ""
        if kind == "colour" and self.code == "sr" and not self._declined(fact):
            kind = "colour_plain"
        pair = forms[kind]
        if len(fact.values) > 1 and kind in ("colour", "colour_plain", "size"):
            pair = self.grammar.many["colour" if kind.startswith("colour") else "size"]
            said = self.value(fact)[0]
        if kind == "measure" and fact.key == "dimensions":
            pair = forms["plural"]
        text = pair[0 if first else 1].format(v=self.grammar.join(said), label=self.subject(fact))
        return capital(text)

    def phrase(self, fact: Fact) -> str:
        """The fact as a few words after the name, "" when it cannot be said so."""
        kind = fact.kind
        if kind == "material" and fact.key != "material":
            return ""
        forms = self.grammar.phrases
        many = len(fact.values) > 1
        if kind not in forms or not (said := self._said(fact, kind)):
            return ""
        if kind == "measure" and not self.known:
            return ""
        if kind == "colour" and self.code == "sr":
            if many:
                said = self.value(fact)[0]
            elif not self._declined(fact):
                kind = "colour_plain"
        form = self.grammar.many_phrases.get(kind) if many else None
        label = fact.attribute.label(self.code) if fact.attribute and self.known else ""
        return (form or forms[kind]).format(v=self.grammar.join(said), label=self._latin(label))

    def _said(self, fact: Fact, kind: str) -> list[str]:
        """The values as they stand in a sentence; [] when one of them cannot stand in one."""
        form = {"material": "of", "colour": "in", "audience": "for"}.get(kind, "")
        said, sure = self.value(fact, form)
        if not sure or len(said) > 8:
            return []
        if kind in ("weight", "measure") and not (len(said) == 1 and values.has_unit(said[0])):
            return []
        if kind == "count" and not (len(said) == 1 and said[0].isdigit()):
            return []
        return said

    def _declined(self, fact: Fact) -> bool:
        found = [lexicon.value("colour", raw) for raw in fact.values]
        return all(row is not None and row.form for row in found)

    def box(self, facts: list[Fact], first: bool) -> tuple[str, list[Fact]]:
        """Length, width and height in one sentence: (sentence, the facts it covers)."""
        chosen = [fact for key in _BOX if (fact := next((f for f in facts if f.key == key), None))]
        if len(chosen) < 2 or "box" not in self.grammar.sentences:
            return "", []
        said = []
        for fact in chosen:
            one, sure = self.value(fact)
            if not sure or len(one) != 1 or not values.has_unit(one[0]):
                return "", []
            said.append(one[0])
        names = " × ".join(self._latin(f.attribute.label(self.code)) for f in chosen if f.attribute)
        text = self.grammar.sentences["box"][0 if first else 1].format(v=" × ".join(said), label=names)
        return capital(text), chosen

    def it(self, *, bold: bool = False, category: bool = True, audience: bool = True) -> str:
        """The product as a noun phrase: as much of name, brand, audience and category as is known in this language."""
        name = f"<strong>{self.product.name}</strong>" if bold else self.product.name
        out = name
        brand = self.product.brand
        if brand and brand.lower() not in self.product.name.lower():
            out += self.grammar.by.format(v=brand)
        if audience and (fact := self.product.get("gender")) and self.grammar.for_audience:
            said, sure = self.value(fact, "for")
            if sure:
                out += self.grammar.for_audience.format(v=self.grammar.join(said))
        if category and self.product.category:
            word, sure = self.word("category", self.product.category)
            if sure:
                out += self.grammar.from_category.format(v=word)
        return out

    def opening(self, *, bold: bool = False) -> str:
        """The first sentence of a description, by tone."""
        return self.grammar.openings[self.group].format(it=self.it(bold=bold))
