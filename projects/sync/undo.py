"""Putting back what was in the store before a push."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from integrations.stores import texts
from integrations.stores.types import Current, Ref
from projects.models import ContentItem, SyncRecord
from projects.sync import history
from projects.sync.desk import Desk

Status = ContentItem.Status
State = SyncRecord.State


class UndoDesk(Desk):
    """`payload.undo_of` names the sync to undo, or `payload.record_ids` single records."""

    kind = SyncRecord.Kind.UNDO
    _pushes: dict[UUID, SyncRecord]
    _tries: dict[UUID, SyncRecord]

    def records(self) -> QuerySet[SyncRecord]:
        rows = SyncRecord.objects.pushed().filter(item__project_id=self.run.job.project_id)
        if self.payload.record_ids:
            return rows.filter(pk__in=self.payload.record_ids)
        return rows.filter(job_id=self.payload.undo_of)

    def selection(self) -> QuerySet[ContentItem]:
        return ContentItem.objects.filter(pk__in=self.records().values("item")) | ContentItem.objects.filter(
            pk__in=self.begun()
        )

    def _look_back(self, items: dict[Ref, ContentItem], current: dict[Ref, Current]) -> None:
        """The pushes to take back, and what earlier tries to do so have left in the store."""
        rows = self.records().filter(item__in=list(items.values())).order_by("created_at")
        self._pushes = {record.item_id: record for record in rows}
        tries = SyncRecord.objects.filter(undoes__in=rows, code="not_restored").order_by("created_at")
        self._tries = {record.undoes_id: record for record in tries if record.undoes_id}

    def _decide(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        undone = record.undoes or self._pushes.get(item.pk)
        if undone is None:
            history.fail(record, "It was undone already.", "already_undone")
            return
        record.undoes = undone
        left = self._tries[undone.pk].after if undone.pk in self._tries else {}
        before = {f: undone.before[f] for f in undone.after if f in undone.before}
        now = {field: there.texts.get(field, "") for field in before}
        before = {f: text for f, text in before.items() if not texts.same(f, now[f], text)}
        edited = [
            f
            for f in before
            if not texts.same(f, now[f], undone.after[f]) and not (f in left and texts.same(f, now[f], left[f]))
        ]
        if edited and not self.force:
            clashes = [
                {"field": f, "pushed": undone.after[f], "store": now[f], "before": undone.before[f]} for f in edited
            ]
            self._refuse(record, clashes)
            return
        record.before, record.wanted = {f: now[f] for f in before}, before
        if not before:  # somebody has put it all back already
            self._finish(record, item)

    def _refuse(self, record: SyncRecord, clashes: list[dict[str, Any]]) -> None:
        history.conflict(record, clashes)
        record.code = "store_changed"

    def _clash(self, record: SyncRecord, field: str, store: Any) -> dict[str, Any]:
        pushed = record.before.get(field)
        return {"field": field, "pushed": pushed, "store": store, "before": record.wanted[field]}

    def _send_rest(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        """The same texts again: what is put back does not change."""

    def _keep(self, record: SyncRecord, item: ContentItem) -> None:
        if record.after:
            self._remember(item, record.after, ours=False)

    def _finish(self, record: SyncRecord, item: ContentItem) -> None:
        history.finish(record)
        if record.state == State.DONE:
            SyncRecord.objects.filter(pk=record.undoes_id).update(undone_at=timezone.now())

    def made(self) -> dict[str, str]:
        """Tags that the pushes taken back had made."""
        rows = SyncRecord.objects.filter(job=self.run.job, state=State.DONE, undoes__isnull=False)
        return {pk: name for made in rows.values_list("undoes__made", flat=True) for pk, name in made.items()}

    def _move(self, items: list[ContentItem]) -> None:
        ids = [item.pk for item in items]
        ContentItem.objects.filter(pk__in=ids, status=Status.SYNCED).update(status=Status.APPROVED)
        for item in items:
            item.status = Status.APPROVED if item.status == Status.SYNCED else item.status
