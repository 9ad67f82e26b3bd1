"""The terms of the verifier in one version: its prompt, the schema of its answer, and the thresholds for believing it.

They are one row of the prompt texts, of the kind `verifier`. Its `parameters` hold `schema` and `thresholds`. Staff
publish the next version. It is refused if answers in its schema could not be read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from scribe.errors import InvalidInput
from writing import templates
from writing.templates import PromptText

KIND = "verifier"
SUPPORTED, NONE, HARMLESS = "supported", "none", "harmless"
# The properties that are read of each sentence. A schema may ask for more, in any order.
READ: dict[str, dict[str, Any]] = {
    "number": {"type": "integer"},
    "verdict": {"type": "string", "enum": [SUPPORTED, NONE, HARMLESS]},
    "quotes": {"type": "array", "items": {"type": "string"}},
    "words": {"type": "string"},
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The conditions for believing an answer.

    `shortest_quote`: how many letters and digits a quote needs to count. `least_judged`: the share of the sentences
    that an answer must judge. `most_invented`: of the sentences with a quote or accused words, the share in which these
    may be invented. If more are, and more than one, the whole answer is rejected. `related`: a quote in the text's
    language must share a word, a number or a concept with its sentence.
    """

    shortest_quote: int = 2
    least_judged: float = 0.8
    most_invented: float = 0.34
    related: bool = True


@dataclass(frozen=True, slots=True)
class VerifierTerms:
    version: int
    text: str
    schema: dict[str, Any]
    thresholds: Thresholds


def active() -> VerifierTerms:
    """The terms in use. Raises NotConfigured when staff have switched them off."""
    return _read(templates.active(KIND))


@lru_cache(maxsize=8)
def _read(row: PromptText) -> VerifierTerms:
    parameters = json.loads(row.parameters or "{}")
    return VerifierTerms(row.version, row.text, parameters["schema"], _thresholds(parameters["thresholds"]))


def check(parameters: Any) -> None:
    """Raise InvalidInput for parameters that the verifier could not work with."""
    given = parameters if isinstance(parameters, dict) else {}
    if set(given) != {"schema", "thresholds"} or not all(isinstance(value, dict) for value in given.values()):
        raise _wrong("The verifier's parameters are the objects `schema` and `thresholds`.")
    try:
        asked = given["schema"]["properties"]["sentences"]["items"]["properties"]
        fits = all(asked[name][word] == value for name, form in READ.items() for word, value in form.items())
    except (KeyError, TypeError):
        fits = False
    if not fits:
        raise _wrong(
            "The schema asks for `sentences`, a list of objects with at least these properties: " + json.dumps(READ)
        )
    _thresholds(given["thresholds"])


def _thresholds(given: dict[str, Any]) -> Thresholds:
    wanted = {field.name: type(field.default) for field in fields(Thresholds)}
    if set(given) != set(wanted):
        raise _wrong(f"The thresholds are {', '.join(sorted(wanted))}.")
    for name, kind in wanted.items():
        value = given[name]
        if isinstance(value, bool) != (kind is bool) or not isinstance(value, bool | int | float):
            raise _wrong(f"`{name}` is not of its kind.")
        if (kind is float and not 0 <= value <= 1) or (kind is int and (value != int(value) or value < 1)):
            raise _wrong(f"`{name}` is {'from 0 to 1' if kind is float else 'a whole number above 0'}.")
    return Thresholds(**{name: kind(given[name]) for name, kind in wanted.items()})


def _wrong(detail: str) -> InvalidInput:
    return InvalidInput.at("#/parameters", detail, "invalid_parameters")
