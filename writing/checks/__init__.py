"""Deterministic checks and their score: is a text true to its source, in the right language, within its limits?

`run` judges content against facts and settings, whether a model or a person wrote it. Nothing here calls a model. The
same content, source and settings always give the same report.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from writing.checks import (
    coverage,
    fields,
    forbidden,
    glossary,
    grounding,
    language,
    limits,
    markup,
    score,
    translation,
)
from writing.checks.report import CheckReport, concluded
from writing.facts import Facts
from writing.settings import WritingSettings

IDS = ("limits", "language", "html", "forbidden", "glossary", "translation", "coverage", "grounding")

__all__ = ["IDS", "CheckReport", "run", "unsourced"]


def unsourced(content: dict[str, Any], about: Facts, settings: WritingSettings) -> CheckReport:
    """The checks of the words of a text that has no source: what it must not say, and the glossary's terms that its subject
    (`about`) names. The score only tells a good draft from a bad one; it says nothing of the text's truth."""
    texts = fields.of(content)
    checks = [forbidden.check(texts, about, settings)]
    if settings.glossary:
        checks.append(glossary.check(texts, about, settings.glossary, settings.language))
    reasons = [check["detail"] for check in checks if check["passed"] is False]
    return CheckReport(checks, {}, 0.0 if reasons else 1.0, bool(reasons), reasons)


def run(content: dict[str, Any], facts: Facts, settings: WritingSettings, removed: Sequence[str] = ()) -> CheckReport:
    """Run all checks on `content`. `removed` lists what `output.accept` took out of the model's answer.

    A text whose `facts.original` is there is a translation: the original is a further source of its claims, and the check
    `translation` compares the two."""
    texts = fields.of(content)
    within, lengths = limits.check(texts, content, settings)
    covered, share = coverage.check(texts, facts, settings)
    traced = grounding.check(texts, facts, settings)
    checks = [
        within,
        language.check(texts, facts, settings.language),
        markup.check(texts, settings, removed, facts.item_type),
        forbidden.check(texts, facts, settings),
        covered,
        traced,
    ]
    if settings.glossary:
        checks.insert(4, glossary.check(texts, facts, settings.glossary, settings.language))
    if facts.original is not None:
        checks.insert(-2, translation.check(content, facts, settings))
    signals = score.signals(traced["findings"], coverage=share, lengths=lengths, facts=facts.count())
    return concluded(checks, signals)
