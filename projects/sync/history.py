"""The rows of a sync: intents before a write, outcomes after it, and how they read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from integrations.stores import texts
from integrations.stores.errors import Missing, StoreError
from integrations.stores.types import Current, Ref, Texts
from projects.models import ContentItem, StoreText, SyncRecord

State = SyncRecord.State


def ref_of(item: ContentItem) -> Ref:
    data = item.source_data or {}
    parent = str(data.get("parent_external_id") or "")
    return Ref(item.external_id, item.item_type, parent, item.store_view, str(data.get("sku") or ""))


def remember(item: ContentItem, held: Texts, *, ours: bool) -> StoreText:
    """The store is now known to hold these texts: written by us, or put back. The row is yet to be saved."""
    text = getattr(item, "store_text", None) or StoreText(organization_id=item.organization_id, item=item)
    text.held = {**text.held, **held}
    others = [field for field in text.ours if field not in held]
    text.ours = [*others, *held] if ours else others
    text.updated_at = timezone.now()
    item.store_text = text
    return text


def arrived(record: SyncRecord, current: Current) -> bool | None:
    """Whether an unfinished write reached the store: True, False, or None when the store has a third text."""
    there = {field: current.texts.get(field, "") for field in record.wanted}
    if all(texts.alike(f, there[f], record.wanted[f]) for f in there):
        return True
    untouched = all(
        texts.same(f, there[f], record.before.get(f)) or texts.alike(f, there[f], record.wanted[f]) for f in there
    )
    return False if untouched else None


def finish(record: SyncRecord, *, after: Texts, skipped: dict[str, str]) -> None:
    record.state, record.after = State.DONE, after
    record.skipped = {**record.skipped, **skipped}
    record.synced_at = timezone.now()
    record.code = record.error_message = ""


def fail(record: SyncRecord, error: StoreError | str, code: str = "") -> None:
    record.state = State.FAILED
    record.synced_at = timezone.now()
    record.error_message = error if isinstance(error, str) else error.message
    record.code = code or (error.code if isinstance(error, StoreError) else "failed")


def conflict(record: SyncRecord, conflicts: list[dict[str, Any]]) -> None:
    record.state, record.conflicts = State.CONFLICT, conflicts
    record.synced_at = timezone.now()
    record.code = "sync_conflict"
    fields = ", ".join(c["field"] for c in conflicts)
    record.error_message = f"The store's text was changed since it was imported or last pushed: {fields}."


GONE = Missing("The store no longer has this item.")


FIELDS = [
    "state",
    "before",
    "wanted",
    "after",
    "skipped",
    "conflicts",
    "code",
    "error_message",
    "synced_at",
    "forced",
    "undoes",
]


def save(records: Iterable[SyncRecord]) -> None:
    """New and known records alike, in one statement."""
    SyncRecord.objects.bulk_create(
        records, batch_size=200, update_conflicts=True, unique_fields=["id"], update_fields=FIELDS
    )


def save_texts(rows: Iterable[StoreText]) -> None:
    StoreText.objects.bulk_create(
        rows,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["held", "ours", "updated_at"],
    )


def failed_items(records: Iterable[SyncRecord]) -> list[dict[str, Any]]:
    """What was not written, and why: for replies and job results. Wants the item fetched along."""
    return [
        {
            "item_id": str(r.item_id),
            "external_id": r.item.external_id,
            "reason": r.error_message,
            "code": r.code,
            **({"conflicts": r.conflicts} if r.conflicts else {}),
        }
        for r in records
    ]
