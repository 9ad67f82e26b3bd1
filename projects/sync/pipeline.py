"""Send many items to a store at the pace that it allows. Only the job's thread touches the database.

A batch is read in one call right before it is written. Its items are decided, their intents are committed, and the next
free thread sends it. At most one batch is read ahead while another is written. If it waited longer than `FRESH_SECONDS`, the
platform's time of the last change is compared first, and changed items are read again. An edit made while the store works
on a batch goes unseen, so a batch should take no longer than `WRITE_SECONDS`. The first batch is small and shows the
store's speed; later ones are as large as fits (`projects.sync.pace`). After a slow write nothing is read ahead, and a batch that was is
cut to size. A store that refuses by itself to write over a change needs none of this: there a batch may wait, and take
`HELD_SECONDS`. A write without an answer is not simply repeated: its items are read again, which shows field by field what
arrived. Only a write that the store was too busy to look at is sent again as it is. Of a batch whose answer can't be read,
halves are read and written, down to the item that is the cause.
"""

import time
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from integrations import connections
from integrations.models import StoreConnection
from integrations.stores import misshapen
from integrations.stores.errors import (
    ConcurrentEdit,
    GuardBusy,
    LostAnswer,
    Rejected,
    StoreError,
    StoreTransientError,
    TooMuch,
)
from integrations.stores.interface import TextStore
from integrations.stores.types import Current, Push, Pushed, Ref
from projects.models import ContentItem
from projects.store_work import StoreWaits, give_way
from projects.sync import history, pace
from projects.sync.reconciler import Reconciler
from scribe import jobs
from scribe.jobs import Run
from scribe.messages import _
from scribe.unforeseen import NOT_ITS_OWN

MOST_TRIES = 6
FRESH_SECONDS = 1.0
WRITE_SECONDS = 2.5  # the longest that a store should work on one batch
HELD_SECONDS = 10.0  # the same for a store that refuses by itself to write over a change
FIRST_SIZE = 5
CHANGED = _("It keeps being changed in the store. Please try again later.")
LONGEST_WAIT = 60.0  # seconds; for a longer wait the job goes back to the queue
Items = dict[Ref, ContentItem]


@dataclass
class Batch:
    pushes: list[Push]
    items: Items
    read_at: float = field(default_factory=time.monotonic)

    @property
    def ids(self) -> list[UUID]:
        return [self.items[push.ref].pk for push in self.pushes]

    def halves(self) -> "list[Batch]":
        half = len(self.pushes) // 2
        return [Batch(some, self.items, self.read_at) for some in (self.pushes[:half], self.pushes[half:])]


class Pipeline:
    def __init__(self, run: Run, store: TextStore, connection: StoreConnection, reconciler: Reconciler) -> None:
        self.run, self.store, self.connection, self.reconciler = run, store, connection, reconciler
        self.chunks: deque[list[UUID]] = deque()
        self.reading: tuple[Future[dict[Ref, Current]], Items] | None = None
        self.ready: deque[Batch] = deque()
        self.writing: dict[Future[list[Pushed]], Batch] = {}
        self.tries: Counter[UUID] = Counter()
        self.not_before = 0.0
        self.slow = not store.one_by_one  # the last write took long; a store written in batches begins as slow
        self.writes: deque[pace.Write] = deque(maxlen=pace.REMEMBERED)
        self.size = store.batch_size if store.one_by_one else min(FIRST_SIZE, store.batch_size)
        self.hands = store.concurrency if store.one_by_one else 1
        self.idle = False  # nothing of the last batch had to be written
        self.yielding = False
        self.waits = StoreWaits(run)
        store.http.waiting = self.waits.note
        self.refused: StoreError | None = None
        self.unsent: set[UUID] = set()  # refused by the store, and without a lost answer before
        self.lost: set[UUID] = set()
        self.trouble: StoreError | None = None  # the last one, until a write succeeds
        self.calls_before = int(run.result.get("calls") or 0) - store.http.calls  # of earlier leases and languages

    def work(self) -> None:
        """Work until no item is left. Raises Failed or TryAgain when the store refuses, JobStopped when the job is lost."""
        left = self.reconciler.left()
        size = self.store.batch_size
        self.chunks.extend(left[start : start + size] for start in range(0, len(left), size))
        self.store.http.write_patience = 2 * FRESH_SECONDS
        self.pool = ThreadPoolExecutor(max_workers=self.store.concurrency + 1, thread_name_prefix="store")
        try:
            while self._feed():
                self._await()
        finally:
            self.pool.shutdown(wait=True, cancel_futures=True)
        if self.refused is not None:
            self._end_refused(self.refused)
        if self.chunks and self.trouble is not None:  # a store that accepts nothing must not be tried for ever
            self._end_refused(self.trouble)
        if self.chunks:
            raise jobs.TryAgain(max(0.0, self.not_before - time.monotonic()))
        connections.note_success(self.connection, self.store)

    def _feed(self) -> bool:
        """Start the reads and writes that may start now. False when everything is done."""
        self.run.check()
        self.waits.report()
        if self.refused is not None:  # wait for the calls under way, since they may succeed
            return bool(self.reading or self.writing)
        self.yielding = self.yielding or self.run.should_yield()
        self._write()
        waiting = bool(self.chunks) and not self.yielding
        may_read_ahead = len(self.writing) < self.hands or not self.slow  # a free thread, or a quick last write
        if waiting and self.reading is None and not self.ready and self._rested() and may_read_ahead:
            items = self.reconciler.load(self._next())
            if items:
                places = history.chosen_places(items.values())
                self.reading = (
                    self.pool.submit(copy_context().run, self.store.fetch_texts, list(items), places),
                    items,
                )
        return bool(self.reading or self.writing or self.ready or waiting)

    def _next(self) -> list[UUID]:
        """The next ids, as many as this store writes quickly. While there is nothing to write, as many as it reads."""
        chunk = self.chunks.popleft()
        size = self.store.batch_size if self.idle else self.size
        if len(chunk) > size:
            self.chunks.appendleft(chunk[size:])
        return chunk[:size]

    def _write(self) -> None:
        while self.ready and len(self.writing) < self.hands and self._rested():
            batch = self._fitting(self.ready.popleft())
            self.writing[self.pool.submit(copy_context().run, self._send, batch)] = batch

    def _fitting(self, batch: Batch) -> Batch:
        """The part of a batch that this store now writes quickly. The rest is read again."""
        if self.store.one_by_one or len(batch.pushes) <= self.size:
            return batch
        kept, rest = batch.pushes[: self.size], batch.pushes[self.size :]
        self.chunks.appendleft([batch.items[push.ref].pk for push in rest])
        return Batch(kept, batch.items, batch.read_at)

    def _send(self, batch: Batch) -> list[Pushed]:
        """Write a batch, in a thread of the pool. Items changed since they were read come back as `ConcurrentEdit`."""
        moved: set[Ref] = set()
        self.store.prepare(batch.pushes)
        held = self.store.writes_are_conditional(batch.pushes)
        if not held and time.monotonic() - batch.read_at > FRESH_SECONDS:
            moved = set(self.store.changed(batch.pushes))
        rest = [push for push in batch.pushes if push.ref not in moved]
        began = time.monotonic()
        try:
            answers = self.store.push(rest) if rest else []
        finally:
            if rest:
                self._pace(time.monotonic() - began, len(rest), HELD_SECONDS if held else WRITE_SECONDS)
        return [*answers, *(Pushed(ref, error=ConcurrentEdit(CHANGED)) for ref in moved)]

    def _pace(self, seconds: float, count: int, longest: float) -> None:
        """Suit the size of the next batches to the time that this one took; it should be at most `longest`. A store written
        one by one is read right before each write, so its batches may take long."""
        self.slow = seconds > (FRESH_SECONDS if longest == WRITE_SECONDS else longest)
        if self.store.one_by_one:
            return
        self.hands = 1 if seconds > longest else self.store.concurrency
        self.writes.append((count, max(seconds, 0.001)))
        self.size = pace.batch_size(list(self.writes), longest=longest, most=self.store.batch_size)

    def _rested(self) -> bool:
        return time.monotonic() >= self.not_before

    def _await(self) -> None:
        pending: list[Future[Any]] = [*self.writing, *([self.reading[0]] if self.reading else [])]  # type: ignore[explicit-any]  # of two kinds
        if not pending:
            time.sleep(max(0.0, min(0.25, self.not_before - time.monotonic())))
            return
        done, _unused = wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
        written = [(future, self.writing.pop(future)) for future in list(self.writing) if future in done]
        if self.refused is None:
            self._write()  # the store is kept busy while we settle what it has answered
        for future, batch in written:
            self._written(future, batch)
        if self.reading and self.reading[0] in done:
            self._read(self.reading[0])

    def _read(self, future: Future[dict[Ref, Current]]) -> None:
        assert self.reading is not None
        items, self.reading = self.reading[1], None
        if self.refused is not None:
            return
        try:
            current = future.result()
        except StoreError as error:
            ids = [item.pk for item in items.values()]
            (self._stumbled if error.code == misshapen.CODE else self._again)(ids, error)
            return
        except NOT_ITS_OWN:
            raise
        except Exception as error:
            self._stumbled([item.pk for item in items.values()], error)
            return
        read_at = time.monotonic()
        with self.run.settling():
            items = self.reconciler.as_reviewed(items)
            pushes = self.reconciler.prepare(items, current)
        self.idle = not pushes
        if pushes:
            self.ready.append(Batch(pushes, items, read_at))

    def _written(self, future: Future[list[Pushed]], batch: Batch) -> None:
        try:
            answers = future.result()
        except (TooMuch, Rejected) as error:
            if len(batch.pushes) > 1:  # refused together: a single item may be the cause
                self.ready.extendleft(reversed(batch.halves()))
                return
            answers = [Pushed(batch.pushes[0].ref, error=error)]
        except StoreError as error:
            if error.code == misshapen.CODE:
                self._stumbled(batch.ids, error)
                return
            if isinstance(error, StoreTransientError):
                self.lost.update(batch.ids)
            else:
                self.unsent.update(set(batch.ids) - self.lost)
            self._again(batch.ids, error)
            return
        except NOT_ITS_OWN:
            raise
        except Exception as error:
            self._stumbled(batch.ids, error)
            return
        unsure = (ConcurrentEdit, LostAnswer, GuardBusy)
        again = {
            a.ref: a.error for a in answers if isinstance(a.error, unsure) and self._may_try(batch.items[a.ref].pk)
        }
        self.trouble = None
        with self.run.settling():
            self.run.result["tries"] = 0
            self.run.result["calls"] = self.calls_before + self.store.http.calls
            self.reconciler.settle(batch.items, [answer for answer in answers if answer.ref not in again])
        if busy := [error for error in again.values() if isinstance(error, GuardBusy)]:
            self._rest(busy[0])
            same = [push for push in batch.pushes if isinstance(again.get(push.ref), GuardBusy)]
            self.ready.appendleft(Batch(same, batch.items, batch.read_at))
        if moved := [ref for ref, error in again.items() if not isinstance(error, GuardBusy)]:
            self.chunks.appendleft([batch.items[ref].pk for ref in moved])

    def _rest(self, error: GuardBusy) -> None:
        pause = min(error.retry_after or 1.0, LONGEST_WAIT)
        self.not_before = time.monotonic() + pause
        self.waits.note(error, pause)

    def _stumbled(self, ids: list[UUID], error: Exception) -> None:
        """Find the item at which our client of the store failed, by halves that are each read afresh. A single item whose
        write got an answer that can't be read is read once more: its texts may have arrived."""
        if len(ids) > 1:
            half = len(ids) // 2
            self.chunks.extendleft([ids[half:], ids[:half]])
            return
        if isinstance(error, LostAnswer) and self._may_try(ids[0]):
            self.chunks.appendleft(ids)
            return
        with self.run.settling():
            self.reconciler.stumbled(ids[0], error)

    def _may_try(self, pk: UUID) -> bool:
        self.tries[pk] += 1
        return self.tries[pk] < MOST_TRIES

    def _again(self, ids: list[UUID], error: StoreError) -> None:
        """After a passing error, rest and read these items afresh: some may have been written. Any other error ends it."""
        if not isinstance(error, StoreTransientError):
            self.refused = self.refused or error
            return
        self.tries.update(ids)
        self.trouble = error
        if any(self.tries[pk] >= MOST_TRIES for pk in ids):
            self.refused = self.refused or error
            return
        pause = error.retry_after if error.retry_after is not None else min(30.0, 0.5 * 2 ** self.tries[ids[0]])
        if pause > LONGEST_WAIT:  # the job waits in the queue, where it holds no worker
            self.refused = self.refused or error
            return
        self.not_before = time.monotonic() + pause
        self.waits.note(error, pause)
        half = max(1, len(ids) // 2) if error.sent and self.tries[ids[0]] > 1 else len(ids)
        self.chunks.extendleft(ids[start : start + half] for start in range(0, len(ids), half))

    def _end_refused(self, error: StoreError) -> None:
        """End this lease after a refusal: the job tries again later, or fails, and each item left gets the reason."""
        ending = give_way(self.run, error, self.connection)
        if isinstance(ending, jobs.Failed):
            self.unsent.update({pk for batch in self.ready for pk in batch.ids} - self.lost)
            self.reconciler.refuse_rest(error, self.unsent)
        raise ending from error
