"""What the second model's answers are worth: each is held against the tables before it counts.

The tables are nearly sure of numbers, codes, certificates and prices: what they find without a source there stays so,
unless the passage that is named has that number itself. Anything else the second model settles by naming a passage. A
sentence about which the tables know something is not harmless.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from scribe.messages import _
from scribe.types import Json, ReadOnlyJson
from writing.checks import CheckReport, numbers
from writing.facts import Facts
from writing.settings import WritingSettings
from writing.verifier import passages, sentences
from writing.verifier.passages import Passage
from writing.verifier.request import SentenceAnswer
from writing.verifier.sentences import Sentence

LONGEST_WORDS = 300  # characters of words that a reason quotes
ALIKE = 85  # how much words that were copied wrongly must be like the sentence's, of 100
# Kinds of the tables' findings that no reading overrules, and those that stand where a reading calls the sentence
# harmless.
NEARLY_SURE = frozenset({"number", "code", "certification", "price"})
KNOWN = NEARLY_SURE | {"origin", "award", "warranty", "delivery", "eco", "name"}

# The reason of a verdict: {code: (supported, in words)}. `supported` is None where a person must look although nothing
# is known to be wrong.
REASONS: dict[str, tuple[bool | None, str]] = {
    "literal": (True, _("The sentence stands in the source as it is.")),
    "traced": (True, _("The second model names the passage that states it.")),
    "harmless": (True, _("The second model finds no statement about the product in it.")),
    "states_something": (
        True,
        _("The second model finds no statement in it; the tables found “{words}”, with its source."),
    ),
    "tables_disagree": (False, _("The second model accepts it; the tables find no source for “{words}”.")),
    "no_source": (False, _("The second model finds nothing in the source that states it.")),
    "no_source_but_traced": (
        False,
        _("The second model finds nothing in the source that states it; the tables traced “{words}” to {place}."),
    ),
    "words_not_in_text": (None, _("The second model objects to “{words}”, which the sentence doesn't say.")),
    "not_judged": (None, _("The second model gave no verdict on it.")),
    "edited": (None, _("A person wrote it after a second model had read the text.")),
}
EDITED = "edited"
DISAGREEMENTS = frozenset({"states_something", "tables_disagree", "no_source_but_traced"})
UNJUDGED = frozenset({"literal", "not_judged", EDITED})
INVENTED = frozenset({"words_not_in_text"})


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
        return REASONS[self.code][1].format(words=self.about[:LONGEST_WORDS], place=place)

    def as_finding(self) -> Json:
        """`{text, kind, field, start, end, value, supported, code, reason, source_field, source_excerpt}`. `value` is
        the whole sentence. `text` is the part of it that the finding is about."""
        return {
            **place_of(self.sentence, self.words),
            "supported": self.supported,
            "code": self.code,
            "reason": self.reason,
            "source_field": self.passage.field if self.passage else None,
            "source_excerpt": self.passage.line if self.passage else None,
        }


def place_of(sentence: Sentence, words: str) -> Json:
    """Where a finding about these words of the sentence stands; about all of it without words."""
    place = sentence.places[0]
    start, end = _span(sentence.text, words) or (0, len(sentence.text))
    return {
        "text": sentence.text[start:end],
        "kind": "sentence",
        "field": place.field,
        "start": place.start + start,
        "end": place.start + end,
        "value": sentence.text,
    }


@dataclass(frozen=True)
class Reading:
    """One text before a second model reads it. `sentences` are all its sentences, `passages` those of the source.
    `literal` has the sentences that stand in the source word for word, and `known` the answers on an earlier draft of
    the text."""

    facts: Facts
    settings: WritingSettings
    report: CheckReport
    sentences: Sequence[Sentence]
    passages: list[Passage]
    literal: Mapping[str, Passage]
    known: dict[str, SentenceAnswer] = field(default_factory=dict)  # by the sentence's key

    @classmethod
    def of(
        cls,
        content: Json,
        report: CheckReport,
        facts: Facts,
        settings: WritingSettings,
        known: dict[str, SentenceAnswer] | None = None,
    ) -> "Reading":
        found = passages.passages_of(facts, settings)
        return cls(
            facts, settings, report, sentences.sentences_of(content), found, passages.literal(found), dict(known or {})
        )

    @property
    def asked(self) -> list[Sentence]:
        """The sentences that a second model is asked about. What stands in the source may still be unlawful, or not
        translated."""
        first = self.sentences[: sentences.MOST]
        literal = {} if self.settings.law.readable or self.facts.original else self.literal
        return [one for one in first if one.key not in literal and one.key not in self.known]

    def judge(self, answers: Mapping[str, SentenceAnswer]) -> list[SentenceVerdict]:
        """A verdict for every sentence."""
        return [
            self._one(sentence, answers.get(sentence.key) or self.known.get(sentence.key))
            for sentence in self.sentences
        ]

    def _one(self, sentence: Sentence, answer: SentenceAnswer | None) -> SentenceVerdict:
        if passage := self.literal.get(sentence.key):
            return SentenceVerdict(sentence, "literal", passage=passage)
        if answer is None:
            return SentenceVerdict(sentence, "not_judged")
        if answer.accused:
            return self._accused(sentence, answer)
        traced, untraced = self.claims(sentence)
        left = [claim for claim in untraced if not settles(answer, claim)]
        if left:
            return SentenceVerdict(sentence, "tables_disagree", left[0]["text"], left[0]["text"])
        if answer.passages:
            return SentenceVerdict(sentence, "traced", passage=answer.passages[0])
        if traced:
            place = Passage(traced[0]["source_field"], "", traced[0]["source_excerpt"])
            return SentenceVerdict(sentence, "states_something", about=traced[0]["text"], passage=place)
        return SentenceVerdict(sentence, "harmless")

    def _accused(self, sentence: Sentence, answer: SentenceAnswer) -> SentenceVerdict:
        named = [part.strip() for part in answer.words.split("|") if part.strip()]
        words = next((part for part in named if _span(sentence.text, part)), "")
        if named and not words:
            return SentenceVerdict(sentence, "words_not_in_text", about=named[0])
        traced, untraced = self.claims(sentence)
        if traced and not untraced and not answer.passages:
            place = Passage(traced[0]["source_field"], "", traced[0]["source_excerpt"])
            return SentenceVerdict(sentence, "no_source_but_traced", words, traced[0]["text"], place)
        return SentenceVerdict(sentence, "no_source", words)

    def claims(self, sentence: Sentence) -> tuple[list[Json], list[Json]]:
        """The tables' claims in a sentence: those with a source, and those without."""
        traced: list[Json] = []
        untraced: list[Json] = []
        for place in sentence.places:
            for claim in self.report.claims:
                if claim["field"] == place.field and claim["start"] < place.end and place.start < claim["end"]:
                    (traced if claim["supported"] else untraced).append(claim)
        return traced, untraced


def settles(answer: SentenceAnswer, claim: ReadOnlyJson) -> bool:
    """Whether the answer on a claim's sentence settles the claim, for which the tables have no source."""
    if claim["kind"] not in NEARLY_SURE:
        return bool(answer.passages) or claim["kind"] not in KNOWN
    if claim["kind"] != "number":
        return False
    values = claim["value"] if isinstance(claim["value"], list) else [claim["value"]]
    said = {value for passage in answer.passages for number in numbers.find(passage.line)[0] for value in number.values}
    return bool(said & set(values)) or in_words(answer)


def in_words(answer: SentenceAnswer) -> bool:
    """Whether what a sentence translates is without digits: "three quarters of an hour" may be "45 minuta"."""
    return bool(answer.passages) and all(
        one.is_original and not any(map(str.isdigit, one.text)) for one in answer.passages
    )


def _span(text: str, words: str) -> tuple[int, int] | None:
    """The place of `words` in `text`, or None. They are compared by their words and numbers; an ending may differ."""
    wanted = passages.key(words).split()
    if not wanted:
        return None
    have = list(passages.tokens(text))
    for at in range(len(have) - len(wanted) + 1):
        if have[at][0] == wanted[0] and [token for token, _unused, _unused in have[at : at + len(wanted)]] == wanted:
            return have[at][1], have[at + len(wanted) - 1][2]
    low, sought = text.lower(), words.lower()
    if len(low) != len(text) or len(sought) > len(low):
        return None
    near = fuzz.partial_ratio_alignment(sought, low, score_cutoff=ALIKE)
    return (near.dest_start, near.dest_end) if near and near.dest_end > near.dest_start else None
