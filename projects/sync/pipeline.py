"""Many items through a store at the pace it allows: reads run ahead of writes, and only this thread touches the database.

A chunk is read in one call, each item decided and its intent committed, then written in the platform's batches, several
at a time. A write that got no answer is not repeated blindly: its items are read again, which shows whether it arrived.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any
from uuid import UUID

from integrations import connections
from integrations.models import StoreConnection
from integrations.stores.errors import NotAuthorized, PermanentError, Rejected, StoreError, TooMuch, TransientError
from integrations.stores.interface import Store
from integrations.stores.types import Current, Push, Pushed, Ref
from projects.models import ContentItem
from projects.store_work import Waits, give_way
from projects.sync.desk import Desk
from scribe import jobs
from scribe.jobs import Run

MOST_TRIES = 6
Items = dict[Ref, ContentItem]


class Pipeline:
    def __init__(self, run: Run, store: Store, connection: StoreConnection, desk: Desk) -> None:
        self.run, self.store, self.connection, self.desk = run, store, connection, desk
        self.chunks: deque[list[UUID]] = deque()
        self.reading: tuple[Future[dict[Ref, Current]], Items] | None = None
        self.ready: deque[tuple[list[Push], Items]] = deque()
        self.writing: dict[Future[list[Pushed]], tuple[list[Push], Items]] = {}
        self.tries: Counter[UUID] = Counter()
        self.not_before = 0.0
        self.yielding = False
        self.waits = Waits(run)
        store.http.waiting = self.waits.note
        self.calls_before = int(run.result.get("calls") or 0)  # of earlier holdings

    def work(self) -> None:
        """Until nothing is left. Raises Failed or TryAgain when the store won't have it, Stopped when the job was taken."""
        left = self.desk.left()
        size = self.store.read_size
        self.chunks.extend(left[start : start + size] for start in range(0, len(left), size))
        self.pool = ThreadPoolExecutor(max_workers=self.store.concurrency + 1, thread_name_prefix="store")
        try:
            while self._feed():
                self._await()
        finally:
            self.pool.shutdown(wait=True, cancel_futures=True)
        if self.chunks:
            raise jobs.TryAgain(0)
        connections.note_success(self.connection)

    def _feed(self) -> bool:
        """Start what may be started; False when all is done."""
        self.run.check()
        self.waits.tell()
        self.yielding = self.yielding or self.run.should_yield()
        self._write()
        waiting = bool(self.chunks) and not self.yielding
        if self.reading is None and waiting and self._rested() and len(self.ready) < self.store.concurrency:
            items = self.desk.load(self.chunks.popleft())
            if items:
                self.reading = (self.pool.submit(self.store.fetch_texts, list(items)), items)
        return bool(self.reading or self.writing or self.ready or waiting)

    def _write(self) -> None:
        while self.ready and len(self.writing) < self.store.concurrency and self._rested():
            batch, items = self.ready.popleft()
            self.writing[self.pool.submit(self.store.push, batch)] = (batch, items)

    def _rested(self) -> bool:
        return time.monotonic() >= self.not_before

    def _await(self) -> None:
        pending: list[Future[Any]] = [*self.writing, *([self.reading[0]] if self.reading else [])]
        if not pending:
            time.sleep(max(0.0, min(0.25, self.not_before - time.monotonic())))
            return
        done, _ = wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
        written = [(future, *self.writing.pop(future)) for future in list(self.writing) if future in done]
        self._write()  # the store is kept busy while we settle what it has answered
        for future, batch, items in written:
            self._written(future, batch, items)
        if self.reading and self.reading[0] in done:
            self._read(self.reading[0])

    def _read(self, future: Future[dict[Ref, Current]]) -> None:
        assert self.reading is not None
        items, self.reading = self.reading[1], None
        try:
            current = future.result()
        except StoreError as error:
            self._again(items, error)
            return
        with self.run.settling():
            # People may have judged them anew while the store was read.
            items = self.desk.load([item.pk for item in items.values()])
            pushes = self.desk.prepare(items, current)
        size = self.store.batch_size
        for start in range(0, len(pushes), size):
            self.ready.append((pushes[start : start + size], items))

    def _written(self, future: Future[list[Pushed]], batch: list[Push], items: Items) -> None:
        try:
            answers = future.result()
        except (TooMuch, Rejected) as error:
            if len(batch) > 1:  # the store refused them together: one of them may be why
                half = len(batch) // 2
                self.ready.extendleft([(batch[half:], items), (batch[:half], items)])
                return
            answers = [Pushed(batch[0].ref, error=error)]
        except StoreError as error:
            self._again({push.ref: items[push.ref] for push in batch}, error)
            return
        with self.run.settling():
            self.run.result["tries"] = 0
            self.run.result["calls"] = self.calls_before + self.store.http.calls
            self.desk.settle(items, answers)

    def _again(self, items: Items, error: StoreError) -> None:
        """After a passing trouble: rest, then read these items afresh, since some of them may have been written."""
        if isinstance(error, NotAuthorized | PermanentError) or not isinstance(error, TransientError):
            raise give_way(self.run, error, self.connection) from error
        ids = [item.pk for item in items.values()]
        self.tries.update(ids)
        if any(self.tries[pk] >= MOST_TRIES for pk in ids):
            raise give_way(self.run, error, self.connection) from error
        pause = error.retry_after if error.retry_after is not None else min(30.0, 0.5 * 2 ** self.tries[ids[0]])
        self.not_before = time.monotonic() + pause
        self.waits.note(error, pause)
        half = max(1, len(ids) // 2) if error.sent and self.tries[ids[0]] > 1 else len(ids)
        self.chunks.extendleft(ids[start : start + half] for start in range(0, len(ids), half))
