"""The confidence score: published, deterministic, from what can be computed of source and text.

    rich  = min(1, facts in the source / 8)
    score = (0.40 num + 0.25 claim + 0.20 cov + 0.15 len) × (0.6 + 0.4 rich)
    a failed gate (language, html, forbidden): score = min(score, 0.30)
    an unsupported number or claim:            score = min(score, 0.59)

`num` is the share of numbers and codes with a source (1 if there are none), `claim` 1 − 0.25 per other unsupported claim,
`cov` the share of attributes mentioned, `len` 1 with all limits kept, 0.5 when one is over by up to a tenth, else 0.
A thin source cannot give a high score. Under 0.60 a text is flagged. The score is no probability that a text is true.
"""

from __future__ import annotations

from typing import Any

VERSION = 1
FLAGGED_BELOW = 0.60
GATES = ("language", "html", "forbidden")
FACTS_FOR_RICH = 8


def signals(findings: list[dict[str, Any]], *, coverage: float, lengths: float, facts: int) -> dict[str, float]:
    counted = [finding for finding in findings if finding["kind"] in ("number", "code")]
    supported = sum(bool(finding["supported"]) for finding in counted)
    claims = sum(not finding["supported"] for finding in findings if finding["kind"] not in ("number", "code"))
    return {
        "num": round(supported / len(counted), 4) if counted else 1.0,
        "claim": max(0.0, 1 - 0.25 * claims),
        "cov": round(coverage, 4),
        "len": lengths,
        "rich": round(min(1.0, facts / FACTS_FOR_RICH), 4),
    }


def score(signals: dict[str, float], *, failed_gate: bool, unsupported: bool) -> float:
    value = 0.40 * signals["num"] + 0.25 * signals["claim"] + 0.20 * signals["cov"] + 0.15 * signals["len"]
    value *= 0.6 + 0.4 * signals["rich"]
    if unsupported:
        value = min(value, 0.59)
    if failed_gate:
        value = min(value, 0.30)
    return round(value, 2)
