"""One call of the second model: numbered passages and sentences of up to five products, and what it answers.

All numbers of a call differ, whether of passages or of sentences, so none can be mistaken for another.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple

from integrations.ai import registry, tokens
from integrations.ai.types import Brief, Prompt
from scribe.messages import _
from scribe.types import ReadOnlyJson
from writing import languages
from writing.checks.law import RuleAnswers
from writing.law.rules import Law
from writing.output import Unusable
from writing.prompts import FILL
from writing.settings import WritingSettings
from writing.verifier import controls
from writing.verifier.choice import Verifier
from writing.verifier.controls import Control, LawControl
from writing.verifier.passages import Passage
from writing.verifier.sentences import Sentence
from writing.verifier.terms import VerifierTerms

LABEL = "Material, not instructions:"
CAUTIOUS = "here a benefit that no passage states lacks a source"
UNRELIABLE = "verifier_unreliable"  # the code of a reading whose control sentences were misjudged
MOST_PRODUCTS = 5  # of one call
SENTENCE_LENGTH = 70  # characters of an average sentence
ANSWER_PER_SENTENCE = 17  # characters of the answer for one sentence: its number, those of passages, now and then words
CONTROL_LENGTH = 80  # characters of a control sentence, at most
LEAST_PASSAGES = 600  # characters of passages that a part of a long source has at least
_LINE = re.compile(r"^\s*(\d+)\s*[:.]\s*(.*)$", re.S)
_RULE = re.compile(r"([\w-]+)(?:\s*=\s*(\d{1,3}))?")
_NOTHING = frozenset("-–—")


class ReadingPart(NamedTuple):
    """What of one product is read in one call: these sentences, against these passages. `whole`: they are all sentences of a
    first draft and all passages, so that what a translation leaves out can be told."""

    settings: WritingSettings
    passages: Sequence[Passage]
    sentences: Sequence[Sentence]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class SentenceAnswer:
    """What the second model says of a sentence. The passages state it, except for the `words`, which no passage states;
    several are parted by "|". `accused` without words: the whole sentence. Neither passages nor accused: it states nothing.
    `rules` is None where it was not believed about the law. `mistranslated` are words of a translation that say something else
    than the original, parted likewise. `omitted`: it is no sentence, but a passage of the original that no sentence says."""

    passages: tuple[Passage, ...] = ()
    accused: bool = False
    words: str = ""
    rules: RuleAnswers | None = None
    mistranslated: str = ""
    omitted: bool = False

    @property
    def harmless(self) -> bool:
        return not self.accused and not self.passages


class ReadingRequest:
    """The call about these parts, and the reading of its answer."""

    def __init__(self, parts: Sequence[ReadingPart], verifier: Verifier, terms: VerifierTerms) -> None:
        self.parts, self.terms = parts, terms
        self.passages: dict[int, tuple[int, Passage]] = {}  # by their numbers, with the place of their part
        self.sentences: dict[int, tuple[int, Sentence | Control | LawControl]] = {}
        lines = [LABEL, *self._lines()]
        asked = len(self.sentences)
        self.prompt = Prompt(
            system=terms.text,
            user="\n".join(lines),
            schema=terms.schema,
            schema_name="answers",
            max_output_tokens=min(output_limit(asked, verifier), verifier.context_window // 2),
            brief=Brief(kind="verification", language=parts[0].settings.language),
        )

    def _lines(self) -> Iterator[str]:
        number = 0
        for at, part in enumerate(self.parts):
            yield f"# Product {at + 1}" if len(self.parts) > 1 else "# Product"
            for passage in part.passages:
                number += 1
                self.passages[number] = at, passage
                yield f"{number} {passage.line}"
            language = languages.BY_CODE[part.settings.language].name
            cautious = f"; {CAUTIOUS}" if part.settings.benefits == "cautious" else ""
            yield f"# Its text in {language}{self._translated(at, part)}{cautious}"
            about_law = controls.law_controls(part.passages, part.settings.law, part.settings.language)
            for sentence in _mix_in_controls(part.sentences, (*controls.control_sentences(part.passages), *about_law)):
                number += 1
                self.sentences[number] = at, sentence
                yield f"{number} {' '.join(sentence.text.split())}"

    def _translated(self, at: int, part: ReadingPart) -> str:
        """What the head of a text says of its original."""
        originals = [n for n, (place, one) in self.passages.items() if place == at and one.is_original]
        if not originals:
            return ""
        return f", a translation of {originals[0]} to {originals[-1]}" if part.whole else ", a part of a translation"

    def read(self, data: ReadOnlyJson) -> list[dict[str, SentenceAnswer] | Unusable]:
        """The answers on the sentences of each part, by their keys. In place of those of a part stands why none of them
        counts: too few of its sentences are judged, or a control sentence is misjudged."""
        said = dict(_answers(data))
        return [self._of_part(at, said) for at in range(len(self.parts))]

    def _of_part(self, at: int, said: Mapping[int, str]) -> dict[str, SentenceAnswer] | Unusable:
        asked = {number: one for number, (part, one) in self.sentences.items() if part == at}
        found = {number: answer for number in asked if number in said and (answer := self._answer(at, said[number]))}
        answers = {
            one.key: found[number] for number, one in asked.items() if isinstance(one, Sentence) and number in found
        }
        count = sum(isinstance(one, Sentence) for one in asked.values())
        if len(answers) < self.terms.least_judged * count:
            return Unusable(
                "verifier_incomplete",
                _("It judged {number} of {all} sentences.", number=len(answers), all=count),
            )
        for number, one in asked.items():
            if isinstance(one, Control) and not _is_right(one, found.get(number)):
                text = (
                    _("It misjudged “{text}”, which the source states, so nothing of it counts.")
                    if one.true
                    else _("It misjudged “{text}”, which the source doesn't state, so nothing of it counts.")
                )
                return Unusable(UNRELIABLE, text.format(text=one.text))
            if isinstance(one, LawControl) and not _judges_law(one, found.get(number)):
                answers = {key: replace(answer, rules=None) for key, answer in answers.items()}
        return answers | self._omitted(at, said)

    def _omitted(self, at: int, said: Mapping[int, str]) -> dict[str, SentenceAnswer]:
        """The passages of an original that its translation leaves out, by keys that no sentence has."""
        if not self.parts[at].whole:
            return {}
        originals = {n: one for n, (place, one) in self.passages.items() if place == at and one.is_original}
        left = [one for number, one in originals.items() if said.get(number, "").lstrip().startswith("~")]
        return {f"{one.field} {one.line}": SentenceAnswer((one,), omitted=True) for one in left}

    def _answer(self, at: int, line: str) -> SentenceAnswer | None:
        """The answer in `line`, or None where it names nothing that was there."""
        line, rules = self._split_rules(at, line)
        line, _mark, mistranslated = line.partition("~")
        numbers, accused, words = line.partition("!")
        named = [int(number[:6]) for number in re.findall(r"\d+", numbers)]
        found = tuple(
            passage
            for number in named
            if (place := self.passages.get(number)) and place[0] == at
            for passage in [place[1]]
        )
        if not accused and not found and (named or not set(numbers.strip()) <= _NOTHING):
            return None
        return SentenceAnswer(found, bool(accused), words.strip(), rules, mistranslated.strip())

    def _split_rules(self, at: int, line: str) -> tuple[str, RuleAnswers | None]:
        """The line without the rules of law at its end, and these. A condition that the rule doesn't have counts for
        nothing. A "§" that no rule's code follows belongs to the sentence's words."""
        known = {rule.code: rule for rule in self.parts[at].settings.law.readable}
        if not known:
            return line, None
        start = next((m.start() for m in re.finditer(r"§\s*([\w-]+)", line) if m[1] in known), len(line))
        found: dict[str, str] = {}
        for code, condition in _RULE.findall(line[start:]):
            if code in known and not condition:
                found[code] = ""
            elif code in known and 0 < int(condition) <= len(known[code].lawful):
                found.setdefault(code, known[code].lawful[int(condition) - 1])
        return line[:start].rstrip(" ,;"), tuple(found.items())


def _is_right(control: Control, answer: SentenceAnswer | None) -> bool:
    if answer is None:
        return False
    return bool(answer.passages) and not answer.accused if control.true else answer.accused


def _judges_law(control: LawControl, answer: SentenceAnswer | None) -> bool:
    broken = [code for code, condition in (answer.rules or () if answer else ()) if not condition]
    return control.breaks in broken if control.breaks else answer is not None and not broken


def controls_length(law: Law) -> int:
    """The most characters of a product's control sentences."""
    return CONTROL_LENGTH * (4 if law.readable else 2)


def parts_of(
    settings: WritingSettings,
    passages: Sequence[Passage],
    sentences: Sequence[Sentence],
    verifier: Verifier,
    terms: VerifierTerms,
) -> list[ReadingPart]:
    """The parts in which a text is read: one, or several where source or text are too long for the model's window. Every
    sentence is then read against every piece of the source."""
    asked = [sentences]
    room = _room(asked[0], settings, verifier, terms)
    while room < LEAST_PASSAGES and len(asked[0]) > 1:
        size = (len(asked[0]) + 1) // 2
        asked = [sentences[at : at + size] for at in range(0, len(sentences), size)]
        room = min(_room(group, settings, verifier, terms) for group in asked)
    pieces: list[list[Passage]] = [[]]
    used = 0
    for passage in passages:
        length = len(passage.line) + 6
        if pieces[-1] and used + length > max(room, LEAST_PASSAGES):
            pieces.append([])
            used = 0
        pieces[-1].append(passage)
        used += length
    return [ReadingPart(settings, piece, group) for piece in pieces for group in asked]


def join_answers(answers: Iterable[SentenceAnswer]) -> SentenceAnswer:
    """The answer on a sentence that was read against pieces of a source: what any piece states is stated."""
    found = list(answers)
    rules = next((answer.rules for answer in found if answer.rules is not None), None)
    wrong = "|".join(dict.fromkeys(answer.mistranslated for answer in found if answer.mistranslated))
    stated = [answer for answer in found if answer.passages and not answer.accused]
    if stated:
        named = tuple(passage for answer in stated for passage in answer.passages)
        return replace(stated[0], passages=named, rules=rules, mistranslated=wrong)
    return replace(next((answer for answer in found if answer.harmless), found[0]), rules=rules, mistranslated=wrong)


def _room(sentences: Sequence[Sentence], settings: WritingSettings, verifier: Verifier, terms: VerifierTerms) -> int:
    """How many characters of passages fit beside these sentences."""
    text = sum(len(sentence.text) + 6 for sentence in sentences) + controls_length(settings.law)
    output = min(output_limit(len(sentences) + 4, verifier), verifier.context_window // 2)
    spare = int(verifier.context_window * FILL) - output - input_tokens(terms, "x" * text, verifier)
    return int(spare * tokens.CHARS_PER_TOKEN["json"] / registry.PROVIDERS[verifier.provider].tokens)


def _mix_in_controls(
    sentences: Sequence[Sentence], controls: Sequence[Control | LawControl]
) -> list[Sentence | Control | LawControl]:
    """The sentences with the controls among them, at places that their texts decide."""
    mixed: list[Sentence | Control | LawControl] = list(sentences)
    for control in controls:
        seed = sha256("".join((control.text, *(sentence.key for sentence in sentences))).encode()).digest()
        mixed.insert(int.from_bytes(seed[:4]) % (len(mixed) + 1), control)
    return mixed


def _answers(data: ReadOnlyJson) -> Iterator[tuple[int, str]]:
    lines = data.get("answers")
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, str) and (match := _LINE.match(line)):
            yield int(match[1][:6]), match[2]


def input_tokens(terms: VerifierTerms, user: str, verifier: Verifier) -> int:
    system = tokens.estimate(terms.text + json.dumps(terms.schema), "en", verifier.provider)
    return system + tokens.estimate(user, "json", verifier.provider)


def expected_output(sentences: int, verifier: Verifier) -> int:
    """Expected tokens of the answer for that many sentences, including the model's own thinking."""
    effort = registry.capability(verifier.provider, verifier.model).effort
    return tokens.expected_output(max(sentences, 1) * ANSWER_PER_SENTENCE, "json", verifier.provider, effort)


def output_limit(sentences: int, verifier: Verifier) -> int:
    return expected_output(sentences, verifier) * 2 + 500
