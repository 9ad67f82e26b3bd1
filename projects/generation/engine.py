"""The engine: it writes one job's items with many model calls at once, and settles them in small batches.

The event loop only calls models and checks answers. One thread beside it does all database work. Several workers may each
run an engine on the same job: a row is marked with the lease that has it in hand (docs/explanation/jobs.md).
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TypeVar
from uuid import UUID

from django.conf import settings as deployment
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from billing import prices
from integrations.ai.caller import Caller
from integrations.ai.errors import CallStopped
from integrations.ai.registry import ProviderAccess
from integrations.ai.types import Image
from projects import writing_settings
from projects.generation import item as items
from projects.generation import order_rows
from projects.generation.item import ItemWork
from projects.generation.job import GenerationAsked, GenerationPayload
from projects.generation.parts import STALE
from projects.generation.translation import Sources
from projects.models import GenerationItem
from projects.staleness import NATIVE
from scribe import jobs
from scribe.jobs import Run, helpers
from scribe.jobs.helpers import Helper
from scribe.logs import get_logger
from scribe.messages import _
from writing import images, model_access
from writing.bill import Asked, Bill
from writing.verifier.batches import ReadingCalls

log = get_logger(__name__)

T = TypeVar("T")
LOAD = 200  # items read at a time
CALL_EVERY = 10.0  # seconds between two calls for helpers
LOOK_AGAIN = 0.5  # seconds between two looks at what helpers still have in hand
SETTLE_EVERY = 0.25  # seconds between two settlings
SETTLE_AT_MOST = 100  # items in one
LONGEST_PAUSE = 300.0
LONGEST_WAIT_OF_A_CALL = 60.0


def run(run: Run) -> None:
    """Work on a generation job until it has no more pending items; as a helper, until others have the rest in hand."""
    order_rows.write_rest(run, resets=GenerationAsked.of(run.job).resets)
    if pending(run).exists():
        asyncio.run(Engine(run).work())


def pending(run: Run) -> QuerySet[GenerationItem]:
    """The items still to be written. Only the rows decide this: an item that was begun but not settled is pending."""
    return GenerationItem.objects.filter(job=run.job, state=GenerationItem.State.PENDING)


class Engine:
    """One worker's run of one generation job."""

    def __init__(self, run: Run) -> None:
        self.run = run
        payload = GenerationPayload.of(run.job)
        self.settings = writing_settings.with_glossary(payload.settings, run.job)
        further = {code: writing_settings.with_glossary(one, run.job) for code, one in payload.languages.items()}
        self.sources = Sources(self.settings, further, stale=payload.selection == STALE, replaces=payload.replaces)
        self.access = model_access.access(run.job.organization, self.settings)
        self.reads = self.settings.verifier
        self.reading_access = model_access.access(run.job.organization, self.reads) if self.reads else None
        self.rate = prices.rate_multiplier(run.job.organization)
        self.bill = Bill.of_settings(run, self.settings, own_key=self.access.own)
        self.reader: ReadingCalls | None = None  # the second model, while the job works
        self.todo: asyncio.Queue[ItemWork] = asyncio.Queue(maxsize=LOAD)
        self.done: list[ItemWork] = []
        self.under_way: dict[
            UUID, ItemWork
        ] = {}  # by the row's id: items whose calls have begun, and that are not settled
        self.calling: deque[UUID] = deque()  # rows whose models are about to be called
        self.database = ThreadPoolExecutor(max_workers=1, thread_name_prefix="settling")
        self.exhausted = False  # no row is free any more
        self.called = 0.0  # when helpers were last called
        self.broken: ItemWork | None = None  # the item whose error stops the whole job
        self.pause = 0.0  # seconds that the provider asks us to wait

    async def work(self) -> None:
        concurrency = max(1, deployment.GENERATION_CONCURRENCY)
        try:
            async with contextlib.AsyncExitStack() as open_callers:
                caller = await open_callers.enter_async_context(self._caller(self.settings, self.access, concurrency))
                if self.reads and self.reading_access:
                    reader = self._caller(self.reads, self.reading_access, concurrency)
                    reader = await open_callers.enter_async_context(reader)
                    self.reader = ReadingCalls(reader, self.reads, self.run.is_stopped)
                await self._work(caller, concurrency)
        finally:
            if (
                self.done or self.under_way
            ):  # cancelled or broken off: the provider still bills the calls that were made
                try:
                    self.database.submit(self._write_off, [*self.done, *self.under_way.values()]).result()
                except Exception as error:  # the first error is the one reported
                    log.error("lost calls were not recorded", exc_info=error)
            self.database.submit(lambda: connection.close()).result()  # this thread has its own connection
            self.database.shutdown()

    def _caller(self, asked: Asked, access: ProviderAccess, concurrency: int) -> Caller:
        return Caller(
            asked.provider,
            asked.model,
            access.api_key,
            access.base_url or None,
            concurrency=concurrency,
            owner=str(self.run.job.organization_id),
        )

    async def _work(self, caller: Caller, concurrency: int) -> None:
        feeder = asyncio.create_task(self._feed())
        # There are more writers than calls at once: while one checks its answer, another uses its place for a call.
        writers = [asyncio.create_task(self._write(caller)) for _ in range(concurrency + concurrency // 2)]
        try:
            while True:
                finished = feeder.done() and all(task.done() for task in writers)
                while batch := self.done[:SETTLE_AT_MOST]:
                    await self.in_database(partial(items.settle, self.run, batch, self.bill))
                    del self.done[: len(batch)]
                if finished:
                    break
                await asyncio.wait([feeder, *writers], timeout=SETTLE_EVERY, return_when=asyncio.FIRST_EXCEPTION)
                for task in (feeder, *writers):
                    if task.done() and task.exception() is not None:
                        raise task.exception()  # type: ignore[misc]
                self.run.check()
        finally:
            for task in (feeder, *writers):
                task.cancel()
            await asyncio.gather(feeder, *writers, return_exceptions=True)
        await self._finish()

    async def in_database(self, work: Callable[[], T]) -> T:
        here = copy_context()  # the thread logs with our ids and keeps to our test mode
        return await asyncio.get_running_loop().run_in_executor(self.database, partial(here.run, work))

    async def _finish(self) -> None:
        self.run.check()
        if self.broken is not None:
            code, reason = self.broken.code, self.broken.reason
            await self.in_database(partial(items.give_up_rest, self.run, code=code, reason=reason))
        elif self.pause:
            reason = _("The AI provider is busy. We will try again shortly.")
            raise jobs.TryAgain(min(self.pause, LONGEST_PAUSE), progress=False, reason=reason, code="upstream_error")
        elif await self.in_database(pending(self.run).exists):  # an item that was handed out may not have been written
            raise jobs.TryAgain(0, progress=False)

    @property
    def ending(self) -> bool:
        """Whether the engine must not begin another item."""
        return self.broken is not None or self.pause > 0 or self.run.is_stopped() or self.run.should_yield()

    async def _feed(self) -> None:
        """Hand out the free rows in order, a batch at a time. When helpers have the last ones in hand, wait for them."""
        while not self.ending:
            works = await self.in_database(self._take)
            if not works:
                if not await self.in_database(self._others_have_some):
                    self.exhausted = True
                    break
                await asyncio.sleep(LOOK_AGAIN)
            for work in works:
                while not self.ending:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(0.5):
                            await self.todo.put(work)
                        break
                else:
                    return

    def _take(self) -> list[ItemWork]:
        """The next free rows, marked with our lease, so that other workers leave them alone."""
        leases = helpers.leases(self.run.job.pk) | {self.run.lease_id}
        free = pending(self.run).filter(Q(taken_by=None) | ~Q(taken_by__in=leases))
        with transaction.atomic():
            taken = free.order_by("position").select_for_update(no_key=True, skip_locked=True)[:LOAD]
            ids = list(taken.values_list("pk", flat=True))
            GenerationItem.objects.filter(pk__in=ids).update(taken_by=self.run.lease_id)
        if len(ids) == LOAD and time.monotonic() - self.called > CALL_EVERY:
            self.called = time.monotonic()
            helpers.call(self.run.job, rows=free.count())
        rows = pending(self.run).filter(pk__in=ids).select_related("item").order_by("position")
        tasks = self.sources.of([row.item for row in rows])
        return [
            ItemWork(
                row.pk,
                row.item,
                row.quoted_max,
                self.sources.settings_for(row.item),
                judged=row.judged,
                inherits=row.called_by is not None,
                task=tasks.get(row.item_id),
            )
            for row in rows
        ]

    def _others_have_some(self) -> bool:
        """Whether others have pending rows in hand, or are just taking them. A helper itself waits for nobody: its job has
        a worker."""
        others = pending(self.run).filter(~Q(taken_by=self.run.lease_id) | Q(taken_by=None))
        return not isinstance(self.run, Helper) and others.exists()

    async def _write(self, caller: Caller) -> None:
        while (next_one := await self._next()) is not None:
            await self._one(caller, next_one)

    async def _next(self) -> ItemWork | None:
        """The next item to write. None if all were handed out, or if the engine is ending."""
        while not self.ending:
            try:
                return self.todo.get_nowait()
            except asyncio.QueueEmpty:
                if self.exhausted:
                    return None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    return await self.todo.get()
        return None

    async def _one(self, caller: Caller, work: ItemWork) -> None:
        shown = await self._images(work)
        self.under_way[work.row_id] = work
        if not self.settings.built_in:
            self.calling.append(work.row_id)
            await self.in_database(self._note_calls)
        try:
            await items.write(
                work,
                caller=caller,
                rate=self.rate,
                images=shown,
                stop=self.run.is_stopped,
                reader=self.reader,
            )
        except CallStopped:
            return
        if work.stops_job:
            self.broken = work  # the item stays pending; its calls so far are lost
        elif work.content is None and work.retry_after > LONGEST_WAIT_OF_A_CALL:
            self.pause = max(self.pause, work.retry_after)  # this item stays pending, too, and its calls are lost
        else:
            del self.under_way[work.row_id]
            self.done.append(work)

    def _note_calls(self) -> None:
        """Note the calls that are about to be made, all that came up meanwhile at once: whoever takes a row from a dead
        worker then knows that its call was made, and records what it cost."""
        ids = [self.calling.popleft() for _ in range(len(self.calling))]
        if ids:
            GenerationItem.objects.filter(pk__in=ids).update(called_by=self.run.lease_id)

    def _write_off(self, works: list[ItemWork]) -> None:
        self.bill.write_off([work.billed for work in works])
        pending(self.run).filter(called_by=self.run.lease_id).update(called_by=None)

    async def _images(self, work: ItemWork) -> tuple[Image, ...]:
        if not self.settings.looks_at_images or (work.task and work.task.way != NATIVE):
            return ()
        found = work.item.source_data.get("images")
        return await images.load_images(
            found, count=self.settings.image_analysis_count, media_url=self.settings.media_url
        )
