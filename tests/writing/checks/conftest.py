"""Judging a text against a source, without a database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from writing import checks, facts
from writing.checks import CheckReport
from writing.settings import WritingSettings

Judge = Callable[..., CheckReport]


@pytest.fixture
def judge() -> Judge:
    def run(text: str, source: dict[str, Any], language: str = "en", **settings: Any) -> CheckReport:
        asked = {
            "translate_name": False,
            "generate_short": False,
            "generate_seo": False,
            "use_html": False,
            "max_long_chars": 5000,
            **settings,
        }
        return checks.run({"description": text}, facts.read(source), WritingSettings(language=language, **asked))

    return run


@pytest.fixture
def unsupported(judge: Judge) -> Callable[..., list[tuple[str, str]]]:
    """(kind, text) of each claim without a source."""

    def run(*args: Any, **settings: Any) -> list[tuple[str, str]]:
        return [(finding["kind"], finding["text"]) for finding in judge(*args, **settings).unsupported]

    return run
