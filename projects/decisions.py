"""People's decisions, field by field: to approve a text, to reject it, or to keep the store's own in its place.

Approving an item approves the fields without a decision. A text that was declined (rejected, or given up for the store's
own) is neither pushed nor exported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from projects.models import ContentItem
from writing.checks import report
from writing.checks.fields import row_of
from writing.fields import BY_NAME, FIELDS

APPROVED, REJECTED, KEPT = "approved", "rejected", "kept"
DECISIONS = (APPROVED, REJECTED, KEPT)
DECLINED = (REJECTED, KEPT)
REASONS = {REJECTED: "The text was rejected in review.", KEPT: "In review the store's text was kept."}


def merged(decisions: Mapping[str, str], patch: Mapping[str, str | None]) -> dict[str, str]:
    """`decisions` with those of `patch`. None in `patch` takes a decision back."""
    return {field: decision for field, decision in {**decisions, **patch}.items() if decision}


def left(decisions: Mapping[str, str], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """The decisions that outlive a change of the content: those on unchanged texts, and those to keep the store's text."""
    return {
        field: decision
        for field, decision in decisions.items()
        if decision == KEPT or (field in BY_NAME and BY_NAME[field].of(before) == BY_NAME[field].of(after))
    }


def declined(decisions: Mapping[str, str]) -> list[str]:
    """The fields whose generated text is neither pushed nor exported."""
    return [field for field, decision in decisions.items() if decision in DECLINED]


def counted(content: dict[str, Any], decisions: Mapping[str, str]) -> dict[str, Any]:
    """`content` without the texts that were declined."""
    return without(content, declined(decisions))


def without(content: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """`content` without the fields of these names."""
    if not names:
        return content
    found = dict(content)
    for row in FIELDS:
        if row.name not in names:
            continue
        if not row.part:
            found.pop(row.key, None)
        elif isinstance(held := found.get(row.key), dict):
            found[row.key] = {part: value for part, value in held.items() if part != row.part}
    return found


def unsupported(items: Iterable[ContentItem]) -> list[ContentItem]:
    """The items with an unsupported claim in a text that was not declined. Takes one query at most."""
    found = [item for item in items if item.has_unsupported_claims]
    undecided = [item.pk for item in found if declined(item.decisions)]
    rows = ContentItem.rows.filter(pk__in=undecided).values_list("pk", "generation_metadata__checks")
    checks = dict(rows) if undecided else {}
    return [item for item in found if item.pk not in checks or _claims_in_what_counts(item, checks[item.pk] or [])]


def _claims_in_what_counts(item: ContentItem, checks: list[dict[str, Any]]) -> bool:
    without = frozenset(declined(item.decisions))
    return any(row_of(finding["field"]).name not in without for finding in report.unsupported(checks))
