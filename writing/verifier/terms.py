"""The terms of the second model in one version: its prompt, the schema of its answer, and when it is believed.

They are one row of the prompt texts, of the kind `reader`. Its `parameters` hold `schema` and `thresholds`. Staff
publish the next version. It is refused if answers in its schema could not be read.
"""

import json
from dataclasses import dataclass, replace
from functools import lru_cache

from scribe.errors import InvalidInput
from scribe.types import Json
from writing import templates
from writing.law import rules
from writing.law.rules import Law
from writing.templates import PromptText

KIND = "reader"
# What is read of an answer: a line for each sentence.
ANSWERS = {"type": "array", "items": {"type": "string"}}


@dataclass(frozen=True, slots=True)
class VerifierTerms:
    """`least_judged` is the share of the sentences that an answer must judge."""

    version: int
    text: str
    schema: Json
    least_judged: float = 0.8

    def under(self, law: Law) -> "VerifierTerms":
        """These terms with the rules of law by which the second model is to judge, too."""
        told = rules.reading_text(law)
        return self.with_text(told) if told else self

    def with_text(self, text: str) -> "VerifierTerms":
        """These terms with more text at their end."""
        return replace(self, text=f"{self.text}\n\n{text}")


def active() -> VerifierTerms:
    """The terms in use. Raises NotConfigured when staff have switched them off."""
    return _read(templates.active(KIND))


@lru_cache(maxsize=8)
def _read(row: PromptText) -> VerifierTerms:
    parameters = json.loads(row.parameters or "{}")
    return VerifierTerms(row.version, row.text, parameters["schema"], float(parameters["least_judged"]))


def check(parameters: object) -> None:
    """Raise InvalidInput for parameters that the reading could not work with."""
    given = parameters if isinstance(parameters, dict) else {}
    if set(given) != {"schema", "least_judged"}:
        raise _wrong("The reader's parameters are the object `schema` and the number `least_judged`.")
    try:
        asked = given["schema"]["properties"]["answers"]
        fits = all(asked[name] == value for name, value in ANSWERS.items())
    except (KeyError, TypeError):
        fits = False
    if not fits:
        raise _wrong("The schema asks for `answers`: " + json.dumps(ANSWERS))
    least = given["least_judged"]
    if isinstance(least, bool) or not isinstance(least, int | float) or not 0 <= least <= 1:
        raise _wrong("`least_judged` is from 0 to 1.")


def _wrong(detail: str) -> InvalidInput:
    return InvalidInput.at("#/parameters", detail, "invalid_parameters")
