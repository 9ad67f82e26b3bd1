"""The check `verification` of a report: the result of a second model's reading, its failure, or why it is off."""

from collections import Counter
from collections.abc import Mapping, Sequence

from scribe.messages import _, join
from scribe.types import Json
from writing.checks import CheckReport, fields, grounding, law, score
from writing.checks.report import VERIFICATION, conclude
from writing.facts import Facts
from writing.settings import WritingSettings
from writing.verifier import passages, sentences, translations
from writing.verifier.choice import STRICT, Verifier
from writing.verifier.request import SentenceAnswer
from writing.verifier.terms import VerifierTerms
from writing.verifier.verdicts import EDITED, Reading, SentenceVerdict, place_of, settles

OFF = {
    "built_in": _("Texts from the built-in generator are not checked by a second AI model."),
    "plan": _("The check by a second AI model is not part of your plan, so it was not done."),
}
NAMED = 5  # how many sentences the detail quotes


def check_result(
    verdicts: Sequence[SentenceVerdict], verifier: Verifier, terms: VerifierTerms, *, strict: bool = False
) -> Json:
    """`{id, passed, detail, findings, model, version}`, with a finding for every sentence. `strict`: a sentence that
    could not be judged fails the check."""
    return _check(
        [verdict.as_finding() for verdict in verdicts],
        model=f"{verifier.provider}/{verifier.model}",
        version=terms.version,
        strict=strict,
    )


def failed_reading(code: str, reason: str, verifier: Verifier, *, strict: bool = False) -> Json:
    """The check of a text whose reading failed. With strict grounding it flags the text, so that the text does not pass
    as read; else the tables' verdict stands, and the score says that nobody read it."""
    return {
        "id": VERIFICATION,
        "passed": "na",
        "detail": _(
            "The settings ask for a check by a second AI model, but it could not be done: {reason}", reason=reason
        ),
        "findings": [],
        "code": code,
        "model": f"{verifier.provider}/{verifier.model}",
        "strict": strict,
    }


def add_check(report: CheckReport, check: Json) -> CheckReport:
    """`report` with the check of a second reading added."""
    signals = score.with_reading(report.signals, check["findings"]) if check["findings"] else report.signals
    return conclude([*report.checks, check], signals)


def settle_claims(reading: Reading, answers: Mapping[str, SentenceAnswer]) -> CheckReport:
    """The report of a text that was read, with the claims that the reading settled: those in a sentence whose passage
    was named have that source, and those in a sentence that states nothing are only shown to the reviewer."""
    sentences_of: dict[str, list[tuple[int, int, SentenceAnswer]]] = {}
    for sentence in reading.sentences:
        if (answer := answers.get(sentence.key) or reading.known.get(sentence.key)) and not answer.accused:
            for place in sentence.places:
                sentences_of.setdefault(place.field, []).append((place.start, place.end, answer))

    def revised(claim: Json) -> Json | None:
        for start, end, answer in sentences_of.get(claim["field"], ()):
            if claim["supported"] or claim["start"] >= end or claim["end"] <= start or not settles(answer, claim):
                continue
            if not answer.passages:
                return None
            named = answer.passages[0]
            return {**claim, "supported": True, "source_field": named.field, "source_excerpt": named.line}
        return claim

    checks = []
    for check in reading.report.checks:
        if check["id"] == "grounding":
            pairs = [(claim, revised(claim)) for claim in check["findings"]]
            shown = [
                {name: claim[name] for name in ("text", "field", "start", "end")} for claim, now in pairs if now is None
            ]
            found = [now for _unused, now in pairs if now is not None]
            check = grounding.conclude(
                found, [*check["unknown"], *shown], worded=grounding.is_worded(reading.facts, reading.settings)
            )
        checks.append(check)
    claims = next(check["findings"] for check in checks if check["id"] == "grounding")
    return conclude(checks, score.recount_traced(reading.report.signals, claims))


def judge_law(
    report: CheckReport, content: Json, facts: Facts, settings: WritingSettings, said: law.Said | None
) -> CheckReport:
    """`report` with the check `law` made anew with what a second model says of the sentences."""
    if said is None or not settings.law.rules:
        return report
    judged = law.check(fields.readable_texts(content), settings, said, facts)
    return conclude([judged if check["id"] == law.ID else check for check in report.checks], report.signals)


def without_reading(report: CheckReport, settings: WritingSettings) -> CheckReport:
    """`report`, with the reason why no second model read the text if the settings ask for it."""
    if not settings.verifier_off or (settings.verifier_off == "built_in" and settings.grounding != STRICT):
        return report
    off = {"id": VERIFICATION, "passed": "na", "detail": OFF[settings.verifier_off], "findings": []}
    return add_check(report, off)


def carry_over(
    checks: Sequence[Json],
    content: Json,
    report: CheckReport,
    facts: Facts,
    settings: WritingSettings,
) -> CheckReport:
    """`report` of an edited content, with an earlier reading's findings on the sentences that are still there.

    A sentence that the reading didn't see is marked as edited. So is a sentence whose passage is no longer in the
    source.
    """
    report = judge_law(report, content, facts, settings, law.said_of(checks))
    report = translations.carry_over(report, checks, content)
    earlier = next((check for check in checks if check["id"] == VERIFICATION), None)
    if earlier is None:
        return report
    if not earlier["findings"]:
        return add_check(report, earlier)
    read = {passages.key(str(finding["value"])): finding for finding in earlier["findings"]}
    source = "\n".join(passages.key(passage.line) for passage in passages.passages_of(facts, settings))
    findings = []
    for sentence in sentences.sentences_of(content):
        old = read.get(sentence.key)
        excerpt = old and old["source_excerpt"]
        if old is None or (excerpt and passages.key(excerpt) not in source):
            findings.append(SentenceVerdict(sentence, EDITED).as_finding())
            continue
        words = str(old["text"]) if old["text"] != old["value"] else ""
        kept = ("supported", "code", "reason", "source_field", "source_excerpt")
        findings.append({**place_of(sentence, words), **{name: old[name] for name in kept}})
    strict = settings.grounding == STRICT
    return add_check(report, _check(findings, model=earlier["model"], version=earlier["version"], strict=strict))


def _check(findings: list[Json], *, model: str, version: int, strict: bool) -> Json:
    unsupported = [finding for finding in findings if finding["supported"] is False]
    doubtful = [finding for finding in findings if finding["supported"] is None and finding["code"] != EDITED]
    counts = Counter(finding["code"] for finding in findings)
    traced, factual = score.sentences(findings)
    parts = [_("Of {factual} factual sentences {traced} are traced to the source.", factual=factual, traced=traced)]
    for text, those in (
        (_("{number} have no source: {named}"), unsupported),
        (_("{number} could not be judged: {named}"), doubtful),
    ):
        if those:
            named = ", ".join(f"“{finding['text']}”" for finding in those[:NAMED])
            parts.append(text.format(number=len(those), named=named + ("…" if len(those) > NAMED else ".")))
    if counts[EDITED]:
        parts.append(_("{number} were written by a person since it was read.", number=counts[EDITED]))
    return {
        "id": VERIFICATION,
        "passed": False if unsupported or (doubtful and strict) else "na" if doubtful else True,
        "detail": join(parts),
        "findings": findings,
        "model": model,
        "version": version,
    }
