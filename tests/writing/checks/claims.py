"""What the check of claims says of one text."""

from __future__ import annotations

from typing import Any

from writing import checks, facts
from writing.settings import WritingSettings


def claims_without_source(source: dict[str, Any], language: str, text: str) -> list[dict[str, Any]]:
    settings = WritingSettings(
        language=language,
        translate_name=False,
        generate_short=False,
        generate_seo=False,
        use_html=False,
        max_long_chars=9_000,
    )
    return checks.run({"description": text}, facts.read(source), settings).unsupported
