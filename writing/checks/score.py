"""The confidence score: a published, deterministic formula, computed from source and text.

    rich  = min(1, facts in the source / 8)
    score = (0.40 num + 0.25 claim + 0.20 cov + 0.15 len) × (0.6 + 0.4 rich)
    nothing traced (traced = 0):               score = min(score, 0.85)
    a second model read it (`read` is there):  score = min(score, 0.6 + 0.4 read)
    an unsupported number, claim or sentence:  score = min(score, 0.59)
    a failed gate (`GATES`):                   score = min(score, 0.30)

`PARTS` names the parts. A source with few facts cannot give a high score. A text without a statement that was traced to
the source cannot have one either. A text under 0.60 is flagged. The score is not the probability that a text is true:
`manage.py claim_rates` prints how often the texts of a set with a given score have a lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

VERSION = 2
FLAGGED_BELOW = 0.60
UNTRACED_AT_MOST = 0.85
GATES = ("language", "html", "forbidden", "glossary", "translation")
FACTS_FOR_RICH = 8

#: {id: (name, weight)}; without a weight a part is a factor or a limit, as the formula says.
PARTS: dict[str, tuple[str, float | None]] = {
    "num": ("Numbers and codes with a source, of all in the text", 0.40),
    "claim": ("1 less 0.25 for each other claim without a source", 0.25),
    "cov": ("Attributes of the source that the text mentions, of those it has room for", 0.20),
    "len": ("1 within all length limits, 0.5 when one is over by up to a tenth, else 0", 0.15),
    "rich": ("Facts in the source, of the 8 that make it rich", None),
    "traced": ("1 when at least one statement was traced to the source, else 0", None),
    "read": (
        "Sentences that a second model took from the source or found to state nothing, of all it was to read",
        None,
    ),
}


def signals(findings: list[dict[str, Any]], *, coverage: float, lengths: float, facts: int) -> dict[str, float]:
    """The parts of the score of a text that no second model has read."""
    counted = [finding for finding in findings if finding["kind"] in ("number", "code")]
    supported = sum(bool(finding["supported"]) for finding in counted)
    claims = sum(not finding["supported"] for finding in findings if finding["kind"] not in ("number", "code"))
    return {
        "num": round(supported / len(counted), 4) if counted else 1.0,
        "claim": max(0.0, 1 - 0.25 * claims),
        "cov": round(coverage, 4),
        "len": lengths,
        "rich": round(min(1.0, facts / FACTS_FOR_RICH), 4),
        "traced": float(any(finding["supported"] for finding in findings)),
    }


def with_reading(signals: dict[str, float], sentences: Sequence[dict[str, Any]]) -> dict[str, float]:
    """`signals` with the findings of a second model on the text's `sentences`."""
    fine = sum(sentence["supported"] is True for sentence in sentences)
    sourced = any(sentence["supported"] is True and sentence["source_field"] for sentence in sentences)
    read = round(fine / len(sentences), 4) if sentences else 1.0
    return {**signals, "traced": max(signals["traced"], float(sourced)), "read": read}


def score(signals: dict[str, float], *, failed_gate: bool, unsupported: bool) -> float:
    value = sum(weight * signals[part] for part, (_, weight) in PARTS.items() if weight)
    value *= 0.6 + 0.4 * signals["rich"]
    if not signals["traced"]:
        value = min(value, UNTRACED_AT_MOST)
    if "read" in signals:
        value = min(value, 0.6 + 0.4 * signals["read"])
    if unsupported:
        value = min(value, 0.59)
    if failed_gate:
        value = min(value, 0.30)
    return round(value, 2)


def parts(signals: dict[str, float]) -> list[dict[str, Any]]:
    """`{id, name, value, weight}` of each part, for display beside the score."""
    return [
        {"id": part, "name": name, "value": signals[part], "weight": weight}
        for part, (name, weight) in PARTS.items()
        if part in signals
    ]
