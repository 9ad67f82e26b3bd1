"""The check `law`: sentences that may not be said where the shop sells, whatever its source says."""

from collections.abc import Mapping, Sequence

from scribe.messages import _, join
from scribe.types import Json
from writing import gpsr
from writing.checks.fields import Field
from writing.checks.wording import wording
from writing.facts import Facts
from writing.fields import Role
from writing.law.choices import Severity
from writing.law.rules import RuleInForce
from writing.settings import WritingSettings
from writing.verifier import boundaries, passages

ID = "law"
RuleAnswers = tuple[
    tuple[str, str], ...
]  # codes of rules, each with the condition that keeps it, "" where it is broken
Said = Mapping[str, RuleAnswers]  # by the sentences' keys
FREE = _("No rule of law speaks against it.")


def check(fields: list[Field], settings: WritingSettings, said: Said | None = None, facts: Facts | None = None) -> Json:
    """`{id, passed, detail, findings, lifted, settled, read}`, a finding for each sentence and rule. A rule that only
    notes fails no text. What evidence on file lifts is no finding, and is named in `lifted`.

    `said` is what a second model says of the sentences, if one has read them (`read`). What it finds is a finding. What
    the words of a rule find stays one, unless it names the condition that makes the sentence lawful: `settled`.

    Without the `facts` of an item no rule of the whole item is judged."""
    found: dict[str, list[Json]] = {"findings": [], "lifted": [], "settled": []}
    for field in fields:
        if field.row.role is Role.KEYWORDS:
            continue
        for start, end in boundaries.spans(field.text):
            text = field.text[start:end]
            answers = dict((said or {}).get(passages.key(text), ()))
            for rule in settings.law.rules:
                condition = answers.get(rule.code)
                words = wording(rule.words, settings.language)
                if condition != "" and not (words and words.accuses(text)):
                    continue
                row = {
                    "field": field.name,
                    "text": text,
                    "rule": rule.code,
                    "found_by": "reader" if condition == "" else "words",
                }
                if condition:
                    detail = _("“{text}”: lawful by the condition “{condition}”.", text=text, condition=condition)
                    found["settled"].append({**row, "condition": condition, "detail": detail})
                elif lifting := _lifting(settings, rule.code, text, facts):
                    found["lifted"].append({**row, **lifting})
                else:
                    found["findings"].append({**row, **_finding(rule, text, start, end)})
    found["findings"] += _of_item(fields, settings, facts)
    grave = [finding for finding in found["findings"] if finding["severity"] != Severity.NOTE]
    detail = _("No rule of law speaks against it, with the evidence on file.") if found["lifted"] else FREE
    if found["findings"]:
        first = (grave or found["findings"])[0]
        detail = _("{field}: {detail}", field=first["field"], detail=first["detail"])
    return {"id": ID, "passed": not grave, "detail": detail, **found, "read": said is not None}


def _of_item(fields: list[Field], settings: WritingSettings, facts: Facts | None) -> list[Json]:
    """What the source lacks of what an offer of a product has to say. The finding stands at the first field."""
    rule = next((rule for rule in settings.law.rules if rule.code == gpsr.CODE), None)
    if rule is None or facts is None or facts.item_type != "product" or not fields:
        return []
    if not (lacking := gpsr.missing(facts.safety)):
        return []
    names = join((gpsr.MISSING[part] for part in lacking), ", ")
    detail = _("The product's data lacks {names}. {line}", names=names, line=rule.line)
    row = {"field": fields[0].name, "text": "", "rule": rule.code, "found_by": "source", "missing": lacking}
    return [{**row, **_finding(rule, "", 0, 0), "detail": detail}]


def said_of(checks: Sequence[Json]) -> Said | None:
    """What a second model said of the lawfulness of the sentences of these checks, or None if none read them."""
    earlier = next((check for check in checks if check["id"] == ID), {})
    if not earlier.get("read"):
        return None
    found: dict[str, RuleAnswers] = {}
    for row in (*earlier["findings"], *earlier["lifted"], *earlier["settled"]):
        if row["found_by"] == "reader" or "condition" in row:
            key = passages.key(row["text"])
            found[key] = (*found.get(key, ()), (row["rule"], row.get("condition", "")))
    return found


def _lifting(settings: WritingSettings, rule: str, sentence: str, facts: Facts | None) -> Json | None:
    """The evidence on file that lifts a rule from a sentence, or the authorised claim of the EU register."""
    for evidence in settings.law.evidence:
        if evidence.lifts(rule, sentence):
            detail = _(
                "“{text}”: allowed by {evidence} until {day}.",
                text=sentence,
                evidence=evidence.number,
                day=evidence.until,
            )
            return {"evidence": evidence.number, "until": evidence.until, "detail": detail}
    if facts is None or not (found := settings.law.authorised(rule, sentence, settings.language, facts)):
        return None
    version, claim = found
    entry = f"EU register {claim.entry}"
    detail = _(
        "“{text}”: allowed by {evidence} ({version}). Conditions of use: {conditions}",
        text=sentence,
        evidence=entry,
        version=version,
        conditions=claim.conditions or "–",
    )
    return {
        "evidence": entry,
        "until": "",
        "version": version,
        "conditions": claim.conditions,
        "detail": detail,
    }


def blocking(checks: list[Json]) -> list[Json]:
    """The findings of these checks for which an approval needs an override with a reason."""
    return [
        finding
        for check in checks
        if check["id"] == ID
        for finding in check["findings"]
        if finding["severity"] == Severity.BLOCK
    ]


def _finding(rule: RuleInForce, text: str, start: int, end: int) -> Json:
    return {
        "start": start,
        "end": end,
        "version": rule.version,
        "severity": rule.severity,
        "law": rule.law,
        "remedy": rule.remedy,
        "evidence": rule.evidence,
        "detail": _("“{text}”: {line}", text=text, line=rule.line),
    }
