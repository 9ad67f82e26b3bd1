"""The `limits` check: visible lengths as a reader counts them, the number of list entries, and missing fields."""

from scribe.messages import _, join
from scribe.types import Json
from writing import fields as generated
from writing.checks.fields import Field
from writing.settings import WritingSettings
from writing.text import length

GRACE = 0.10  # the share over a limit up to which the score is a half


def check(fields: list[Field], content: Json, settings: WritingSettings) -> tuple[Json, float]:
    """Return the check, and the score's signal `len`: 1 if all limits are kept, 0.5 if over by up to 10 %, else 0."""
    findings: list[Json] = []
    worst = 0.0
    for field in fields:
        limit = field.row.limit_in(settings)
        if limit and len(field.text) > limit and (count := length(field.text)) > limit:
            worst = max(worst, count / limit - 1)
            detail = _("{number} characters, {most} are allowed.", number=count, most=limit)
            findings.append({"field": field.name, "detail": detail, "value": count, "limit": limit})
    for row in generated.FIELDS:
        entries = row.of(content)
        if row.entries and isinstance(entries, list) and len(entries) > row.entries:
            worst = max(worst, len(entries) / row.entries - 1)
            detail = _("{number} entries, {entries} are allowed.", number=len(entries), entries=row.entries)
            findings.append({"field": row.name, "detail": detail, "value": len(entries), "limit": row.entries})
    for key in settings.wanted:
        if not generated.may_be_empty(key) and not content.get(key):
            worst = max(worst, 1.0)
            row = generated.of_key(key)[0]
            most = row.limit_in(settings) if row.form in generated.TEXT and not row.part else None
            findings.append({"field": key, "detail": _("This field is empty."), "value": 0, "limit": most})
    signal = 1.0 if not findings else 0.5 if worst <= GRACE else 0.0
    first = (_("{field}: {detail}", field=finding["field"], detail=finding["detail"]) for finding in findings[:4])
    detail = join(first, by="; ") if findings else _("All lengths are within their limits.")
    return {"id": "limits", "passed": not findings, "detail": detail, "findings": findings}, signal
