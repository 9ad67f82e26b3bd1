"""The part that both kinds of sync job share: they choose the items left, decide what to write, and record the outcome.

`push` puts approved content into the store, `undo` takes it back. The pipeline drives them.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from accounts import notifications
from integrations.models import StoreConnection
from integrations.stores.errors import LostAnswer, StoreError, StorePermanentError
from integrations.stores.interface import TextStore
from integrations.stores.three_way import Fate
from integrations.stores.types import Current, Placement, Push, Pushed, Ref, Texts
from projects import hosts
from projects.models import ContentItem, StoreText, SyncRecord
from projects.store_work import give_way
from projects.sync import history
from projects.sync.plan import SyncPayload
from scribe import unforeseen
from scribe.jobs import Run
from scribe.types import Json, ReadOnlyJson

State = SyncRecord.State
MOST_REASONS = 100  # of the fields that a sync left out, in its reply
AT_ONCE = 200  # rows of one settling when a whole job is closed
UNUSED = ("metadata", "generation_metadata", "reject_reason")  # large columns of an item that no sync looks at


class Reconciler(ABC):
    """Records and items of one job in one language. Methods named `prepare` and `settle` run inside the job's settling transaction."""

    kind: SyncRecord.Kind

    def __init__(
        self, run: Run, store: TextStore, connection: StoreConnection, placement: Placement, language: str = ""
    ) -> None:
        """`store` has the texts of `language`; "" is the project's main language."""
        self.run, self.store, self.connection, self.placement = run, store, connection, placement
        self.language = language
        self.payload = SyncPayload.of(run.job)
        self.force = self.payload.force
        self._texts: dict[UUID, StoreText] = {}  # to be written with this settling
        self._ended: set[UUID] = set()  # the items that got their outcome in this lease

    def left(self) -> list[UUID]:
        """The ids of the items without an outcome in this job yet, oldest first."""
        ended = SyncRecord.objects.filter(job=self.run.job, item=OuterRef("pk")).exclude(state=State.WRITING)
        return list(self.selection().exclude(Exists(ended)).order_by("pk").values_list("pk", flat=True))

    @abstractmethod
    def selection(self) -> QuerySet[ContentItem]:
        """The items that this job is about."""

    def begun(self) -> QuerySet[SyncRecord, ReadOnlyJson]:
        return SyncRecord.objects.filter(job=self.run.job).values("item")

    def load(self, ids: list[UUID]) -> dict[Ref, ContentItem]:
        rows = ContentItem.rows.filter(pk__in=ids).select_related("store_text").order_by("pk")
        return {history.ref_of(item): item for item in rows.defer(*UNUSED)}

    def as_reviewed(self, items: dict[Ref, ContentItem]) -> dict[Ref, ContentItem]:
        """The items as they are now: people may have reviewed or deleted some since they were loaded."""
        rows = ContentItem.rows.filter(pk__in=[item.pk for item in items.values()])
        now = {pk: state for pk, *state in rows.values_list("pk", "updated_at", "status", "excluded_at")}
        same, changed = {}, []
        for ref, item in items.items():
            if now.get(item.pk) == [item.updated_at, item.status, item.excluded_at]:
                same[ref] = item
            elif item.pk in now:
                changed.append(item.pk)
        return {**same, **self.load(changed)} if changed else same

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

    @cached_property
    def _open(self) -> dict[UUID, SyncRecord]:
        """The job's records in state `writing`, by item. Nobody but this lease changes them, so they are read once."""
        rows = SyncRecord.objects.filter(job=self.run.job, state=State.WRITING).select_related("undoes")
        return {record.item_id: record for record in rows}

    def prepare(self, items: dict[Ref, ContentItem], current: dict[Ref, Current]) -> list[Push]:
        """Decide for each item. An item to be written gets a record in state `writing`, which is committed before the
        store is called. All other items get their outcome here."""
        current = {
            ref: history.assume_hidden_places(items[ref], there) for ref, there in current.items() if ref in items
        }
        self._look_back(items, current)
        pushes: list[Push] = []
        touched: list[tuple[SyncRecord, ContentItem]] = []
        gone: set[UUID] = set()
        elsewhere = hosts.from_elsewhere(items.values(), self.connection)
        for ref, item in items.items():
            if item.pk in self._ended:
                continue
            record = self._open.get(item.pk) or self._new(item)
            touched.append((record, item))
            there = current.get(ref)
            if item.pk in elsewhere:
                history.fail(record, hosts.MOVED, "shop_moved")
                continue
            if there is None:
                history.fail(record, history.GONE)
                gone.add(item.pk)
                self.count("gone")
                continue
            sent = bool(record.wanted)
            try:
                self._judge(record, item, there)
            except unforeseen.NOT_ITS_OWN:
                raise
            except Exception as error:
                self._stumble(record, error, sent=sent)
            if record.state == State.WRITING:
                rest = {f: v for f, v in record.wanted.items() if f not in record.after}
                pushes.append(Push(ref, rest, there, is_undo=self.kind == SyncRecord.Kind.UNDO))
        history.note_found(self.run.job, [item for _, item in touched if item.pk not in elsewhere], gone)
        self._write_down(touched)
        return pushes

    def _judge(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        if record.wanted:
            self._resume(record, item, there)
        elif there.refused:
            history.fail(record, there.refused, "not_writable")
        else:
            self._decide(record, item, there)

    def _stumble(self, record: SyncRecord, error: Exception, *, sent: bool) -> None:
        """Record an unforeseen error as the failure of this item alone. If something was sent already, it is in doubt."""
        if isinstance(error, StoreError):
            history.fail(record, error, history.IN_DOUBT if sent else "")
            return
        reason = unforeseen.record(error, item=str(record.item_id))
        history.fail(record, reason, history.IN_DOUBT if sent else unforeseen.CODE)

    def stumbled(self, pk: UUID, error: Exception) -> None:
        """Record that the store's client failed at this item, or could not read what the store says of it."""
        items = [] if pk in self._ended else self.load([pk]).values()
        touched = [(self._open.get(pk) or self._new(item), item) for item in items]
        for record, _ in touched:
            self._stumble(record, error, sent=bool(record.wanted))
        self._write_down(touched)

    def _look_back(  # noqa: B027 - not every kind needs to know more
        self, items: dict[Ref, ContentItem], current: dict[Ref, Current]
    ) -> None:
        """Load what the decisions about these items need, in few statements for all of them."""

    @abstractmethod
    def _decide(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        """Note on `record` the texts to write over those that are `there`, or the reason to write nothing."""

    def _resume(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        """Go on with a write that got no answer, field by field: a text that arrived is done, a text that the store still
        lacks is sent again, and a third text is the merchant's. The record keeps the texts from before the first send."""
        fates = history.fates(record, there, self.store)
        history.arrive(record, {f: there.texts.get(f, "") for f, fate in fates.items() if fate is Fate.ARRIVED})
        third = {f: there.texts.get(f, "") for f, fate in fates.items() if fate is Fate.THIRD}
        if third and not self.force:
            self._leave(record, third)
            third = {}
        self._keep(record, item)
        if record.state != State.WRITING:
            return
        if third or Fate.UNTOUCHED in fates.values():
            self._send_rest(record, item, there)
        else:
            self._finish(record, item)

    @abstractmethod
    def _leave(self, record: SyncRecord, third: Texts) -> None:
        """Note that the store has these texts of the merchant's by now. A push ends as a conflict; an undo ends only if
        nothing else is to be put back."""

    @abstractmethod
    def _send_rest(self, record: SyncRecord, item: ContentItem, there: Current) -> None:
        """Decide what to send again for a record of which only a part arrived, or nothing."""

    @abstractmethod
    def _keep(self, record: SyncRecord, item: ContentItem) -> None:
        """Remember the texts of `record.after` as those that the store holds."""

    @abstractmethod
    def _finish(self, record: SyncRecord, item: ContentItem) -> None:
        """Close a record whose texts have all arrived."""

    def settle(self, items: dict[Ref, ContentItem], answers: list[Pushed]) -> None:
        """Record the store's answers, item by item."""
        touched: list[tuple[SyncRecord, ContentItem]] = []
        for answer in answers:
            item = items[answer.ref]
            record = self._open.get(item.pk)
            if record is None:
                continue
            touched.append((record, item))
            if answer.error is not None:
                doubt = isinstance(answer.error, LostAnswer)
                history.fail(record, answer.error, history.IN_DOUBT if doubt else "")
                continue
            try:
                record.skipped = {**record.skipped, **answer.skipped}
                history.arrive(record, {f: v for f, v in answer.texts.items() if f in record.wanted})
                self._keep(record, item)
                self._finish(record, item)
            except unforeseen.NOT_ITS_OWN:
                raise
            except Exception as error:
                self._stumble(record, error, sent=True)
        self._write_down(touched, sent=True)

    @abstractmethod
    def made(self) -> dict[str, str]:
        """The tags (id -> name) that no product of this job needs any more. Other products in the store may use them."""

    def tidy(self) -> None:
        """Delete the tags of `made` at the end of the work. If the store refuses, they stay, and the result says so."""
        if not (made := self.made()):
            return
        try:
            self.store.drop_tags(made)
        except StorePermanentError as error:
            self.run.result["tags_left"] = {"count": len(made), "reason": error.message}
        except StoreError as error:
            raise give_way(self.run, error, self.connection) from error

    def refuse_rest(self, error: StoreError, unsent: set[UUID]) -> None:
        """Fail each item that is left with the store's reason. An item that was sent and got no answer is in doubt until
        the store can be read again."""
        left = self.left()
        for start in range(0, len(left), AT_ONCE):
            items = self.load(left[start : start + AT_ONCE])
            with self.run.settling():
                touched = []
                for item in items.values():
                    record = self._open.get(item.pk) or self._new(item)
                    doubt = record.wanted and item.pk not in unsent
                    history.fail(record, error.message, history.IN_DOUBT if doubt else error.code)
                    touched.append((record, item))
                self._write_down(touched)

    def _write_down(self, touched: list[tuple[SyncRecord, ContentItem]], *, sent: bool = False) -> None:
        """Save all rows of this settling, one statement per kind. Then emit the job's events. `sent`: the records are
        intents that were saved before."""
        (history.save_outcomes if sent else history.save)([record for record, _ in touched])
        for record, item in touched:
            if record.state == State.WRITING:
                self._open[item.pk] = record
            else:
                self._open.pop(item.pk, None)
                self._ended.add(item.pk)
        history.save_texts(self._texts.values())
        self._texts.clear()
        self._move([item for record, item in touched if record.state in (State.DONE, State.SAME)])
        for record, item in touched:
            if record.state != State.WRITING:
                self._report(record, item)
        clashes = {item.pk: self._clash(record, item) for record, item in touched if record.state == State.CONFLICT}
        notifications.notify(organization=self.run.job.organization_id, event="sync.conflict", objects=clashes)

    def _clash(self, record: SyncRecord, item: ContentItem) -> Json:
        fields = sorted({clash["field"] for clash in record.conflicts})
        return {"project_id": item.project_id, "job_id": self.run.job.pk, "fields": fields}

    @abstractmethod
    def _move(self, items: list[ContentItem]) -> None:
        """Give the items of finished records their new status."""

    def _report(self, record: SyncRecord, item: ContentItem) -> None:
        """Count the outcome, and emit it as an event of the job."""
        result, state = self.run.result, record.state
        told = {"item_id": str(item.pk), "external_id": item.external_id, "name": str(item)[:200]}
        told |= {"language": item.language, "main_item_id": str(item.main_id)} if item.language else {}
        if state in (State.DONE, State.SAME):
            self.count("synced" if self.kind == SyncRecord.Kind.PUSH else "undone")
            if state == State.SAME:
                self.count("unchanged")
            if self.payload.single:
                result["skipped"] = record.skipped
            else:
                self._count_skipped(record.skipped)
            more: Json = {"changed": record.changed} if record.changed else {}
            self.run.emit("item", {**told, "status": item.status, "skipped": record.skipped, **more})
        else:
            self.count("failed")
            if state == State.CONFLICT or record.code == "not_restored":
                self.count("conflicts" if state == State.CONFLICT else "not_restored")
            reason = {"reason": record.error_message, "code": record.code}
            more = {"conflicts": record.conflicts} if record.conflicts else {}
            more |= history.restored_fields(record)
            self.run.emit("item_failed", {**told, **reason, **more})
        result["succeeded"] = int(result.get("synced") or 0) + int(result.get("undone") or 0)
        self.run.advance(1)

    def _count_skipped(self, skipped: Mapping[str, str]) -> None:
        """Count the fields that were left out, by field and reason. Of reasons that name something of each item, the first."""
        told = self.run.result.setdefault("skipped_fields", [])
        for name, why in skipped.items():
            same = next((one for one in told if (one["field"], one["reason"]) == (name, why)), None)
            if same is not None:
                same["items"] += 1
            elif len(told) < MOST_REASONS:
                told.append({"field": name, "reason": why, "items": 1})

    def count(self, key: str) -> None:
        """Count an outcome: in the job's totals, and of a further language among its own as well."""
        counts = [self.run.result]
        if self.language:
            counts.append(self.run.result.setdefault("languages", {}).setdefault(self.language, {}))
        for held in counts:
            held[key] = int(held.get(key) or 0) + 1
