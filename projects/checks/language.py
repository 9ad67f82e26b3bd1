"""The `language` check: is the text in the language that was asked for?"""

from __future__ import annotations

from typing import Any

from projects.checks import detector
from projects.checks.fields import Field

PROSE = ("name", "short_description", "description", "bullet_points", "seo.title", "seo.description")


def check(fields: list[Field], language: str) -> dict[str, Any]:
    """Judges all prose together, then each long field alone; `na` where the detector cannot tell."""
    prose = [field for field in fields if field.name.startswith(PROSE)]
    whole = detector.judge("\n".join(field.text for field in prose), language)
    findings = []
    for field in prose:
        if len(field.text) >= 160:
            judged = detector.judge(field.text, language)
            if judged.fits is False:
                findings.append({"field": field.name, "detail": judged.detail, "seen": judged.seen})
    if whole.fits is False and not findings:
        findings.append({"field": "text", "detail": whole.detail, "seen": whole.seen})
    if findings:
        return {"id": "language", "passed": False, "detail": findings[0]["detail"], "findings": findings}
    if whole.fits is None:
        return {"id": "language", "passed": "na", "detail": whole.detail, "findings": []}
    return {"id": "language", "passed": True, "detail": whole.detail, "findings": []}
