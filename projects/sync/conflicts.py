"""Pushes that found the merchant's own changes in the shop, and what people choose for them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.utils import timezone

from accounts.models import User
from integrations.stores import texts
from integrations.stores.types import Text
from projects import decisions, review
from projects.models import ContentItem, Project, SyncRecord
from projects.sync import job as sync_job
from scribe.errors import Conflict, InvalidInput
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json
from writing.fields import BY_NAME

OURS, STORE = "ours", "store"
EXAMPLE = "example"  # the `code` of a conflict that no store has
SIDES = {OURS: decisions.APPROVED, STORE: decisions.KEPT}


def open_in(project: Project) -> QuerySet[SyncRecord]:
    found = SyncRecord.objects.open_conflicts().filter(item__project=project)
    return found.select_related("item").order_by("item_id")


def clashes() -> Combinable:
    """The texts of each item's open conflict, for the annotation `clashes`."""
    found = SyncRecord.objects.open_conflicts().filter(item=OuterRef("pk"))
    return Subquery(found.order_by("-created_at").values("conflicts")[:1])


def texts_before(records: Collection[SyncRecord]) -> dict[tuple[UUID, str], Text | None]:
    """By the record and the field of these conflicts, the text that the merchant changed: what our last push left in
    the store, unless an import has read another one there since, and ours was made from that."""
    read = {(record.pk, clash["field"]): clash.get("imported") for record in records for clash in record.conflicts}
    by_item: dict[UUID, list[SyncRecord]] = {}
    for record in records:
        by_item.setdefault(record.item_id, []).append(record)
    left: dict[tuple[UUID, str], Text] = {}
    replaced = set()  # the texts that one of our pushes has found in the store
    pushes = SyncRecord.objects.pushed().filter(item__in=list(by_item)).order_by("created_at")
    for item, at, before, after in pushes.values_list("item_id", "created_at", "before", "after").iterator():
        for record in by_item[item]:
            for name in after if at < record.created_at else ():
                key = record.pk, name
                left[key] = after[name]
                if key in read and (read[key] is None or texts.same(name, read[key], before.get(name))):
                    replaced.add(key)
    return {key: left[key] if key in replaced else base for key, base in read.items()}


def add_example(*, item: ContentItem, clashes: list[Json]) -> SyncRecord:
    """A conflict to try the decision on: these texts of the item, without a store and a push that found them."""
    return SyncRecord.objects.create(
        organization_id=item.organization_id,
        item=item,
        state=SyncRecord.State.CONFLICT,
        code=EXAMPLE,
        error_message=_("An example of a text that was changed in the shop. No shop is connected."),
        conflicts=clashes,
        synced_at=timezone.now(),
    )


@transaction.atomic
def settle_examples(*, by: User, chosen: Mapping[SyncRecord, Mapping[str, str]]) -> None:
    """Note the side that was chosen for each field of these examples, and end them. Nothing is written to a store."""
    for record, sides in chosen.items():
        taken = {name: SIDES[side] for name, side in sides.items() if side in SIDES}
        review.update_item(item=record.item, by=by, decided=dict(taken))
        record.conflicts = [clash for clash in record.conflicts if clash["field"] not in taken]
        record.save(update_fields=["conflicts"]) if record.conflicts else record.delete()


@transaction.atomic
def decide(*, project: Project, by: User, chosen: Mapping[SyncRecord, Mapping[str, str]]) -> Job:
    """Note the side, `ours` or `store`, that was chosen for each field of these conflicts, and begin one push. What has
    no side stays a conflict. The undo of the push puts back what it replaces. Raises InvalidInput when nothing was
    chosen."""
    items, ours = [], {}
    for record, sides in chosen.items():
        made: dict[str, str | None] = {
            name: SIDES[side] for name, side in sides.items() if side in SIDES and name in BY_NAME
        }
        shown = {clash["field"]: clash.get("store", "") for clash in record.conflicts}
        if taken := {name: shown[name] for name, side in sides.items() if side == OURS}:
            ours[str(record.item_id)] = taken
        if made or taken:
            items.append(review.update_item(item=record.item, by=by, decided=made))
    if not items:
        raise InvalidInput.at("#/fields", _("Choose at least one text."), "required")
    return sync_job.start(
        project=project,
        by=by,
        mode="selected",
        items=items,
        ours=ours,
        single=len(items) == 1,
        languages=sorted({item.language for item in items}),
    )


def resolve(*, project: Project, by: User, item: ContentItem, sides: Mapping[str, str]) -> Job:
    """Take these sides, `ours` or `theirs`, in the conflict that the item's last push found. Raises Conflict
    `nothing_to_resolve` without one, and InvalidInput for a field that it does not have."""
    record = open_in(project).filter(item=item).exclude(code=EXAMPLE).first()
    if record is None:
        why = "The item's last sync found no conflict. Sync it without `resolve`."
        raise Conflict(why, code="nothing_to_resolve")
    found = sorted({clash["field"] for clash in record.conflicts})
    faults = {
        name: f"The conflict is about {', '.join(found)}."
        if name not in found
        else "The shop's text can't be kept here field by field. Take it out of our text, or choose `ours`."
        for name, side in sides.items()
        if name not in found or (side != OURS and name not in BY_NAME)
    }
    if faults:
        errors = [
            {"pointer": f"#/resolve/{name}", "detail": why, "code": "not_in_conflict"} for name, why in faults.items()
        ]
        raise InvalidInput(errors=errors)
    chosen = {name: OURS if side == OURS else STORE for name, side in sides.items()}
    return decide(project=project, by=by, chosen={record: chosen})
