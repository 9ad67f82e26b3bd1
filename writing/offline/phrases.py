"""Saying single facts in a language: their names, their values, and both as a line of a list."""

from scribe.language import lexicon
from scribe.language.script import to_latin
from writing.offline import grammar, values
from writing.offline.facts import Fact, ProductFacts
from writing.offline.text import capital

ORDER = ("material", "colour", "size", "audience", "weight", "measure", "count")


class Voice:
    """One product in one language."""

    def __init__(self, language: str, product: ProductFacts) -> None:
        self.language = language
        self.code = grammar.base(language)
        self.known = grammar.is_known(language)
        self.grammar = grammar.grammar_for(language)
        self.product = product

    def value(self, fact: Fact) -> tuple[list[str], bool]:
        """The values in this language, and whether all of them could be said in it."""
        source = self.product.language
        if not self.known:
            return list(fact.values), grammar.same(source, self.language)
        out, sure = [], True
        for raw in fact.values:
            said, could = values.translate(fact.kind, raw, self.code, source)
            ours = said != raw or source in ("sr", "")  # another language's Cyrillic stays as it is
            out.append(self._latin(said) if ours else said)
            sure = sure and could
        return list(dict.fromkeys(out)), sure

    def label(self, fact: Fact) -> str:
        """The attribute's name: translated when known, else as the shop has it."""
        if fact.attribute and self.known:
            return capital(self._latin(fact.attribute.label(self.code)))
        return capital(fact.name)

    def word(self, kind: str, raw: str) -> tuple[str, bool]:
        """A category or an audience in this language, and whether it is known in it."""
        if (found := lexicon.value(kind, raw)) and self.known:
            return self._latin(found.words[self.code]), True
        return raw, grammar.same(self.product.language, self.language)

    def _latin(self, word: str) -> str:
        return to_latin(word) if self.language == "sr-Latn" else word

    def in_order(self) -> list[Fact]:
        """The facts, the most informative first."""
        rank = {kind: number for number, kind in enumerate(ORDER)}
        return sorted(self.product.facts, key=lambda fact: rank.get(fact.kind, len(rank)))

    def line(self, fact: Fact) -> str:
        """`Colour: Black, white`"""
        said, _ = self.value(fact)
        return f"{self.label(fact)}{self.grammar.colon}{values.list_entry(', '.join(said))}"

    def lines(self) -> list[str]:
        """A line for each fact, the brand and the category, the most informative first."""
        found = [self.line(fact) for fact in self.in_order()]
        for label, value in ((self.grammar.brand, self.product.brand), (self.grammar.category, self.product.category)):
            if label and value:
                found.append(f"{label}{self.grammar.colon}{self.word('category', value)[0]}")
        return found

    def few(self, fact: Fact) -> str:
        """The values alone where they say by themselves what they are and could be translated; else ""."""
        said, sure = self.value(fact)
        return ", ".join(said) if sure and fact.kind in ORDER[:3] else ""

    def title(self) -> str:
        """`Name – Brand`"""
        name, brand = self.product.name, self.product.brand
        return name if not brand or brand.lower() in name.lower() else f"{name} – {brand}"
