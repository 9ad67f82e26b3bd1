"""Deterministic checks and their score: is a text true to its source, in the right language, within its limits?

`run` judges content against facts and settings, whether a model or a person wrote it. Nothing here calls a model. The
same content, source and settings always give the same report.
"""

from collections.abc import Sequence

from scribe.types import Json
from writing.checks import (
    coverage,
    fields,
    forbidden,
    formality,
    glossary,
    grounding,
    language,
    law,
    limits,
    markup,
    score,
    translation,
)
from writing.checks.report import CheckReport, conclude
from writing.facts import Facts
from writing.settings import WritingSettings

IDS = (
    "limits",
    "language",
    "html",
    "forbidden",
    "glossary",
    "formality",
    "translation",
    "law",
    "coverage",
    "grounding",
)


def check_without_source(content: Json, about: Facts, settings: WritingSettings) -> CheckReport:
    """The checks of the words of a text that has no source: what it must not say, and the glossary's terms that its subject
    (`about`) names. The score only tells a good draft from a bad one; it says nothing of the text's truth."""
    texts = fields.readable_texts(content)
    checks = [forbidden.check(texts, about, settings)]
    if settings.glossary:
        checks.append(glossary.check(texts, about, settings.glossary, settings.language))
    if address := formality.check(texts, about, settings):
        checks.append(address)
    if settings.law.rules:
        checks.append(law.check(texts, settings))
    reasons = [check["detail"] for check in checks if check["passed"] is False]
    return CheckReport(checks, {}, 0.0 if reasons else 1.0, bool(reasons), reasons)


def run(content: Json, facts: Facts, settings: WritingSettings, removed: Sequence[str] = ()) -> CheckReport:
    """Run all checks on `content`. `removed` lists what `output.accept` took out of the model's answer.

    A text whose `facts.original` is there is a translation: the original is a further source of its claims, and the check
    `translation` compares the two."""
    texts = fields.readable_texts(content)
    within, lengths = limits.check(texts, content, settings)
    tracer = grounding.Tracer(facts, settings)
    traced = tracer.check(texts)
    compared = translation.check(content, facts, settings) if facts.original is not None else None
    if compared is not None:
        found = translation.with_sources(traced["findings"], compared, facts)
        traced = grounding.conclude(found, traced["unknown"], worded=tracer.worded)
    covered, share = coverage.check(texts, facts, settings, tracer.concepts)
    checks = [
        within,
        language.check(texts, facts, settings.language),
        markup.check(texts, facts, settings, removed),
        forbidden.check(texts, facts, settings),
        covered,
        traced,
    ]
    if settings.glossary:
        checks.insert(4, glossary.check(texts, facts, settings.glossary, settings.language))
    if address := formality.check(texts, facts, settings):
        checks.insert(-2, address)
    if compared is not None:
        checks.insert(-2, compared)
    if settings.law.rules:
        checks.insert(-2, law.check(texts, settings, facts=facts))
    signals = score.signals(traced["findings"], coverage=share, lengths=lengths, facts=facts.count())
    return conclude(checks, signals)
