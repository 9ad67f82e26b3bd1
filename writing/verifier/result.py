"""The check `verification` of a report: the result of a second model's reading, its failure, or why it is off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from writing.checks import CheckReport, score
from writing.checks.report import VERIFICATION, concluded
from writing.facts import Facts
from writing.settings import WritingSettings
from writing.verifier import passages, sentences
from writing.verifier.choice import STRICT, Verifier
from writing.verifier.passages import Passages
from writing.verifier.terms import VerifierTerms
from writing.verifier.verdicts import EDITED, SentenceVerdict

OFF = {
    "built_in": "The built-in writer's texts are not read by a second model.",
    "plan": "Strict grounding is not part of the plan, so no second model read the text.",
}
NAMED = 5  # how many sentences the detail quotes


def of(verdicts: Sequence[SentenceVerdict], verifier: Verifier, terms: VerifierTerms) -> dict[str, Any]:
    """`{id, passed, detail, findings, model, version}`, with a finding for every sentence."""
    return _check(
        [verdict.as_finding() for verdict in verdicts],
        model=f"{verifier.provider}/{verifier.model}",
        version=terms.version,
    )


def failed(code: str, reason: str, verifier: Verifier) -> dict[str, Any]:
    """The check of a text whose reading failed. It flags the text, so that the text does not pass as read."""
    return {
        "id": VERIFICATION,
        "passed": "na",
        "detail": f"No second model has read the text, although the settings ask for it: {reason}",
        "findings": [],
        "code": code,
        "model": f"{verifier.provider}/{verifier.model}",
    }


def joined(report: CheckReport, check: dict[str, Any]) -> CheckReport:
    """`report` with the check of a second reading added."""
    signals = score.with_reading(report.signals, check["findings"]) if check["findings"] else report.signals
    return concluded([*report.checks, check], signals)


def without_reading(report: CheckReport, settings: WritingSettings) -> CheckReport:
    """`report`, with the reason why no second model read the text if the settings ask for it."""
    if settings.grounding != STRICT or not settings.verifier_off:
        return report
    off = {"id": VERIFICATION, "passed": "na", "detail": OFF[settings.verifier_off], "findings": []}
    return joined(report, off)


def carried(
    checks: Sequence[dict[str, Any]],
    content: dict[str, Any],
    report: CheckReport,
    facts: Facts,
    settings: WritingSettings,
) -> CheckReport:
    """`report` of an edited content, with an earlier reading's findings on the sentences that are still there.

    A sentence that the reading didn't see is marked as edited. So is a sentence whose quote is no longer in the source.
    """
    earlier = next((check for check in checks if check["id"] == VERIFICATION), None)
    if earlier is None:
        return report
    if not earlier["findings"]:
        return joined(report, earlier)
    read = {passages.key(str(finding["value"])): finding for finding in earlier["findings"]}
    source = Passages(facts, settings)
    findings = []
    for sentence in sentences.of(content):
        old = read.get(sentence.key)
        excerpt = old and old["source_excerpt"]
        if old is None or (excerpt and source.find(excerpt) is None):
            findings.append(SentenceVerdict(sentence, EDITED).as_finding())
            continue
        words = str(old["text"]) if old["text"] != old["value"] else ""
        place = SentenceVerdict(sentence, old["code"], words).as_finding()
        kept = ("reason", "source_field", "source_excerpt")
        findings.append({**place, **{name: old[name] for name in kept}})
    return joined(report, _check(findings, model=earlier["model"], version=earlier["version"]))


def _check(findings: list[dict[str, Any]], *, model: str, version: int) -> dict[str, Any]:
    unsupported = [finding for finding in findings if finding["supported"] is False]
    doubtful = [finding for finding in findings if finding["supported"] is None and finding["code"] != EDITED]
    counts = Counter(finding["code"] for finding in findings)
    parts = [f"Of {len(findings)} sentences {len(findings) - len(unsupported) - len(doubtful)} raised no objection."]
    for said, those in (("have no source", unsupported), ("could not be judged", doubtful)):
        if those:
            named = ", ".join(f"“{finding['text']}”" for finding in those[:NAMED])
            parts.append(f"{len(those)} {said}: {named}{'…' if len(those) > NAMED else '.'}")
    if counts[EDITED]:
        parts.append(f"{counts[EDITED]} were written by a person since it was read.")
    return {
        "id": VERIFICATION,
        "passed": not unsupported and not doubtful,
        "detail": " ".join(parts),
        "findings": findings,
        "model": model,
        "version": version,
    }
