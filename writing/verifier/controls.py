"""Control sentences: of each product one that its source states and one that it surely does not state.

A reader who misjudges them is not believed: one who calls everything harmless, names any passage, or accuses
everything. Both are made of the product's own facts and look alike. Where rules of law are judged, too, two more are
examples of the rules: one that breaks a rule beyond doubt, and one that keeps them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from writing.law.rules import Law
from writing.verifier.passages import Passage

LONGEST = 90  # characters of a fact that a control sentence is made of
NO_FACT = "Warranty: {number} years"
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Control:
    text: str
    true: bool


@dataclass(frozen=True, slots=True)
class LawControl:
    """A sentence that breaks the rule of law with this code, or, without one, none."""

    text: str
    breaks: str


def law_controls(passages: Sequence[Passage], law: Law, language: str) -> tuple[LawControl, ...]:
    """An unlawful and a lawful sentence, of rules that the product's passages choose; none without rules."""
    examples = [(rule.code, found) for rule in law.readable if (found := rule.example(language))]
    if not examples:
        return ()
    seed = int.from_bytes(sha256("".join(one.line for one in passages).encode()).digest()[:4])
    code, (unlawful, _lawful) = examples[seed % len(examples)]
    _code, (_unlawful, lawful) = examples[(seed + 1) % len(examples)]
    return LawControl(unlawful, code), LawControl(lawful, "")


def control_sentences(passages: Sequence[Passage]) -> tuple[Control, Control]:
    """The true and the false control of these passages of one product, always the same ones."""
    facts = [one for one in passages if one.label and len(one.line) <= LONGEST] or [passages[0]]
    facts.sort(key=lambda one: (one.field == "name", sha256(one.line.encode()).digest()))
    whole = {number for one in passages for number in _NUMBER.findall(one.line)}
    numbered = [one for one in facts if one.field != "name" and one.text[:1].isdigit()]
    turned = next(iter(numbered), None)
    true = next((one for one in facts if one is not turned), facts[0])
    if turned is None:
        return Control(true.line[:LONGEST], True), Control(NO_FACT.format(number=_other("8", whole)), False)
    changed = _NUMBER.sub(lambda match: _other(match[0], whole), turned.text, count=1)
    return Control(true.line[:LONGEST], True), Control(f"{turned.label}: {changed}", False)


def _other(number: str, known: set[str]) -> str:
    """A number that is far from `number`, and none of those `known`."""
    value = int(number[:9]) * 3 + 17
    while str(value) in known:
        value += 11
    return str(value)
