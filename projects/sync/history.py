"""The records of a sync: intents before a write, outcomes after it, and the way replies show them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from django.utils import timezone

from integrations.stores import texts, three_way
from integrations.stores.errors import Missing, StoreError
from integrations.stores.interface import TextStore
from integrations.stores.texts import Text
from integrations.stores.three_way import Fate
from integrations.stores.types import Current, Ref, Texts
from projects.models import ContentItem, Drift, StoreText, SyncRecord
from projects.models.sync import IN_DOUBT
from scribe import messages, statements
from scribe.messages import _, join
from scribe.models import Job
from scribe.types import Json
from writing.html import embedded_lost

State = SyncRecord.State


def ref_of(item: ContentItem) -> Ref:
    data = item.source_data or {}
    parent = str(data.get("parent_external_id") or "")
    return Ref(item.external_id, item.item_type, parent, item.store_view, str(data.get("sku") or ""))


def chosen_places(items: Iterable[ContentItem]) -> frozenset[str]:
    """The chosen places (`meta.<key>`) where these items have known texts, even those that the settings no longer name."""
    rows = [text for item in items if (text := getattr(item, "store_text", None)) is not None]
    return frozenset(field for text in rows for field in text.held if field.startswith("meta."))


def remember(item: ContentItem, there: Texts, *, sent: Texts | None = None) -> StoreText:
    """Note that a push of ours left these texts in the store. `sent` has those that the store changed, as they were sent.
    The caller saves the row."""
    text = getattr(item, "store_text", None) or StoreText(organization_id=item.organization_id, item=item)
    text.held = {**text.held, **there}
    text.ours = [*(field for field in text.ours if field not in there), *there]
    text.sent = {**{f: v for f, v in text.sent.items() if f not in there}, **(sent or {})}
    text.updated_at = timezone.now()
    item.store_text = text
    return text


def known_of(item: ContentItem, fields: Iterable[str]) -> dict[str, Json]:
    """What is noted of these places, as `SyncRecord.known_before` keeps it. A place of which nothing is noted is left out."""
    text = getattr(item, "store_text", None)
    if text is None:
        return {}
    return {
        f: {"held": text.held[f], "ours": f in text.ours, **({"sent": text.sent[f]} if f in text.sent else {})}
        for f in fields
        if f in text.held
    }


def remember_restored(item: ContentItem, fields: Iterable[str], undone: SyncRecord | None) -> StoreText:
    """Note that these texts are again as they were before the push `undone`: what was known of them then is known now, and no
    more. So a text that the push wrote over by force is a conflict for the next one, as it was for this one. The caller
    saves the row."""
    text = getattr(item, "store_text", None) or StoreText(organization_id=item.organization_id, item=item)
    known = undone.known_before if undone is not None else {}
    back = list(fields)
    text.held = {f: v for f, v in text.held.items() if f not in back}
    text.sent = {f: v for f, v in text.sent.items() if f not in back}
    text.ours = [f for f in text.ours if f not in back]
    for field in (f for f in back if f in known):
        text.held[field] = known[field]["held"]
        if known[field]["ours"]:
            text.ours.append(field)
        if "sent" in known[field]:
            text.sent[field] = known[field]["sent"]
    text.updated_at = timezone.now()
    item.store_text = text
    return text


def assume_hidden_places(item: ContentItem, there: Current) -> Current:
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


def fates(record: SyncRecord, current: Current, store: TextStore) -> dict[str, Fate]:
    """The fate of each field that was sent without an answer. Old texts are put back as they were, also those of which `store`
    is known to lose something."""
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
            spoiled = record.kind == SyncRecord.Kind.UNDO and bool(store.removed_by_filter(field, sent))
            before = record.before.get(field)
            found[field] = three_way.fate(field, sent=sent, there=there, before=before, spoiled=spoiled)
    return found


def _taken_out(record: SyncRecord, field: str) -> bool:
    """Whether the write only takes tags away. The merchant's changes to other tags do not matter to it."""
    return field == "tags" and record.kind == SyncRecord.Kind.UNDO


def _are_out(record: SyncRecord, there: Text) -> bool:
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
            skipped[field] = _("The store accepted the request but kept its own text.")
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
        record.error_message = _("The store changed it: {fields}.", fields=sorted(record.changed))
    if record.kind == SyncRecord.Kind.UNDO:
        _finish_undo(record)
        return
    replaced = {field: (record.before[field], after) for field, after in record.after.items() if field in record.before}
    for field, (before, after) in replaced.items():
        if isinstance(before, str) and (gone := embedded_lost(before, str(after))):
            record.skipped = {**record.skipped, field: texts.ELEMENTS_GONE.format(names=gone)}


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
        for field in {**record.wanted, **record.skipped}
        if field not in record.after and field not in record.changed
    }
    if lost:
        record.state, record.code = State.FAILED, "not_restored"
        record.conflicts = [
            {"field": f, "before": record.wanted.get(f), **{k: v for k, v in text.items() if v or k == "store"}}
            for f, text in lost.items()
        ] + left
        record.error_message = _why_lost({field: text["reason"] for field, text in lost.items()})
    elif left:
        changed_since(record, left)
    if respelled:
        text = _("The store saved it in a different form: {fields}.", fields=sorted(respelled))
        record.error_message = join(filter(None, [record.error_message, text]))
        record.changed = {**record.changed, **respelled}


def _why_lost(reasons: Mapping[str, str]) -> str:
    """The fields that an undo did not put back, by their reasons; without one it is the store that did not take it."""
    fields = {why: sorted(f for f, w in reasons.items() if w == why) for why in sorted({*reasons.values()})}
    return join(
        _("Not restored: {fields}. {reason}", fields=names, reason=why)
        if why
        else _("The store did not accept the previous text unchanged: {fields}.", fields=names)
        for why, names in fields.items()
    )


def changed_since(record: SyncRecord, left: list[Json]) -> None:
    """Close an undo that left these texts alone, since the merchant changed them. The rest of the push is put back."""
    conflict(record, left)
    record.code = "store_changed"
    named = [c["field"] for c in left]
    text = _("The store's text was changed after the sync, so it was not overwritten: {fields}.", fields=named)
    if back := restored_fields(record):
        text = join([text, _("Restored: {fields}.", fields=back["restored"])])
    record.error_message = text


UNANSWERED = _("The sync ended before the store answered. Sync again to check what was updated.")


def close(job: Job) -> None:
    """Close the records at the job's end. Records of texts that the store had already are deleted, and a conflict that
    such an item had is over: each of its fields has the merchant's text, by choice, or ours. Writes without an answer are
    in doubt until the store is read again."""
    records = SyncRecord.objects.filter(job=job)
    same = records.filter(state=State.SAME)
    settled = SyncRecord.objects.filter(state=State.CONFLICT, kind=SyncRecord.Kind.PUSH, item__in=same.values("item"))
    settled.update(state=State.FAILED)
    same.delete()
    records.filter(state=State.WRITING).update(
        state=State.FAILED,
        code=IN_DOUBT,
        **messages.columns(error_message=UNANSWERED),
    )


def conclude(record: SyncRecord, item: ContentItem, there: Current, store: TextStore) -> StoreText:
    """Close a record that was cut off, by the texts that the store shows now. Returns the item's known texts. The caller
    saves both rows."""
    judged = fates(record, there, store)
    push = record.kind == SyncRecord.Kind.PUSH
    arrive(record, {f: there.texts.get(f, "") for f, fate in judged.items() if fate is Fate.ARRIVED})
    if push:
        note_grown(record, {f: there.texts.get(f, "") for f, fate in judged.items() if fate is Fate.THIRD})
    missing = [f for f in judged if f not in record.after]
    if record.after and not missing:
        finish(record)
    elif record.after and push:
        finish(record)
        record.error_message = _(
            "The sync was interrupted. Not updated in the store: {fields}.", fields=sorted(missing)
        )
    else:
        fail(record, _("The sync was interrupted before the store was updated."), "cut_off")
    if not push:
        return remember_restored(item, record.after, record.undoes)
    sent = {f: v["sent"] for f, v in record.changed.items() if f in record.after}
    return remember(item, record.after, sent=sent)


def note_undone(records: Iterable[SyncRecord]) -> None:
    """Mark the pushes that these undos have taken back whole."""
    done = [r.undoes_id for r in records if r.kind == SyncRecord.Kind.UNDO and r.state == State.DONE]
    if done:
        SyncRecord.objects.filter(pk__in=done).update(undone_at=timezone.now())  # type: ignore[misc]


def nothing(record: SyncRecord) -> None:
    """Note that the store has these texts already. The row marks the item as done until the job ends, then it is deleted."""
    record.state, record.synced_at = State.SAME, timezone.now()


def fail(record: SyncRecord, error: StoreError | str, code: str = "") -> None:
    record.state = State.FAILED
    record.synced_at = timezone.now()
    record.error_message = error if isinstance(error, str) else error.message
    record.code = code or (error.code if isinstance(error, StoreError) else "failed")


def conflict(record: SyncRecord, conflicts: list[Json]) -> None:
    record.state, record.conflicts = State.CONFLICT, conflicts
    record.synced_at = timezone.now()
    record.code = "sync_conflict"
    fields = [c["field"] for c in conflicts]
    record.error_message = _(
        "The store's text was changed after ours was generated or last synced: {fields}. Choose which version to keep.",
        fields=fields,
    )


GONE = Missing(_("The store no longer has this item."))


def note_found(job: Job, items: Iterable[ContentItem], gone: Collection[UUID]) -> None:
    """Note which of these items the store no longer has (`gone`), and that it has the others. What was noted before keeps
    its date."""
    there = [item for item in items if item.pk not in gone]
    Drift.objects.filter(item__in=there, gone=True).delete()
    noted = {*Drift.objects.filter(item__in=gone, gone=True).values_list("item", flat=True)} if gone else ()
    Drift.objects.bulk_create(
        [
            Drift(organization_id=item.organization_id, item=item, job=job, gone=True, found_at=timezone.now())
            for item in items
            if item.pk in gone and item.pk not in noted
        ],
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["job", "gone", "fields", "found_at"],
    )


FIELDS = [
    "state",
    "before",
    "wanted",
    "known_before",
    "after",
    "changed",
    "skipped",
    "made",
    "conflicts",
    "code",
    "error_message",
    "error_message_values",
    "synced_at",
    "forced",
    "undoes",
]


INTENT = ("before", "wanted", "known_before", "forced")
OUTCOME = [field for field in FIELDS if field not in INTENT]


def save(records: Iterable[SyncRecord]) -> None:
    """Insert new records and update known ones, up to 200 in a statement."""
    statements.upsert(records, unique="id", update=FIELDS)


def save_outcomes(records: Iterable[SyncRecord]) -> None:
    """Update saved records, but for the intent that they were saved with. Its texts are large, so they are not sent."""
    statements.update(records, OUTCOME)


def save_texts(rows: Iterable[StoreText]) -> None:
    statements.upsert(rows, unique="item", update=["held", "ours", "sent", "updated_at"])


def restored_fields(record: SyncRecord) -> Json:
    """The fields that an incomplete undo has put back, without those whose text the store changed. Empty for a push."""
    back = sorted(record.after.keys() - record.changed.keys())
    return {"restored": back} if record.kind == SyncRecord.Kind.UNDO and back else {}


def failed_items(records: Iterable[SyncRecord]) -> list[Json]:
    """The items that were not written, each with the reason, for replies and job results. Needs `item` loaded."""
    return [
        {
            "item_id": str(r.item_id),
            "external_id": r.item.external_id,
            **({"language": r.item.language, "main_item_id": str(r.item.main_id)} if r.item.language else {}),
            "reason": r.error_message,
            "code": r.code,
            **({"conflicts": r.conflicts} if r.conflicts else {}),
            **restored_fields(r),
        }
        for r in records
    ]
