"""Putting back what was in the store before a push."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from integrations.stores import texts, three_way
from integrations.stores.types import Current, Ref, Texts
from projects.models import ContentItem, SyncRecord
from projects.sync import history
from projects.sync.reconciler import Reconciler
from scribe.messages import _
from scribe.types import Json
from writing import disclosure

Status = ContentItem.Status
State = SyncRecord.State
EDITED = _("It was changed in the store after the sync.")


def _texts_to_restore(undone: SyncRecord, there: Current) -> tuple[Json, Json]:
    """The texts to put back for a push, letter by letter, and the store's present texts of its fields. Of the tags, only ours
    are removed."""
    now = {f: there.texts.get(f, "") for f in undone.after if undone.before.get(f) is not None}
    wanted = {f: undone.before[f] for f in now}
    if "tags" in now:
        wanted["tags"] = texts.without(now["tags"], undone.after["tags"], undone.before["tags"])
    return {f: text for f, text in wanted.items() if not texts.exact(f, now[f], text)}, now


class UndoReconciler(Reconciler):
    """`payload.undo_of` names the sync to undo, or `payload.record_ids` single records."""

    kind = SyncRecord.Kind.UNDO
    _pushes: dict[UUID, SyncRecord]
    _tries: dict[UUID, SyncRecord]

    def records(self) -> QuerySet[SyncRecord]:
        rows = SyncRecord.objects.pushed().filter(item__project=self.run.job.project_id, item__language=self.language)
        if self.payload.record_ids:
            return rows.filter(pk__in=self.payload.record_ids)
        return rows.filter(job_id=self.payload.undo_of)

    def selection(self) -> QuerySet[ContentItem]:
        rows = ContentItem.rows.filter(language=self.language)
        return rows.filter(pk__in=self.records().values("item")) | rows.filter(pk__in=self.begun())

    def _look_back(self, items: dict[Ref, ContentItem], current: dict[Ref, Current]) -> None:
        """Load the pushes to take back, and the earlier undos of them that the store did not restore in full."""
        rows = self.records().filter(item__in=list(items.values())).order_by("created_at")
        self._pushes = {record.item_id: record for record in rows}
        tries = SyncRecord.objects.filter(undoes__in=rows, code="not_restored").order_by("created_at")
        self._tries = {record.undoes_id: record for record in tries if record.undoes_id}

    def _decide(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        undone = record.undoes or self._pushes.get(item.pk)
        if undone is None:
            history.fail(record, _("It was already undone."), "already_undone")
            return
        record.undoes = undone
        left = self._tries[undone.pk].after if undone.pk in self._tries else {}
        wanted, now = _texts_to_restore(undone, there)
        unread = sorted(field for field in undone.after if undone.before.get(field) is None)
        record.skipped = dict.fromkeys(unread, three_way.NOT_SHOWN)
        edited = [f for f in wanted if f != "tags" and not three_way.stands(f, now[f], undone.after[f], left.get(f))]
        mark = self.placement.of(disclosure.PLACE)
        if edited and mark not in edited and not self.force:
            wanted.pop(mark, None)  # it is of the texts that stay, too
        record.before, record.wanted = {f: now[f] for f in wanted}, wanted
        if edited and not self.force:
            self._leave(record, {f: now[f] for f in edited}, undone.after)
        if not wanted and record.state == State.WRITING:  # the store shows all the old texts already
            self._finish(record, item)

    def _leave(self, record: SyncRecord, third: Texts, pushed: Texts | None = None) -> None:
        """Leave the texts that the merchant has changed since, and put back the rest."""
        shown = record.before if pushed is None else pushed
        record.conflicts = record.conflicts + [
            {"field": f, "pushed": shown.get(f), "store": text, "before": record.wanted.pop(f), "reason": EDITED}
            for f, text in third.items()
        ]
        record.before = {f: text for f, text in record.before.items() if f in record.wanted}
        if not record.wanted:
            history.changed_since(record, record.conflicts)

    def _send_rest(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        """Send the same texts again. Only the tags are computed anew, from those that the store has by now."""
        if "tags" in record.wanted and "tags" not in record.after:
            now = there.texts.get("tags", [])
            record.wanted["tags"] = texts.without(now, record.before["tags"], record.wanted["tags"])
            record.before["tags"] = now

    def _keep(self, record: SyncRecord, item: ContentItem) -> None:
        if record.after:
            self._texts[item.pk] = history.remember_restored(item, record.after, record.undoes)

    def _finish(self, record: SyncRecord, item: ContentItem) -> None:
        history.finish(record)
        if record.state == State.DONE:
            SyncRecord.objects.filter(pk=record.undoes_id).update(undone_at=timezone.now())  # type: ignore[misc]

    def made(self) -> dict[str, str]:
        """The tags (id -> name) that the undone pushes had made."""
        rows = SyncRecord.objects.filter(job=self.run.job, undoes__isnull=False)
        rows = rows.filter(Q(state=State.DONE) | Q(after__has_key="tags"))
        return {pk: name for made in rows.values_list("undoes__made", flat=True) for pk, name in made.items()}

    def _move(self, items: list[ContentItem]) -> None:
        ids = [item.pk for item in items]
        ContentItem.rows.filter(pk__in=ids, status=Status.SYNCED).update(status=Status.APPROVED)
        for item in items:
            item.status = Status.APPROVED if item.status == Status.SYNCED else item.status
