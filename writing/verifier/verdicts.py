"""What the verifier's answer is worth: each verdict is checked without a model before it counts.

A quote supports its sentence only if it stands in the source, says something about the sentence, and isn't cut out of a
negation. Accused words must stand in their sentence. A quote cannot support what the tables found without a source. One
limit is by design: a true quote about another part of the product is accepted as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scribe.language.detector import family
from writing.checks import CheckReport, coverage, lexicon, numbers, polarity
from writing.checks.words import fold, latin
from writing.facts import Facts
from writing.output import Unusable
from writing.settings import WritingSettings
from writing.verifier import passages, sentences
from writing.verifier.passages import Passage, Passages
from writing.verifier.sentences import Sentence
from writing.verifier.terms import HARMLESS, NONE, SUPPORTED, Thresholds, VerifierTerms

ID = "verification"
STEM = 4  # how many first letters identify a word
LONGEST_QUOTE = 300  # how many characters of a quote are shown
MOST_QUOTES = 8  # of one sentence

# The reason of a verdict: {code: (supported, in words)}. `supported` is None where a person must look although nothing
# is known to be wrong.
REASONS: dict[str, tuple[bool | None, str]] = {
    "literal": (True, "The sentence stands in the source as it is."),
    "quoted": (True, "The second model quotes the passage that states it."),
    "harmless": (True, "The second model finds no statement about the product in it."),
    "states_something": (
        True,
        "The second model finds no statement in it; the tables found “{words}”, with its source.",
    ),
    "tables_disagree": (True, "The second model accepts it; the tables find no source for “{words}”."),
    "no_source": (False, "The second model finds nothing in the source that states it."),
    "no_source_but_traced": (
        False,
        "The second model finds nothing in the source that states it; the tables traced “{words}” to {place}.",
    ),
    "no_quote": (False, "The second model calls it supported and quotes nothing."),
    "quote_not_in_source": (False, "The second model quotes “{words}”, which is not in the source."),
    "quote_denies": (False, "The quoted passage denies what it is quoted for: “{words}”."),
    "quote_unrelated": (None, "The quoted passage “{words}” shares no word, number or concept with the sentence."),
    "words_not_in_text": (None, "The second model objects to “{words}”, which the sentence doesn't say."),
    "not_judged": (None, "The second model gave no verdict on it."),
    "edited": (None, "A person wrote it after a second model had read the text."),
}
EDITED = "edited"
DISAGREEMENTS = frozenset({"states_something", "tables_disagree", "no_source_but_traced"})
UNJUDGED = frozenset({"literal", "not_judged", EDITED})
INVENTED = frozenset({"quote_not_in_source", "words_not_in_text"})


@dataclass(frozen=True, slots=True)
class SentenceVerdict:
    """The verdict on one sentence. `words` are those without support, or empty. `passage` is the one that states the
    sentence."""

    sentence: Sentence
    code: str
    words: str = ""
    about: str = ""  # words that the reason quotes
    passage: Passage | None = None

    @property
    def supported(self) -> bool | None:
        return REASONS[self.code][0]

    @property
    def reason(self) -> str:
        place = self.passage.field if self.passage else ""
        return REASONS[self.code][1].format(words=self.about[:LONGEST_QUOTE], place=place)

    def as_finding(self) -> dict[str, Any]:
        """`{text, kind, field, start, end, value, supported, code, reason, source_field, source_excerpt}`. `value` is
        the whole sentence. `text` is the part of it that the finding is about."""
        place = self.sentence.places[0]
        start, end = _span(self.sentence.text, self.words) or (0, len(self.sentence.text))
        return {
            "text": self.sentence.text[start:end],
            "kind": "sentence",
            "field": place.field,
            "start": place.start + start,
            "end": place.start + end,
            "value": self.sentence.text,
            "supported": self.supported,
            "code": self.code,
            "reason": self.reason,
            "source_field": self.passage.field if self.passage else None,
            "source_excerpt": self.passage.excerpt if self.passage else None,
        }


@dataclass(frozen=True)
class Reading:
    """One text before a second model reads it. `sentences` are all its sentences. `known` has those that stand
    literally in the source; the second model is asked about the others."""

    facts: Facts
    settings: WritingSettings
    report: CheckReport
    sentences: Sequence[Sentence]
    source: Passages
    known: dict[str, SentenceVerdict] = field(default_factory=dict)  # by the sentence's key

    @classmethod
    def of(cls, content: dict[str, Any], report: CheckReport, facts: Facts, settings: WritingSettings) -> Reading:
        reading = cls(facts, settings, report, sentences.of(content), Passages(facts, settings))
        for sentence in reading.sentences[: sentences.MOST]:
            passage = reading.source.find(sentence.text)
            if passage and not passage.turned:
                reading.known[sentence.key] = SentenceVerdict(sentence, "literal", passage=passage)
        return reading

    @property
    def asked(self) -> list[Sentence]:
        return [sentence for sentence in self.sentences[: sentences.MOST] if sentence.key not in self.known]

    def judge(self, data: dict[str, Any], terms: VerifierTerms) -> list[SentenceVerdict]:
        """A verdict for every sentence. Raises Unusable for an answer that judges too few sentences or invents too
        much."""
        asked, limits = self.asked, terms.thresholds
        rows = {row["number"]: row for row in _rows(data) if 1 <= row["number"] <= len(asked)}
        if len(rows) < limits.least_judged * len(asked):
            raise Unusable("verifier_incomplete", f"It judged {len(rows)} of {len(asked)} sentences.")
        found = {
            sentence.key: self._one(sentence, rows.get(number), limits) for number, sentence in enumerate(asked, 1)
        }
        codes = Counter(verdict.code for verdict in found.values())
        invented, cited = (
            sum(codes[code] for code in INVENTED),
            len(rows) - codes["harmless"] - codes["states_something"],
        )
        if invented > max(1, limits.most_invented * cited):
            raise Unusable(
                "verifier_unreliable",
                f"What it names in {invented} of {cited} sentences stands nowhere, so nothing of it counts.",
            )
        return [
            self.known.get(sentence.key) or found.get(sentence.key) or SentenceVerdict(sentence, "not_judged")
            for sentence in self.sentences
        ]

    def _one(self, sentence: Sentence, row: dict[str, Any] | None, limits: Thresholds) -> SentenceVerdict:
        if row is None:
            return SentenceVerdict(sentence, "not_judged")
        traced, untraced = self._tables(sentence)
        if row["verdict"] == NONE:
            words = str(row.get("words") or "").strip()
            if words and _span(sentence.text, words) is None:
                return SentenceVerdict(sentence, "words_not_in_text", about=words)
            if traced and not untraced:
                place = Passage(traced[0]["source_field"], traced[0]["source_excerpt"])
                return SentenceVerdict(sentence, "no_source_but_traced", words, traced[0]["text"], place)
            return SentenceVerdict(sentence, "no_source", words)
        if row["verdict"] == SUPPORTED and (refused := self._refused(sentence, row, limits)):
            return refused
        if untraced:
            return SentenceVerdict(sentence, "tables_disagree", about=untraced[0]["text"])
        if row["verdict"] == HARMLESS:
            return (
                SentenceVerdict(sentence, "states_something", about=traced[0]["text"])
                if traced
                else SentenceVerdict(sentence, "harmless")
            )
        return SentenceVerdict(sentence, "quoted", passage=self.source.find(_quotes(row)[0]))

    def _refused(self, sentence: Sentence, row: dict[str, Any], limits: Thresholds) -> SentenceVerdict | None:
        """The verdict that refuses the quotes, or None when they support the sentence."""
        quotes = _quotes(row)
        if not quotes:
            return SentenceVerdict(sentence, "no_quote")
        related = not limits.related
        for quote in quotes:
            passage = self.source.find(quote) if passages.letters(quote) >= limits.shortest_quote else None
            if passage is None:
                return SentenceVerdict(sentence, "quote_not_in_source", about=quote)
            if passage.turned or (passage.says_no and not self._denies(sentence)):
                return SentenceVerdict(sentence, "quote_denies", about=passage.excerpt, passage=passage)
            related = related or self._related(sentence, f"{passage.field.partition('.')[2]} {quote}")
        return None if related else SentenceVerdict(sentence, "quote_unrelated", about=quotes[0])

    def _tables(self, sentence: Sentence) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The tables' claims in a sentence: those with a source, and those without."""
        traced: list[dict[str, Any]] = []
        untraced: list[dict[str, Any]] = []
        for place in sentence.places:
            for claim in self.report.claims:
                if claim["field"] == place.field and claim["start"] < place.end and place.start < claim["end"]:
                    (traced if claim["supported"] else untraced).append(claim)
        return traced, untraced

    def _denies(self, sentence: Sentence) -> bool:
        words = lexicon.tokens(sentence.text)
        return any(polarity.of(family(self.settings.language)).spans(sentence.text, words))

    def _related(self, sentence: Sentence, quote: str) -> bool:
        """Whether a quote is about the sentence. True as well when they differ in language, where this cannot be
        told."""
        if coverage.translated(self.facts, self.settings):
            return True
        return bool(_marks(sentence.text) & _marks(quote))


def _quotes(row: dict[str, Any]) -> list[str]:
    quotes = row.get("quotes")
    found = quotes if isinstance(quotes, list) else [quotes]
    return [quote.strip() for quote in found[:MOST_QUOTES] if isinstance(quote, str) and quote.strip()]


def _rows(data: dict[str, Any]) -> list[dict[str, Any]]:
    rows = data.get("sentences")
    return [
        row
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict)
        and isinstance(row.get("number"), int)
        and row.get("verdict") in (SUPPORTED, NONE, HARMLESS)
    ]


def _span(text: str, words: str) -> tuple[int, int] | None:
    """The place of `words` in `text`, or None. They are compared as quotes are."""
    wanted = passages.key(words).split()
    if not wanted:
        return None
    have = list(passages.tokens(text))
    for at in range(len(have) - len(wanted) + 1):
        if have[at][0] == wanted[0] and [token for token, _, _ in have[at : at + len(wanted)]] == wanted:
            return have[at][1], have[at + len(wanted) - 1][2]
    return None


def _marks(text: str) -> set[str]:
    """The marks by which two texts are compared: beginnings of words, numbers, concepts."""
    words = lexicon.tokens(text)
    stems = {fold(word.text)[:STEM] for word in words if len(word.text) >= STEM}
    stems |= {latin(word.text)[:STEM] for word in words if len(word.text) >= STEM}
    found, codes = numbers.find(text)
    values = {f"{value:.6g}" for number in found for value in number.values}
    concepts = {match.concept for match in lexicon.everywhere(text, words)}
    return stems | values | concepts | {code.key for code in codes}
