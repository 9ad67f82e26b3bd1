"""What the check of claims says of one text."""

from __future__ import annotations

from typing import Any

from writing import checks, facts
from writing.checks import CheckReport
from writing.settings import WritingSettings


def claims_without_source(source: dict[str, Any], language: str, text: str) -> list[dict[str, Any]]:
    return _report(source, language, text).unsupported


def shown_claims(source: dict[str, Any], language: str, text: str) -> list[dict[str, Any]]:
    """Those that are only shown, as the source may state them in words of another language that no table has."""
    report = _report(source, language, text)
    return list(next(check for check in report.checks if check["id"] == "grounding")["unknown"])


def _report(source: dict[str, Any], language: str, text: str) -> CheckReport:
    settings = WritingSettings(
        language=language,
        translate_name=False,
        generate_short=False,
        generate_seo=False,
        use_html=False,
        max_long_chars=9_000,
    )
    return checks.run({"description": text}, facts.read(source), settings)
