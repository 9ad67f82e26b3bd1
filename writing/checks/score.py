"""The confidence score: a published, deterministic formula, computed from source and text.

A text that a second model has read (`read` is there) scores the share of its factual sentences that are traced to the
source: of 14 factual sentences 13. Without a reading the tables alone are counted, and nothing scores more than 0.90:

    rich  = min(1, facts in the source / 8)
    score = (0.40 num + 0.25 claim + 0.20 cov + 0.15 len) × (0.6 + 0.4 rich), at most 0.90

    over its lengths (len < 1):                     score = min(score, 0.85 + 0.10 len)
    nothing traced (traced = 0):                    score = min(score, 0.85)
    an unsupported number, claim or sentence:       score = min(score, 0.59)
    a failed gate (`GATES`):                        score = min(score, 0.30)

`PARTS` names the parts. A text under 0.60 is flagged. The score is not the probability that a text is true:
`python -m tests.writing.checks.rates` prints how often the texts of a set with a given score have a lie.
"""

from collections.abc import Sequence

from scribe.messages import _
from scribe.types import Json

VERSION = 3
FLAGGED_BELOW = 0.60
UNTRACED_AT_MOST = 0.85
UNREAD_AT_MOST = 0.90
GATES = ("language", "html", "forbidden", "glossary", "formality", "translation")
FACTS_FOR_RICH = 8

#: {id: (name, weight)}; without a weight a part is a factor or a limit, as the formula says.
PARTS: dict[str, tuple[str, float | None]] = {
    "num": (_("Numbers and codes with a source, of all in the text"), 0.40),
    "claim": (_("1 less 0.25 for each other claim without a source"), 0.25),
    "cov": (_("Attributes of the source that the text mentions, of those it has room for"), 0.20),
    "len": (_("1 within all length limits, 0.5 when one is over by up to a tenth, else 0"), 0.15),
    "rich": (_("Facts in the source, of the 8 that make it rich"), None),
    "traced": (_("1 when at least one statement was traced to the source, else 0"), None),
    "read": (_("Factual sentences that a second model traced to the source, of all factual ones"), None),
}


def signals(findings: list[Json], *, coverage: float, lengths: float, facts: int) -> dict[str, float]:
    """The parts of the score of a text that no second model has read."""
    return {
        **_count(findings),
        "cov": round(coverage, 4),
        "len": lengths,
        "rich": round(min(1.0, facts / FACTS_FOR_RICH), 4),
    }


def _count(findings: list[Json]) -> dict[str, float]:
    counted = [finding for finding in findings if finding["kind"] in ("number", "code")]
    supported = sum(bool(finding["supported"]) for finding in counted)
    claims = sum(not finding["supported"] for finding in findings if finding["kind"] not in ("number", "code"))
    return {
        "num": round(supported / len(counted), 4) if counted else 1.0,
        "claim": max(0.0, 1 - 0.25 * claims),
        "traced": float(any(finding["supported"] for finding in findings)),
    }


def recount_traced(signals: dict[str, float], findings: list[Json]) -> dict[str, float]:
    """`signals` with the tables' findings counted anew."""
    return {**signals, **_count(findings)}


def sentences(findings: Sequence[Json]) -> tuple[int, int]:
    """Of a reading's findings: how many sentences are traced to the source, and how many state something at all."""
    factual = [finding for finding in findings if finding["code"] != "harmless"]
    return sum(finding["supported"] is True for finding in factual), len(factual)


def with_reading(signals: dict[str, float], findings: Sequence[Json]) -> dict[str, float]:
    """`signals` with a second model's findings on the text's sentences."""
    fine, factual = sentences(findings)
    sourced = any(finding["supported"] is True and finding["source_field"] for finding in findings)
    read = round(fine / factual, 4) if factual else 1.0
    return {**signals, "traced": max(signals["traced"], float(sourced)), "read": read}


def score(signals: dict[str, float], *, failed_gate: bool, unsupported: bool) -> float:
    if "read" in signals:
        value = signals["read"]
    else:
        value = sum(weight * signals[part] for part, (_name, weight) in PARTS.items() if weight)
        value = min(value * (0.6 + 0.4 * signals["rich"]), UNREAD_AT_MOST)
    if signals["len"] < 1:
        value = min(value, 0.85 + 0.10 * signals["len"])
    if not signals["traced"]:
        value = min(value, UNTRACED_AT_MOST)
    if unsupported:
        value = min(value, 0.59)
    if failed_gate:
        value = min(value, 0.30)
    return round(value, 2)


def parts(signals: dict[str, float]) -> list[Json]:
    """`{id, name, value, weight}` of each part, for display beside the score."""
    return [
        {"id": part, "name": name, "value": signals[part], "weight": weight}
        for part, (name, weight) in PARTS.items()
        if part in signals
    ]
