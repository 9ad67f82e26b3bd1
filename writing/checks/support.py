"""Whether a product's source supports a concept that a text names, and where."""

from functools import cached_property

from writing.checks import concepts, numbers
from writing.checks.index import Index, SourcePlace
from writing.checks.lexicon import Lexicon, Match
from writing.checks.numbers import Code
from writing.checks.polarity import PLAIN
from writing.checks.words import fold

# Kinds whose absence is a claim of its own ("without parabens"). Denials of other kinds may only contradict the source.
DENIALS = frozenset({"material", "certification", "warranty", "superlative"})
RANKS = frozenset({"number_one", "leading", "award", "bestseller", "world"})  # superlatives that name a rank
SHORTEST_ALIKE = 4  # letters of a word that is looked up in the source by its letters
LEAST_MORE = 2  # letters that a longer word has besides


class Support:
    """Looks concepts up in the indexes of a source. `lexicon` is that of the text's language."""

    def __init__(self, indexes: tuple[Index, ...], lexicon: Lexicon) -> None:
        self.indexes, self.lexicon = indexes, lexicon

    def of_code(self, code: Code) -> SourcePlace | None:
        return next(filter(None, (index.code(code) for index in self.indexes)), None)

    def of_any(self, text: str, readings: list[Match]) -> SourcePlace | None:
        """A word that may mean several things is supported when one of them is."""
        return next((place for match in readings if (place := self._of(text, match))), None)

    def silent(self, match: Match) -> bool:
        """Whether a denial claims nothing, as the source does not mention the thing. A sure one of `DENIALS` claims."""
        if match.doubtful:
            return not self.mentioned(match.concept)
        if not match.negated or match.kind in DENIALS:
            return False
        return not any(match.concept in index.concepts for index in self.indexes)

    def _of(self, text: str, match: Match) -> SourcePlace | None:
        said = self.first(match.concept, negated=match.negated)
        if said is None and not match.negated:
            said = self._coded(match.concept)
        if said is None and match.doubtful:
            said = self.first(match.concept, negated=True)
        if said is None and match.concept == "comparison:part":
            said = next(filter(None, (index.share() for index in self.indexes)), None)
        if said is None and not match.negated:
            said = self._part_of(text, match)
        if said is None and match.concept.startswith("brand:"):  # "Apple" in a text about apples
            key = numbers.normal(text[match.start : match.end])
            return next((place for index in self.indexes if (place := index.mention(key))), None)
        if match.kind != "superlative" or match.concept in RANKS:
            return said
        if said is None:
            return None
        # "the lightest" does not support "the softest": the source needs the same word, or one in another language.
        key = fold(text[match.start : match.end])
        likewise = key[:5] if match.concept == "best" else key[:7]
        for index in self.indexes:
            if place := index.likewise.get(likewise):
                return place
        return None if self._same_language else said

    def denied(self, match: Match) -> bool:
        """Whether the source denies what a text states, and affirms it nowhere. What else licenses the concept is then
        no excuse: a bag that "repels splashes, but is not waterproof" is not waterproof."""
        return (
            match.polarity == PLAIN
            and not self.affirmed(match.concept)
            and any(match.concept in index.negated for index in self.indexes)
        )

    def affirmed(self, concept: str) -> bool:
        return any(concept in index.concepts for index in self.indexes)

    def mentioned(self, concept: str) -> bool:
        return any(concept in store for index in self.indexes for store in (index.concepts, index.negated))

    @cached_property
    def _same_language(self) -> bool:
        """Whether a superlative of the source is also a superlative in the text's language."""
        words = (other.split(" ")[0] for index in self.indexes for other in index.superlatives)
        return any(form.kind == "superlative" for word in words for form in self.lexicon.first_words(word))

    def _coded(self, concept: str) -> SourcePlace | None:
        known = (index.codes.get(code) for code in concepts.codes(concept) for index in self.indexes)
        return next(filter(None, known), None)

    def _part_of(self, text: str, match: Match) -> SourcePlace | None:
        """Where a longer word of the source has a material in it: "wood" in "wooden", "Leder" in "Wanderleder"."""
        key = fold(text[match.start : match.end])
        if match.kind != "material" or match.first != match.last or len(key) < SHORTEST_ALIKE:
            return None
        for index in self.indexes:
            if any(key in word and len(word) > len(key) + LEAST_MORE for word in index.words):
                return index.stem(key)
        return None

    def first(self, concept: str, *, negated: bool = False) -> SourcePlace | None:
        others = concepts.licences(concept, negated=negated)
        for index in self.indexes:
            if place := (index.negated if negated else index.concepts).get(concept):
                return place
            if place := next((index.concepts[other] for other in others if other in index.concepts), None):
                return place
        return None
