"""The two kinds of sync job: pushing approved content, and undoing an earlier push. Each knows which items are left, what
to write for each, and what becomes of the item then. The pipeline drives them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from integrations.models import StoreConnection
from integrations.stores import texts
from integrations.stores.interface import Store
from integrations.stores.types import Current, Placement, Push, Pushed, Ref, Texts
from projects.models import ContentItem, StoreText, SyncRecord
from projects.sync import history
from projects.sync.planning import plan
from scribe.jobs import Run

Status = ContentItem.Status
State = SyncRecord.State


class Desk(ABC):
    """Records and items of one job. Methods named `prepare` and `settle` run inside the job's settling transaction."""

    kind: SyncRecord.Kind
    item_event = "item"

    def __init__(self, run: Run, store: Store, connection: StoreConnection, placement: Placement) -> None:
        self.run, self.store, self.connection, self.placement = run, store, connection, placement
        self.force = bool(run.payload.get("force"))
        self._texts: dict[UUID, StoreText] = {}  # to be written with this settling

    def left(self) -> list[UUID]:
        """The items that this job has not ended with yet, oldest first."""
        ended = SyncRecord.objects.filter(job=self.run.job, item=OuterRef("pk")).exclude(state=State.WRITING)
        return list(self.selection().exclude(Exists(ended)).order_by("pk").values_list("pk", flat=True))

    @abstractmethod
    def selection(self) -> QuerySet[ContentItem]:
        """The items that this job is about."""

    def begun(self) -> QuerySet[Any]:
        return SyncRecord.objects.filter(job=self.run.job).values("item")

    def load(self, ids: list[UUID]) -> dict[Ref, ContentItem]:
        rows = ContentItem.objects.filter(pk__in=ids).select_related("store_text").order_by("pk")
        return {history.ref_of(item): item for item in rows}

    def _new(self, item: ContentItem) -> SyncRecord:
        return SyncRecord(
            organization_id=item.organization_id,
            item=item,
            job=self.run.job,
            connection=self.connection,
            connection_name=self.connection.name,
            kind=self.kind,
            forced=self.force,
            synced_at=timezone.now(),
        )

    def prepare(self, items: dict[Ref, ContentItem], current: dict[Ref, Current]) -> list[Push]:
        """Decide for each item. What must be written gets a record in state `writing`, committed before the store is
        called; everything else is over here and now."""
        mine = {r.item_id: r for r in SyncRecord.objects.filter(job=self.run.job, item__in=list(items.values()))}
        self._look_back(items, current)
        pushes: list[Push] = []
        touched: list[tuple[SyncRecord, ContentItem]] = []
        for ref, item in items.items():
            record = mine.get(item.pk)
            if record is not None and record.state != State.WRITING:
                continue
            record = record or self._new(item)
            touched.append((record, item))
            there = current.get(ref)
            if there is None:
                history.fail(record, history.GONE)
            elif record.wanted and history.arrived(record, there):
                self._done(record, item, Pushed(ref, {f: there.texts.get(f, "") for f in record.wanted}))
            else:
                self._decide(record, item, there)
            if record.state == State.WRITING and there is not None:
                pushes.append(Push(ref, record.wanted, there))
        self._write_down(touched)
        return pushes

    def _look_back(  # noqa: B027 - not every kind needs to know more
        self, items: dict[Ref, ContentItem], current: dict[Ref, Current]
    ) -> None:
        """What must be known about these items before deciding; one statement for all of them."""

    @abstractmethod
    def _decide(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        """Note on `record` what is to be written over what is `there`, or why nothing is."""

    @abstractmethod
    def _done(self, record: SyncRecord, item: ContentItem, pushed: Pushed) -> None:
        """Note on `record` and `item` that the store took the texts."""

    def settle(self, items: dict[Ref, ContentItem], answers: list[Pushed]) -> None:
        """What the store answered, item by item."""
        ids = [items[answer.ref].pk for answer in answers]
        mine = {r.item_id: r for r in SyncRecord.objects.filter(job=self.run.job, item__in=ids, state=State.WRITING)}
        touched: list[tuple[SyncRecord, ContentItem]] = []
        for answer in answers:
            item = items[answer.ref]
            if (record := mine.get(item.pk)) is None:
                continue
            touched.append((record, item))
            if answer.error is not None:
                history.fail(record, answer.error)
            else:
                self._done(record, item, answer)
        self._write_down(touched)

    def _write_down(self, touched: list[tuple[SyncRecord, ContentItem]]) -> None:
        """All rows of this settling, a statement per kind; then who follows the job is told."""
        history.save([record for record, _ in touched])
        history.save_texts(self._texts.values())
        self._texts.clear()
        self._move([item for record, item in touched if record.state == State.DONE])
        for record, item in touched:
            if record.state != State.WRITING:
                self._tell(record, item)

    @abstractmethod
    def _move(self, items: list[ContentItem]) -> None:
        """Give the items of finished records their new status."""

    def _remember(self, item: ContentItem, held: Texts, *, ours: bool) -> None:
        self._texts[item.pk] = history.remember(item, held, ours=ours)

    def _tell(self, record: SyncRecord, item: ContentItem) -> None:
        """Count it, and say it to whoever follows the job."""
        result, state = self.run.result, record.state
        told = {"item_id": str(item.pk), "external_id": item.external_id}
        if state == State.DONE:
            self.count("synced" if self.kind == SyncRecord.Kind.PUSH else "undone")
            self.run.emit("item", {**told, "status": item.status, "skipped": record.skipped})
        else:
            self.count("failed")
            if state == State.CONFLICT:
                self.count("conflicts")
            reason = {"reason": record.error_message, "code": record.code}
            more = {"conflicts": record.conflicts} if record.conflicts else {}
            self.run.emit("item_failed", {**told, **reason, **more})
        result["succeeded"] = int(result.get("synced") or 0) + int(result.get("undone") or 0)
        self.run.advance(1)

    def count(self, key: str) -> None:
        self.run.result[key] = int(self.run.result.get(key) or 0) + 1


class Pushing(Desk):
    kind = SyncRecord.Kind.PUSH

    def selection(self) -> QuerySet[ContentItem]:
        rows = ContentItem.objects.filter(project_id=self.run.job.project_id).writable()
        mode = self.run.payload.get("mode") or "pending"
        if mode == "selected":
            return rows.filter(pk__in=self.run.payload.get("item_ids") or [])
        statuses = [Status.APPROVED, Status.SYNCED] if mode == "all" else [Status.APPROVED]
        # An item that this very job has begun stays in it, whatever its status.
        return rows.filter(Q(status__in=statuses) | Q(pk__in=self.begun()))

    def _decide(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        if item.status not in (Status.APPROVED, Status.SYNCED):
            history.fail(record, f"The item is {item.status}, not approved.", "not_approved")
            return
        made = plan(item, there, self.store, self.placement, force=self.force)
        record.skipped = made.skipped
        if made.conflicts:
            history.conflict(record, made.conflicts)
            return
        record.wanted = made.texts
        record.before = {field: there.texts.get(field, "") for field in made.texts}
        if not made.texts:
            self.count("unchanged")
            self._done(record, item, Pushed(history.ref_of(item)))

    def _look_back(self, items: dict[Ref, ContentItem], current: dict[Ref, Current]) -> None:
        """Writes of earlier jobs that were cut off: where one arrived after all, the store's text is ours."""
        rows = SyncRecord.objects.unfinished().filter(item__in=list(items.values())).exclude(job=self.run.job)
        for record in rows.order_by("created_at"):
            ref, item = next((r, i) for r, i in items.items() if i.pk == record.item_id)
            there = current.get(ref)
            if there is not None and history.arrived(record, there):
                history.finish(record, after={f: there.texts.get(f, "") for f in record.wanted}, skipped={})
                self._remember(item, record.after, ours=record.kind == SyncRecord.Kind.PUSH)
                SyncRecord.objects.filter(pk=record.undoes_id).update(undone_at=record.synced_at)
            else:
                history.fail(record, "The sync was cut off before the store was written.", "cut_off")
            record.save()

    def _done(self, record: SyncRecord, item: ContentItem, pushed: Pushed) -> None:
        history.finish(record, after=pushed.texts, skipped=pushed.skipped)
        if pushed.skipped:
            record.before = {f: v for f, v in record.before.items() if f not in pushed.skipped}
        if pushed.texts:
            self._remember(item, pushed.texts, ours=True)

    def _move(self, items: list[ContentItem]) -> None:
        """To `synced`, but for those edited while they were being pushed: their edit waits for its own approval."""
        # The lock keeps an edit out between this look and the update.
        rows = (
            ContentItem.objects.select_for_update(no_key=True).filter(pk__in=[item.pk for item in items]).order_by("pk")
        )
        now = dict(rows.values_list("pk", "updated_at"))
        same = [item for item in items if now.get(item.pk) == item.updated_at]
        ContentItem.objects.filter(pk__in=[item.pk for item in same]).update(status=Status.SYNCED)
        for item in same:
            item.status = Status.SYNCED


class Undoing(Desk):
    """Puts back what was there before: `payload.undo_of` names a job, or `payload.record_ids` single records."""

    kind = SyncRecord.Kind.UNDO

    def records(self) -> QuerySet[SyncRecord]:
        rows = SyncRecord.objects.pushed().filter(item__project_id=self.run.job.project_id)
        if ids := self.run.payload.get("record_ids"):
            return rows.filter(pk__in=ids)
        return rows.filter(job_id=self.run.payload["undo_of"])

    def selection(self) -> QuerySet[ContentItem]:
        begun = SyncRecord.objects.filter(job=self.run.job).values("item")
        return ContentItem.objects.filter(pk__in=self.records().values("item")) | ContentItem.objects.filter(
            pk__in=begun
        )

    def _decide(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        undone = record.undoes or self.records().filter(item=item).order_by("-created_at").first()
        if undone is None:
            history.fail(record, "It was undone already.", "already_undone")
            return
        record.undoes = undone
        now = {field: there.texts.get(field, "") for field in undone.before}
        edited = [f for f in now if not texts.same(f, now[f], undone.after.get(f))]
        if edited and not self.force:
            history.conflict(
                record,
                [
                    {"field": f, "pushed": undone.after.get(f), "store": now[f], "before": undone.before[f]}
                    for f in edited
                ],
            )
            record.code = "store_changed"
            return
        record.before, record.wanted = now, dict(undone.before)

    def _done(self, record: SyncRecord, item: ContentItem, pushed: Pushed) -> None:
        history.finish(record, after=pushed.texts, skipped=pushed.skipped)
        self._remember(item, pushed.texts, ours=False)
        SyncRecord.objects.filter(pk=record.undoes_id).update(undone_at=timezone.now())

    def _move(self, items: list[ContentItem]) -> None:
        ids = [item.pk for item in items]
        ContentItem.objects.filter(pk__in=ids, status=Status.SYNCED).update(status=Status.APPROVED)
        for item in items:
            item.status = Status.APPROVED if item.status == Status.SYNCED else item.status


def desk_of(run: Run, store: Store, connection: StoreConnection, placement: Placement) -> Desk:
    kind: Any = Undoing if run.payload.get("undo_of") or run.payload.get("record_ids") else Pushing
    return kind(run, store, connection, placement)  # type: ignore[no-any-return]
