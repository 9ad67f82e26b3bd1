"""People's decisions, field by field: to approve a text, to reject it, or to keep the store's own in its place.

Approving an item approves the fields without a decision. A text that was declined (rejected, or given up for the store's
own) is neither pushed nor exported.
"""

from collections.abc import Collection, Iterable, Mapping

from projects.models import ContentItem
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson
from writing.checks import law, report
from writing.checks.fields import row_of
from writing.fields import BY_NAME, FIELDS

APPROVED, REJECTED, KEPT = "approved", "rejected", "kept"
DECISIONS = (APPROVED, REJECTED, KEPT)
DECLINED = (REJECTED, KEPT)
REASONS = {REJECTED: _("The text was rejected in review."), KEPT: _("In review the store's text was kept.")}


def merge(decisions: Mapping[str, str], patch: Mapping[str, str | None]) -> dict[str, str]:
    """`decisions` with those of `patch`. None in `patch` takes a decision back."""
    return {field: decision for field, decision in {**decisions, **patch}.items() if decision}


def remaining(decisions: Mapping[str, str], before: ReadOnlyJson, after: ReadOnlyJson) -> dict[str, str]:
    """The decisions that outlive a change of the content: those on unchanged texts, and those to keep the store's text."""
    return {
        field: decision
        for field, decision in decisions.items()
        if decision == KEPT or (field in BY_NAME and BY_NAME[field].of(before) == BY_NAME[field].of(after))
    }


def declined_fields(decisions: Mapping[str, str]) -> list[str]:
    """The fields whose generated text is neither pushed nor exported."""
    return [field for field, decision in decisions.items() if decision in DECLINED]


def without_declined(content: Json, decisions: Mapping[str, str]) -> Json:
    """`content` without the texts that were declined."""
    return without(content, declined_fields(decisions))


def without(content: Json, names: Collection[str]) -> Json:
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


def items_with_unsupported_claims(items: Iterable[ContentItem]) -> list[ContentItem]:
    """The items with an unsupported claim in a text that was not declined. Takes one query at most."""
    found = [item for item in items if item.has_unsupported_claims]
    undecided = [item.pk for item in found if declined_fields(item.decisions)]
    rows = ContentItem.rows.filter(pk__in=undecided).values_list("pk", "generation_metadata__checks")
    checks = dict(rows) if undecided else {}
    return [item for item in found if item.pk not in checks or unsupported_claims(item, checks[item.pk] or [])]


def unlawful(items: Iterable[ContentItem]) -> list[ContentItem]:
    """The items with a sentence, in a text that was not declined, for whose approval a rule of law wants a reason."""
    held = {item.pk: item for item in items}
    blocks = [{"id": law.ID, "findings": [{"severity": law.Severity.BLOCK.value}]}]
    rows = ContentItem.rows.filter(pk__in=held, generation_metadata__checks__contains=blocks)
    found = rows.values_list("pk", "generation_metadata__checks")
    return [held[pk] for pk, checks in found if unlawful_sentences(held[pk], checks)]


def unlawful_sentences(item: ContentItem, checks: list[Json]) -> list[Json]:
    """The findings of law that block an approval, in texts that were not declined. `checks` are those of the item."""
    without = frozenset(declined_fields(item.decisions))
    return [finding for finding in law.blocking(checks) if row_of(finding["field"]).name not in without]


def unsupported_claims(item: ContentItem, checks: list[Json]) -> list[Json]:
    """The findings of claims without a source in texts that were not declined. `checks` are those of the item."""
    without = frozenset(declined_fields(item.decisions))
    return [finding for finding in report.unsupported_findings(checks) if row_of(finding["field"]).name not in without]
