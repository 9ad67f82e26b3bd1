"""Review of generated content by people: approve, reject, take back, and edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from projects import decisions, languages, learned_rules, lifecycle, staleness, versions
from projects.models import ContentItem, ItemVersion, Project
from projects.writing_settings import present, with_terms
from scribe import outbox, sizes
from scribe.api.fields import utc
from scribe.errors import Conflict, InvalidInput
from writing import checks, facts, output, translation
from writing import settings as writing_settings
from writing.checks import CheckReport
from writing.facts import Facts
from writing.settings import WritingSettings
from writing.verifier import result

Status = ContentItem.Status
# The four states that people move items between, in any direction.
JUDGED = (Status.GENERATED, Status.FLAGGED, Status.APPROVED, Status.REJECTED)
NAMED_AT_MOST = 100
# What other programs are told of these states.
EVENTS: dict[str, str] = {Status.APPROVED: "item.approved", Status.REJECTED: "item.rejected"}


@transaction.atomic
def update_item(
    *,
    item: ContentItem,
    by: Any,
    content: dict[str, Any] | None = None,
    status: str | None = None,
    metadata: dict[str, Any] | None = None,
    decided: dict[str, str | None] | None = None,
    reject_reason: str | None = None,
    override: bool = False,
) -> ContentItem:
    """Change one item: its content (merged per key, sanitized, checked), metadata, decisions on fields, then its status.
    All or nothing. Raises InvalidInput for a reason to an item that is not rejected, and Conflict as `update_statuses`."""
    item = _locked([item])[0]
    if content is not None:
        _edit(item, content, by=by)
    if metadata is not None:
        merged = {**item.metadata, **metadata}
        merged = {key: value for key, value in merged.items() if value is not None}
        item.metadata = sizes.bounded(merged, "#/metadata", most=sizes.NOTES_BYTES, before=item.metadata)
        item.save(update_fields=["metadata", "updated_at"])
    if decided is not None:
        item.decisions = decisions.merged(item.decisions, decided)
        item.save(update_fields=["decisions", "updated_at"])
        staleness.follow([item.main_id or item.pk])
    if status is not None:
        _move([item], to=status, override=override, reason=reject_reason)
    elif reject_reason is not None:
        _give_reason([item], item.status, reject_reason)
    lifecycle.refresh_status(item.project_id)
    return item


@transaction.atomic
def update_statuses(
    *,
    items: Sequence[ContentItem],
    to: str,
    override: bool = False,
    reject_reason: str | None = None,
    seen: Mapping[Any, int] | None = None,
) -> dict[Any, int]:
    """Give many items a status, all or none. Returns their versions by id. With `seen`, the versions that a person saw, the
    items that have changed since are left out. Raises Conflict that names the items which cannot have the status."""
    if not items:
        return {}
    locked = _locked(items, "pk", "status", "has_unsupported_claims", "decisions", "version", "organization", "project")
    locked = [item for item in locked if seen is None or seen.get(item.pk, item.version) == item.version]
    _move(locked, to=to, override=override, reason=reject_reason)
    lifecycle.refresh_status(items[0].project_id)
    moved = ContentItem.rows.filter(pk__in=[item.pk for item in locked])
    return dict(moved.values_list("pk", "version"))


@transaction.atomic
def restore(*, version: ItemVersion, by: Any) -> ContentItem:
    """Make the version's content the item's own again. It is checked like an edit, and awaits review."""
    item = _locked([version.item])[0]
    if item.generated_content != version.generated_content:
        read = version.generation_metadata.get("checks")
        set_content(item, version.generated_content, by=by, reason=ItemVersion.Reason.RESTORED, read=read)
        item.ai_model_used = version.ai_model_used
        item.made_from = version.made_from if version.made_from is not None else item.made_from
        item.outdated_fields = staleness.outdated(item)
        item.save(update_fields=["ai_model_used", "made_from", "outdated_fields"])
        lifecycle.refresh_status(item.project_id)
    return item


def _locked(items: Iterable[ContentItem], *fields: str) -> list[ContentItem]:
    """The present rows, locked in the order of their ids against a generation or sync that settles the same items. With
    `fields`, only these are read, since a batch of many thousand needs no texts."""
    rows = ContentItem.rows.filter(pk__in=[item.pk for item in items]).order_by("pk")
    rows = rows.only(*fields) if fields else rows.select_related("data_source")
    return list(rows.select_for_update(no_key=True, of=("self",)))


def _move(items: list[ContentItem], *, to: str, override: bool, reason: str | None = None) -> None:
    wrong = [item for item in items if item.status not in JUDGED or to not in JUDGED]
    if wrong:
        states = ", ".join(sorted({item.status for item in wrong}))
        raise Conflict(
            f"An item cannot go from {states} to {to}.",
            code="invalid_transition",
            item_ids=_ids(wrong),
            **{"from": states, "to": to},  # type: ignore[arg-type]
        )
    judged = items if to == Status.APPROVED and not override else []
    if unsupported := decisions.unsupported(item for item in judged if item.status != Status.APPROVED):
        raise Conflict(
            "The text makes claims that its source does not support. Edit it, or approve it with `override`.",
            code="unsupported_claims",
            item_ids=_ids(unsupported),
        )
    moved = {item.pk: {"project_id": item.project_id} for item in items if item.status != to}
    if moved and to in EVENTS and not Project.objects.filter(pk=items[0].project_id, is_test=True).exists():
        outbox.record(organization=items[0].organization_id, event=EVENTS[to], objects=moved)
    now = timezone.now()
    rows = ContentItem.rows.filter(pk__in=[item.pk for item in items])
    rows.exclude(status=to).update(status=to, updated_at=now)
    for item in items:
        item.status = to
    if to != Status.REJECTED and not reason:
        reason = ""  # the reason goes with the rejection
    if reason is not None:
        _give_reason(items, to, reason)


def _give_reason(items: list[ContentItem], status: str, reason: str) -> None:
    if reason and status != Status.REJECTED:
        raise InvalidInput.at("#/reject_reason", "Only a rejected item has a reason for it.", "not_rejected")
    changed = ContentItem.rows.filter(pk__in=[item.pk for item in items]).exclude(reject_reason=reason)
    if changed.update(reject_reason=reason, updated_at=timezone.now()):
        learned_rules.learn_rejection(items, reason)
    for item in items:
        item.reject_reason = reason


def _ids(items: list[ContentItem]) -> list[str]:
    return [str(item.pk) for item in items[:NAMED_AT_MOST]]


def tried(*, item: ContentItem, content: dict[str, Any]) -> tuple[dict[str, Any], CheckReport]:
    """The content that an edit would give the item, and the report of its checks. Writes nothing."""
    settings = settings_of(item)
    merged = _merged(item, content, settings)
    return merged, checks.run(merged, facts_of(item), settings)


def _merged(item: ContentItem, patch: dict[str, Any], settings: WritingSettings) -> dict[str, Any]:
    source = facts_of(item)
    return output.merge(item.generated_content, patch, facts=source, settings=settings)


def _edit(item: ContentItem, patch: dict[str, Any], *, by: Any) -> None:
    settings = settings_of(item)
    content = _merged(item, patch, settings)
    if content != (before := item.generated_content):
        learned_rules.learn_edit(item, before, content)
        set_content(item, content, by=by, reason=ItemVersion.Reason.EDITED, settings=settings)


def set_content(
    item: ContentItem,
    content: dict[str, Any],
    *,
    by: Any,
    reason: str,
    settings: WritingSettings | None = None,
    read: list[dict[str, Any]] | None = None,
) -> None:
    """Replace the content of a locked item. The old content becomes a version. The new one is checked and awaits review.
    The verifier's findings on unchanged sentences are taken from `read`, or from the checks of the old content."""
    settings = settings or settings_of(item)
    versions.keep(item, reason=reason, by=by)
    source = facts_of(item)
    earlier = (item.generation_metadata.get("checks") if read is None else read) or []
    report = result.carried(earlier, content, checks.run(content, source, settings), source, settings)
    metadata = {key: value for key, value in item.generation_metadata.items() if key != "last_error"}
    item.decisions = decisions.left(item.decisions, item.generated_content, content)
    item.reject_reason = ""
    if item.made_from is None:  # never noted, or written by hand: take the store's present texts
        item.made_from = staleness.source_of(item)
    item.generated_content = content
    item.generation_metadata = {
        **metadata,
        **report.as_dict(),
        "settings": settings.as_dict(),
        "edited_at": utc(timezone.now()),
        "edited_by": str(by.pk) if by is not None else None,
    }
    item.confidence_score = report.score
    item.has_unsupported_claims = bool(report.unsupported)
    item.status = Status.FLAGGED if item.status == Status.FLAGGED and report.flagged else Status.GENERATED
    item.save(
        update_fields=[
            "generated_content",
            "made_from",
            "generation_metadata",
            "confidence_score",
            "has_unsupported_claims",
            "status",
            "decisions",
            "reject_reason",
            "updated_at",
        ]
    )
    staleness.follow([item.main_id or item.pk])


def facts_of(item: ContentItem) -> Facts:
    """What the item's text may state: the facts, and of a translation the text that it translates as well."""
    source = facts.read(item.source_data, item.item_type)
    if not item.language or staleness.way_of(item.generation_metadata) == staleness.NATIVE:
        return source
    found = staleness.original_of(item)
    if not found.content:
        return source
    language = found.language or item.generation_metadata.get("translated_from") or languages.main(item.project)
    return translation.facts_of(source, found.content, language)


def settings_of(item: ContentItem) -> WritingSettings:
    """The settings that the item was written with, or else the project's present settings."""
    return with_terms(own_settings(item), item.project)


def own_settings(item: ContentItem) -> WritingSettings:
    """`settings_of`, without the terms and rules that each generation reads anew."""
    stored = item.generation_metadata.get("settings")
    if isinstance(stored, dict):
        return writing_settings.from_dict(stored)
    rows = Project.objects.select_related("organization", "content_profile", "store_connection")
    return present(rows.get(pk=item.project_id), item.language)
