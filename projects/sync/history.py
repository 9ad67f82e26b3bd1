"""The records of a sync: intents before a write, outcomes after it, and the way replies show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils import timezone

from integrations.stores import texts, three_way
from integrations.stores.errors import Missing, StoreError
from integrations.stores.three_way import Fate
from integrations.stores.types import Current, Ref, Texts
from projects.models import ContentItem, StoreText, SyncRecord
from projects.models.sync import IN_DOUBT
from scribe import statements
from scribe.models import Job

State = SyncRecord.State


def ref_of(item: ContentItem) -> Ref:
    data = item.source_data or {}
    parent = str(data.get("parent_external_id") or "")
    return Ref(item.external_id, item.item_type, parent, item.store_view, str(data.get("sku") or ""))


def chosen_places(items: Iterable[ContentItem]) -> frozenset[str]:
    """The chosen places (`meta.<key>`) where these items have known texts, even those that the settings no longer name."""
    rows = [text for item in items if (text := getattr(item, "store_text", None)) is not None]
    return frozenset(field for text in rows for field in text.held if field.startswith("meta."))


def remember(item: ContentItem, there: Texts, *, ours: bool, sent: Texts | None = None) -> StoreText:
    """Note that the store holds these texts: `ours`, or texts put back. `sent` has the texts of ours that the store
    changed, as they were sent. The caller saves the row."""
    text = getattr(item, "store_text", None) or StoreText(organization_id=item.organization_id, item=item)
    text.held = {**text.held, **there}
    others = [field for field in text.ours if field not in there]
    text.ours = [*others, *there] if ours else others
    text.sent = {**{f: v for f, v in text.sent.items() if f not in there}, **(sent or {})}
    text.updated_at = timezone.now()
    item.store_text = text
    return text


def assumed(item: ContentItem, there: Current) -> Current:
    """What the store shows, and what we last left in the places that it does not show."""
    text = getattr(item, "store_text", None)
    held = text.held if there.unshown and text is not None else {}
    known = {field: held[field] for field in there.unshown if field in held}
    return replace(there, texts={**there.texts, **known}) if known else there


def pushed_tags(items: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """The tags that the pushes of these items brought and no undo has taken back, as `texts.members`, by item."""
    rows = SyncRecord.objects.pushed().filter(item__in=list(items), after__has_key="tags")
    found: dict[UUID, frozenset[str]] = {}
    for item, before, after in rows.values_list("item_id", "before__tags", "after__tags"):
        found[item] = found.get(item, frozenset()) | (texts.members(after) - texts.members(before))
    return found


def fates(record: SyncRecord, current: Current) -> dict[str, Fate]:
    """The fate of each field that was sent without an answer."""
    found = {}
    for field, sent in record.wanted.items():
        if field in record.after:
            continue
        there = current.texts.get(field, "")
        if _taken_out(record, field):
            found[field] = Fate.ARRIVED if _are_out(record, there) else Fate.UNTOUCHED
        elif field == "tags" and not texts.grown_from(field, there, sent, record.before.get(field)):
            found[field] = (
                Fate.UNTOUCHED
            )  # none of ours is there; ours are only added, whatever the merchant did to others
        else:
            found[field] = three_way.fate(field, sent=sent, there=there, before=record.before.get(field))
    return found


def _taken_out(record: SyncRecord, field: str) -> bool:
    """Whether the write only takes tags away. The merchant's changes to other tags do not matter to it."""
    return field == "tags" and record.kind == SyncRecord.Kind.UNDO


def _are_out(record: SyncRecord, there: Any) -> bool:
    taken = texts.members(record.before.get("tags")) - texts.members(record.wanted["tags"])
    return not taken & texts.members(there)


def arrive(record: SyncRecord, shown: Texts) -> None:
    """Note the texts that the store shows where ours were sent: unchanged, changed by the store, or ignored by it."""
    after, changed, skipped = dict(record.after), dict(record.changed), dict(record.skipped)
    for field, there in shown.items():
        sent = record.wanted[field]
        if texts.alike(field, there, sent) or (_taken_out(record, field) and _are_out(record, there)):
            after[field] = there
        elif record.kind == SyncRecord.Kind.PUSH and texts.same(field, there, record.before.get(field)):
            skipped[field] = "The store took the request, and kept its own text."
        else:
            changed[field] = {"sent": sent, "store": there}
            # An undo must not take away a tag that the merchant added since.
            after[field] = sent if field == "tags" else there
    record.after, record.changed, record.skipped = after, changed, skipped


def note_grown(record: SyncRecord, third: Texts) -> None:
    """Note as arrived those `third` texts that somebody made out of ours: ours must have been there. An undo has to know
    that, but must not take back what somebody made of them."""
    before, wanted = record.before, record.wanted
    grown = {f: wanted[f] for f, there in third.items() if texts.grown_from(f, there, wanted[f], before.get(f))}
    record.after = {**record.after, **grown}


def note_made(record: SyncRecord, made_tags: Mapping[str, str]) -> None:
    """Note which of the tags that arrived were made for this write. `made_tags` has ids by lower-case name."""
    arrived = record.after.get("tags") or []
    fresh = {made_tags[tag.casefold()]: tag for tag in arrived if tag.casefold() in made_tags}
    record.made = {**record.made, **fresh}


def finish(record: SyncRecord) -> None:
    record.state = State.DONE
    record.synced_at = timezone.now()
    record.code = record.error_message = ""
    if record.changed:
        record.error_message = f"The store changed it: {', '.join(sorted(record.changed))}."
    if record.kind == SyncRecord.Kind.UNDO:
        _finish_undo(record)


def _finish_undo(record: SyncRecord) -> None:
    """Set the outcome of an undo. It is done when each text is back; one that only reads as before is told under `changed`.
    `conflicts` has the texts that it left alone, since somebody changed them after the push."""
    left = record.conflicts
    respelled = {
        field: {"sent": text, "store": record.after[field]}
        for field, text in record.wanted.items()
        if field in record.after
        and field not in record.changed
        and not (_taken_out(record, field) or texts.exact(field, record.after[field], text))
    }
    lost = {field: {"store": text["store"], "reason": ""} for field, text in record.changed.items()} | {
        field: {"store": record.before.get(field, ""), "reason": record.skipped.get(field, "")}
        for field in record.wanted
        if field not in record.after and field not in record.changed
    }
    if lost:
        record.state, record.code = State.FAILED, "not_restored"
        record.conflicts = [
            {"field": f, "before": record.wanted[f], **{k: v for k, v in text.items() if v or k == "store"}}
            for f, text in lost.items()
        ] + left
        record.error_message = f"The store did not take its old text as it was: {', '.join(sorted(lost))}."
    elif left:
        changed_since(record, left)
    if respelled:
        record.error_message += f" The store spells it otherwise than before: {', '.join(sorted(respelled))}."
        record.error_message = record.error_message.strip()
        record.changed = {**record.changed, **respelled}


def changed_since(record: SyncRecord, left: list[dict[str, Any]]) -> None:
    """Close an undo that left these texts alone, since the merchant changed them. The rest of the push is put back."""
    conflict(record, left)
    record.code = "store_changed"
    named = ", ".join(c["field"] for c in left)
    record.error_message = f"The store's text was changed since the push, and is left: {named}."
    if back := restored(record):
        record.error_message += f" Put back: {', '.join(back['restored'])}."


def close(job: Job) -> None:
    """Close the records at the job's end. Records of texts that the store had already are deleted. Writes without an
    answer are in doubt until the store is read again."""
    records = SyncRecord.objects.filter(job=job)
    records.filter(state=State.SAME).delete()
    records.filter(state=State.WRITING).update(
        state=State.FAILED,
        code=IN_DOUBT,
        error_message="The sync ended before the store answered. The next one, or a comparison, finds out what arrived.",
    )


def conclude(record: SyncRecord, item: ContentItem, there: Current) -> StoreText:
    """Close a record that was cut off, by the texts that the store shows now. Returns the item's known texts. The caller
    saves both rows."""
    judged = fates(record, there)
    push = record.kind == SyncRecord.Kind.PUSH
    arrive(record, {f: there.texts.get(f, "") for f, fate in judged.items() if fate is Fate.ARRIVED})
    if push:
        note_grown(record, {f: there.texts.get(f, "") for f, fate in judged.items() if fate is Fate.THIRD})
    missing = [f for f in judged if f not in record.after]
    if record.after and not missing:
        finish(record)
    elif record.after and push:
        finish(record)
        record.error_message = f"The sync was cut off. The store did not get: {', '.join(sorted(missing))}."
    else:
        fail(record, "The sync was cut off before the store was written.", "cut_off")
    sent = {f: v["sent"] for f, v in record.changed.items() if f in record.after} if push else {}
    return remember(item, record.after, ours=push, sent=sent)


def note_undone(records: Iterable[SyncRecord]) -> None:
    """Mark the pushes that these undos have taken back whole."""
    done = [r.undoes_id for r in records if r.kind == SyncRecord.Kind.UNDO and r.state == State.DONE]
    if done:
        SyncRecord.objects.filter(pk__in=done).update(undone_at=timezone.now())


def nothing(record: SyncRecord) -> None:
    """Note that the store has these texts already. The row marks the item as done until the job ends, then it is deleted."""
    record.state, record.synced_at = State.SAME, timezone.now()


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
    record.error_message = f"The store's text was changed since ours was made from it or last pushed: {fields}."


GONE = Missing("The store no longer has this item.")


FIELDS = [
    "state",
    "before",
    "wanted",
    "after",
    "changed",
    "skipped",
    "made",
    "conflicts",
    "code",
    "error_message",
    "synced_at",
    "forced",
    "undoes",
]


INTENT = ("before", "wanted", "forced")
OUTCOME = [field for field in FIELDS if field not in INTENT]


def save(records: Iterable[SyncRecord]) -> None:
    """Insert new records and update known ones, up to 200 in a statement."""
    statements.upsert(records, unique="id", update=FIELDS)


def save_outcomes(records: Iterable[SyncRecord]) -> None:
    """Update saved records, but for the intent that they were saved with. Its texts are large, so they are not sent."""
    statements.update(records, OUTCOME)


def save_texts(rows: Iterable[StoreText]) -> None:
    statements.upsert(rows, unique="item", update=["held", "ours", "sent", "updated_at"])


def restored(record: SyncRecord) -> dict[str, Any]:
    """The fields that an incomplete undo has put back, without those whose text the store changed. Empty for a push."""
    back = sorted(record.after.keys() - record.changed.keys())
    return {"restored": back} if record.kind == SyncRecord.Kind.UNDO and back else {}


def failed_items(records: Iterable[SyncRecord]) -> list[dict[str, Any]]:
    """The items that were not written, each with the reason, for replies and job results. Needs `item` loaded."""
    return [
        {
            "item_id": str(r.item_id),
            "external_id": r.item.external_id,
            **({"language": r.item.language, "main_item_id": str(r.item.main_id)} if r.item.language else {}),
            "reason": r.error_message,
            "code": r.code,
            **({"conflicts": r.conflicts} if r.conflicts else {}),
            **restored(r),
        }
        for r in records
    ]
