"""The report of the checks on one content."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from writing.checks import score
from writing.checks.score import VERSION

VERIFICATION = "verification"  # the check that asks a second model; only `grounding: strict` has it


@dataclass(frozen=True, slots=True)
class CheckReport:
    """`checks` are `{id, passed (true, false or "na"), detail, findings}`. `reasons` say in words why it is flagged."""

    checks: list[dict[str, Any]]
    signals: dict[str, float]
    score: float
    flagged: bool
    reasons: list[str] = field(default_factory=list)

    @property
    def claims(self) -> list[dict[str, Any]]:
        """The claims that the tables know, with a source and without."""
        return [finding for check in self.checks if check["id"] == "grounding" for finding in check["findings"]]

    @property
    def unsupported(self) -> list[dict[str, Any]]:
        """The claims without a source, and the sentences for which a second model found none."""
        return unsupported(self.checks)

    @property
    def failed(self) -> list[str]:
        return [check["id"] for check in self.checks if check["passed"] is False]

    def as_dict(self) -> dict[str, Any]:
        """For `generation_metadata`."""
        return {
            "checks": self.checks,
            "signals": self.signals,
            "score": self.score,
            "score_parts": score.parts(self.signals),
            "flagged": self.flagged,
            "reasons": self.reasons,
            "engine_version": VERSION,
        }


def unsupported(checks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The findings of `checks` that name a claim without a source, or a sentence for which a second model found none."""
    return [
        finding
        for check in checks
        if check["id"] in ("grounding", VERIFICATION)
        for finding in check["findings"]
        if finding["supported"] is False
    ]


def concluded(checks: list[dict[str, Any]], signals: dict[str, float]) -> CheckReport:
    """The report of these `checks`: its score, and whether and why the text is flagged."""
    by_id = {check["id"]: check for check in checks}
    gates = [check for check in checks if check["id"] in score.GATES and check["passed"] is False]
    traced = [check for name in ("grounding", VERIFICATION) if (check := by_id.get(name)) and check["passed"] is False]
    # A verification that was requested but failed flags the text, so that it does not seem verified.
    unmade = [check for check in checks if check["id"] == VERIFICATION and check.get("code")]
    unsupported = by_id["grounding"]["passed"] is False or bool(CheckReport(checks, signals, 0.0, False).unsupported)
    value = score.score(signals, failed_gate=bool(gates), unsupported=unsupported)
    reasons = [check["detail"] for check in (*gates, *traced, *unmade)]
    if value < score.FLAGGED_BELOW and not reasons:
        reasons.append(f"The confidence score {value:.2f} is under {score.FLAGGED_BELOW:.2f}.")
        reasons += [check["detail"] for name in ("limits", "coverage") if (check := by_id[name])["passed"] is False]
    return CheckReport(checks, signals, value, bool(reasons), reasons)
