from dataclasses import dataclass, field

from scribe.messages import _
from scribe.types import Json
from writing.checks import score
from writing.checks.score import VERSION
from writing.law.choices import Severity

VERIFICATION = "verification"  # the check that asks a second model; `grounding: tables` has none


@dataclass(frozen=True, slots=True)
class CheckReport:
    """`checks` are `{id, passed (true, false or "na"), detail, findings}`. `reasons` say in words why it is flagged."""

    checks: list[Json]
    signals: dict[str, float]
    score: float
    flagged: bool
    reasons: list[str] = field(default_factory=list)

    @property
    def claims(self) -> list[Json]:
        """The claims that the tables know, with a source and without."""
        return [finding for check in self.checks if check["id"] == "grounding" for finding in check["findings"]]

    @property
    def unsupported(self) -> list[Json]:
        """The claims without a source, and the sentences for which a second model found none."""
        return unsupported_findings(self.checks)

    @property
    def unlawful(self) -> list[Json]:
        """The sentences that a rule of law forbids."""
        findings = [finding for check in self.checks if check["id"] == "law" for finding in check["findings"]]
        return [finding for finding in findings if finding["severity"] != Severity.NOTE]

    @property
    def failed(self) -> list[str]:
        return [check["id"] for check in self.checks if check["passed"] is False]

    @property
    def fails_gate(self) -> bool:
        """Whether the text is no use as it stands, whatever it states: a wrong language, forbidden words, broken markup."""
        return any(check["id"] in score.GATES for check in self.checks if check["passed"] is False)

    def as_dict(self) -> Json:
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


def unsupported_findings(checks: list[Json]) -> list[Json]:
    """The findings of `checks` that name a claim without a source, or a sentence for which a second model found none."""
    return [
        finding
        for check in checks
        if check["id"] in ("grounding", VERIFICATION)
        for finding in check.get("findings", ())
        if finding.get("supported") is False
    ]


def conclude(checks: list[Json], signals: dict[str, float]) -> CheckReport:
    """The report of these `checks`: its score, and whether and why the text is flagged."""
    by_id = {check["id"]: check for check in checks}
    gates = [check for check in checks if check["id"] in score.GATES and check["passed"] is False]
    traced = [
        check for name in ("law", "grounding", VERIFICATION) if (check := by_id.get(name)) and check["passed"] is False
    ]
    # With strict grounding a reading that failed flags the text, so that it does not seem read.
    unmade = [
        check for check in checks if check["id"] == VERIFICATION and check.get("code") and check.get("strict", True)
    ]
    unsupported = by_id["grounding"]["passed"] is False or bool(CheckReport(checks, signals, 0.0, False).unsupported)
    value = score.score(signals, failed_gate=bool(gates), unsupported=unsupported)
    reasons = [check["detail"] for check in (*gates, *traced, *unmade)]
    if value < score.FLAGGED_BELOW and not reasons:
        reasons.append(
            _(
                "The confidence score is {value:.2f}; texts below {flagged_below:.2f} are flagged.",
                value=value,
                flagged_below=score.FLAGGED_BELOW,
            )
        )
        reasons += [check["detail"] for name in ("limits", "coverage") if (check := by_id[name])["passed"] is False]
    return CheckReport(checks, signals, value, bool(reasons), reasons)
