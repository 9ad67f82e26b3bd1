"""Review of generated content by people: approve, reject, take back, and edit."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import notifications
from accounts.models import User
from projects import (
    decisions,
    languages,
    learned_rules,
    lifecycle,
    provenance,
    reviewers,
    shop_texts,
    staleness,
    versions,
)
from projects.models import ContentItem, ItemVersion, Project
from projects.writing_settings import present, with_terms
from scribe import audit, sizes
from scribe.api.fields import utc
from scribe.errors import Conflict, InvalidInput
from scribe.messages import _
from scribe.types import Json
from writing import checks, facts, output, translation
from writing import settings as writing_settings
from writing.checks import CheckReport, law
from writing.facts import Facts
from writing.fields import flat
from writing.settings import WritingSettings
from writing.verifier import result

Status = ContentItem.Status
# The four states that people move items between, in any direction.
JUDGED = (Status.GENERATED, Status.FLAGGED, Status.APPROVED, Status.REJECTED)
NAMED_AT_MOST = 100
# What `generation_metadata` says of the text that a translation was made from.
TRANSLATED_FROM = ("way", "translated_from", "originals")
NAMED_IN_ENTRY = 1_000
# What other programs are told of these states.
EVENTS: dict[str, str] = {Status.APPROVED: "item.approved", Status.REJECTED: "item.rejected"}


@transaction.atomic
def update_item(
    *,
    item: ContentItem,
    by: User | None,
    content: Json | None = None,
    status: str | None = None,
    metadata: Json | None = None,
    decided: dict[str, str | None] | None = None,
    reject_reason: str | None = None,
    override: bool = False,
    override_reason: str = "",
) -> ContentItem:
    """Change one item: its content (merged per key, sanitized, checked), metadata, decisions on fields, then its status.
    All or nothing. Raises InvalidInput for a reason to an item that is not rejected, and Conflict as `update_statuses`."""
    item = _lock([item])[0]
    reviewers.check_may_write(by, [item])
    if content is not None:
        _edit(item, content, by=by)
    if metadata is not None:
        merged = {**item.metadata, **metadata}
        merged = {key: value for key, value in merged.items() if value is not None}
        item.metadata = sizes.check_size(merged, "#/metadata", most=sizes.NOTES_BYTES, before=item.metadata)
        item.save(update_fields=["metadata", "updated_at"])
    if decided is not None:
        item.decisions = decisions.merge(item.decisions, decided)
        item.changed_by = _person(by)
        item.outdated_fields = staleness.outdated_fields(item)
        item.save(update_fields=["decisions", "outdated_fields", "changed_by", "updated_at"])
        staleness.follow([item.main_id or item.pk])
    if status is not None:
        _move([item], to=status, override=override, override_reason=override_reason, reason=reject_reason, by=by)
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
    override_reason: str = "",
    reject_reason: str | None = None,
    by: User | None = None,
) -> None:
    """Give many items a status, all or none. Raises Conflict that names the items which cannot have it."""
    if not items:
        return
    locked = _lock(
        items, "pk", "item_type", "status", "reject_reason", "has_unsupported_claims", "decisions", "version",
        "organization", "project", "language",
    )  # fmt: skip
    reviewers.check_may_write(by, locked)
    _move(locked, to=to, override=override, override_reason=override_reason, reason=reject_reason, by=by)
    lifecycle.refresh_status(items[0].project_id)


@transaction.atomic
def restore(*, version: ItemVersion, by: User | None) -> ContentItem:
    """Make the version's content the item's own again. It is checked like an edit, and awaits review."""
    item = _lock([version.item])[0]
    reviewers.check_may_write(by, [item])
    if item.generated_content != version.generated_content:
        read = version.generation_metadata.get("checks")
        known = version.generation_metadata
        origin = {name: known[name] for name in TRANSLATED_FROM if name in known}
        set_content(
            item, version.generated_content, by=by, reason=ItemVersion.Reason.RESTORED, read=read, origin=origin
        )
        item.ai_model_used = version.ai_model_used
        item.made_from = version.made_from if version.made_from is not None else item.made_from
        item.outdated_fields = staleness.outdated_fields(item)
        item.save(update_fields=["ai_model_used", "made_from", "outdated_fields"])
        lifecycle.refresh_status(item.project_id)
    return item


def _lock(items: Iterable[ContentItem], *fields: str) -> list[ContentItem]:
    """The present rows, locked in the order of their ids against a generation or sync that settles the same items. With
    `fields`, only these are read, since a batch of many thousand needs no texts."""
    rows = ContentItem.rows.filter(pk__in=[item.pk for item in items]).order_by("pk")
    rows = rows.only(*fields) if fields else rows.select_related("data_source")
    return list(rows.select_for_update(no_key=True, of=("self",)))


def _move(
    items: list[ContentItem], *, to: str, override: bool, override_reason: str, reason: str | None, by: User | None
) -> None:
    _check_movable(items, to)
    judged = [item for item in items if to == Status.APPROVED != item.status]
    if (unsupported := decisions.items_with_unsupported_claims(judged)) and not override:
        raise Conflict(
            _("The text makes claims that are not in the product data. Edit it, or approve it with `override`."),
            code="unsupported_claims",
            item_ids=_ids(unsupported),
        )
    if unlawful := decisions.unlawful(judged):
        if not (override and override_reason.strip()):
            raise Conflict(
                _(
                    "The text may be unlawful in a country you sell in. Edit it, or approve it with `override` and "
                    "give the reason in `override_reason`."
                ),
                code="unlawful_claims",
                item_ids=_ids(unlawful),
            )
        _record_unlawful(unlawful, by=by, reason=override_reason.strip())
    moved = {item.pk: {"project_id": item.project_id} for item in items if item.status != to}
    if moved and to in EVENTS:
        is_test = Project.objects.filter(pk=items[0].project_id, is_test=True).exists()
        notifications.notify(organization=items[0].organization_id, event=EVENTS[to], objects=moved, is_test=is_test)
    if to != Status.REJECTED and not reason:
        reason = ""  # the reason goes with the rejection
    changes: Json = {"status": to, "changed_by": _person(by)} | ({} if reason is None else {"reject_reason": reason})
    rows = ContentItem.rows.filter(pk__in=list(moved))
    rows.update(updated_at=timezone.now(), **changes)
    staleness.follow(moved, only_in_shop=True)
    if judged:
        doubted = {item.pk for item in (*unsupported, *unlawful)}
        provenance.record_approvals(judged, by=by, overridden=doubted, reason=override_reason.strip())
    for item in items:
        item.status = to
    if reason is not None:
        _give_reason(items, to, reason)


def _record_unlawful(items: list[ContentItem], *, by: User | None, reason: str) -> None:
    """One entry of the audit log for one item, or for up to NAMED_IN_ENTRY of many: all organizations' entries are
    chained one after another, while their transactions wait."""
    action = "item.approved_against_law"
    if len(items) == 1:
        audit.record(action=action, actor=by, target=items[0], reason=reason)
        return
    for start in range(0, len(items), NAMED_IN_ENTRY):
        named = [str(item.pk) for item in items[start : start + NAMED_IN_ENTRY]]
        audit.record(action=action, actor=by, target=items[0].project, reason=reason, after={"item_ids": named})


def _check_movable(items: list[ContentItem], to: str) -> None:
    if wrong := [item for item in items if item.status not in JUDGED or to not in JUDGED]:
        states = ", ".join(sorted({item.status for item in wrong}))
        raise Conflict(
            _("The status of an item can't change from {status} to {other}.", status=states.split(", "), other=to),
            code="invalid_transition",
            item_ids=_ids(wrong),
            **{"from": states, "to": to},  # type: ignore[arg-type]
        )
    variants = [item for item in items if item.item_type == ContentItem.Type.VARIANT]
    if variants and to == Status.APPROVED:
        why = _("A variant uses its product's text. Approve the product instead.")
        raise Conflict(why, code="item_not_writable", item_ids=_ids(variants))


def _person(by: User | None) -> UUID | None:
    return by.pk if isinstance(by, User) else None


def _give_reason(items: list[ContentItem], status: str, reason: str) -> None:
    if reason and status != Status.REJECTED:
        raise InvalidInput.at("#/reject_reason", _("Only a rejected item has a reason for it."), "not_rejected")
    if changed := [item.pk for item in items if item.reject_reason != reason]:
        rows = ContentItem.rows.filter(pk__in=changed).exclude(reject_reason=reason)  # one that was moved has it
        rows.update(reject_reason=reason, updated_at=timezone.now())
        learned_rules.learn_rejection(items, reason)
    for item in items:
        item.reject_reason = reason


def _ids(items: list[ContentItem]) -> list[str]:
    return [str(item.pk) for item in items[:NAMED_AT_MOST]]


def try_edit(*, item: ContentItem, content: Json) -> tuple[Json, CheckReport]:
    """The content that an edit would give the item, and the report of its checks. Writes nothing."""
    settings = settings_of(item)
    merged = edited_content(item, content, settings)
    return merged, checks.run(merged, facts_of(item, flat(merged)), settings)


def edited_content(item: ContentItem, patch: Json, settings: WritingSettings | None = None) -> Json:
    """The content that an edit gives the item. Writes nothing."""
    source = facts_of(item)
    return output.merge(item.generated_content, patch, facts=source, settings=settings or settings_of(item))


def _edit(item: ContentItem, patch: Json, *, by: User | None) -> None:
    settings = settings_of(item)
    content = edited_content(item, patch, settings)
    if content != (before := item.generated_content):
        learned_rules.learn_edit(item, before, content)
        set_content(item, content, by=by, reason=ItemVersion.Reason.EDITED, settings=settings)


def set_content(
    item: ContentItem,
    content: Json,
    *,
    by: User | None,
    reason: str,
    settings: WritingSettings | None = None,
    read: list[Json] | None = None,
    origin: Json | None = None,
) -> None:
    """Replace the content of a locked item. The old content becomes a version. The new one is checked and awaits review.
    `origin` has the TRANSLATED_FROM of a content that brings its own.
    The verifier's findings on unchanged sentences are taken from `read`, or from the checks of the old content."""
    settings = settings or settings_of(item)
    versions.keep(item, reason=reason, by=by)
    if origin is not None:
        present = {name: value for name, value in item.generation_metadata.items() if name not in TRANSLATED_FROM}
        item.generation_metadata = present | origin
    source = facts_of(item, flat(content))
    earlier = (item.generation_metadata.get("checks") if read is None else read) or []
    report = result.carry_over(earlier, content, checks.run(content, source, settings), source, settings)
    metadata = {key: value for key, value in item.generation_metadata.items() if key != "last_error"}
    item.decisions = decisions.remaining(item.decisions, item.generated_content, content)
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
    item.changed_by = _person(by)
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
            "changed_by",
            "updated_at",
        ]
    )
    staleness.follow([item.main_id or item.pk])


def recheck(item: ContentItem, settings: WritingSettings | None = None) -> bool:
    """Check the text of a locked item again, with the glossary, rules and facts of now, and without a model. Answers whether
    that told anything new. A person's decision stays; what awaits one is flagged, or no longer."""
    settings, content = settings or settings_of(item), item.generated_content
    before, status = item.generation_metadata, item.status
    source, earlier = facts_of(item), before.get("checks") or []
    report = result.carry_over(earlier, content, checks.run(content, source, settings), source, settings)
    item.generation_metadata = {**before, **report.as_dict()}
    item.confidence_score, item.has_unsupported_claims = report.score, bool(report.unsupported)
    if item.status in (Status.GENERATED, Status.FLAGGED):
        item.status = Status.FLAGGED if report.flagged else Status.GENERATED
    fields = ("generation_metadata", "confidence_score", "has_unsupported_claims", "status", "updated_at")
    if news := (item.generation_metadata, item.status) != (before, status):
        item.save(update_fields=fields)
    return news


def fails(item: ContentItem, check_id: str) -> bool:
    """Whether the item's text failed this check when it was last checked."""
    checks = item.generation_metadata.get("checks") or []
    return any(check["id"] == check_id and check["passed"] is False for check in checks)


def recheck_law(pk: UUID, *, without: tuple[str, str] | None = None) -> bool:
    """Check an item's text again, as if the evidence of this rule and number were not on file. A text that a rule of law then fails
    is flagged, also where a person had approved it. Answers whether it was. Runs in the caller's transaction."""
    found = _lock([ContentItem(pk=pk)])
    if not found:
        return False  # deleted meanwhile
    item = found[0]
    settings, before = settings_of(item), item.status
    kept = tuple(one for one in settings.law.evidence if (one.rule, one.number) != without)
    recheck(item, replace(settings, law=replace(settings.law, evidence=kept)))
    if fails(item, law.ID) and item.status in (Status.APPROVED, Status.SYNCED):
        item.status = Status.FLAGGED
        item.save(update_fields=["status", "updated_at"])
        staleness.follow([item.main_id or item.pk])
        lifecycle.refresh_status(item.project_id)
    return item.status != before


def facts_of(item: ContentItem, written: Collection[str] | None = None) -> Facts:
    """What the item's text may state: the facts, and of a translation the text that it translates as well, without the
    fields that it leaves to the shop's own translation. `written` are its fields, by default those of its content."""
    source = facts.read(item.source_data, item.item_type)
    if not item.language or staleness.way_of(item.generation_metadata) == staleness.NATIVE:
        return source
    found = staleness.original_of(item)
    if not found.content:
        return source
    language = found.language or item.generation_metadata.get("translated_from") or languages.main(item.project)
    written = flat(item.generated_content) if written is None else written
    theirs = shop_texts.kept_fields(item, written) - set(written)
    return translation.facts_of(source, decisions.without(found.content, theirs), language)


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
