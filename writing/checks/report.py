"""What the checks found in one content."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from writing.checks.score import VERSION


@dataclass(frozen=True, slots=True)
class CheckReport:
    """`checks` are `{id, passed (true, false or "na"), detail, findings}`; `reasons` say in words why it is flagged."""

    checks: list[dict[str, Any]]
    signals: dict[str, float]
    score: float
    flagged: bool
    reasons: list[str] = field(default_factory=list)

    @property
    def unsupported(self) -> list[dict[str, Any]]:
        """The claims without a source."""
        return [
            finding
            for check in self.checks
            if check["id"] == "grounding"
            for finding in check["findings"]
            if not finding["supported"]
        ]

    @property
    def failed(self) -> list[str]:
        return [check["id"] for check in self.checks if check["passed"] is False]

    def as_dict(self) -> dict[str, Any]:
        """For `generation_metadata`."""
        return {
            "checks": self.checks,
            "signals": self.signals,
            "score": self.score,
            "flagged": self.flagged,
            "reasons": self.reasons,
            "engine_version": VERSION,
        }
