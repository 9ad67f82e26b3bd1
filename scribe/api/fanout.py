"""One reader of the job events per process, shared by all streams and waits. No database connection is held."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import orjson
import redis.asyncio
from django.conf import settings
from django.db import connection
from redis.exceptions import RedisError

from scribe.api.streams import HEARTBEAT, HEARTBEAT_SECONDS, frame
from scribe.fairness import callers
from scribe.fairness.shares import FairShares, FairSlots
from scribe.jobs import events
from scribe.jobs.models import Job
from scribe.logs import get_logger

log = get_logger(__name__)

T = TypeVar("T")
Inbox = asyncio.Queue["events.StreamEvent | None"]
SIDE_THREADS = 4
side = FairSlots(SIDE_THREADS, SIDE_THREADS // 2, waiting=10_000)
#: Waits for jobs and for other requests under way, a quarter of them for one caller.
waits = FairShares(200, 50)
# Without the broker, listeners read the rows this often.
BLIND_SECONDS = 1.0


def share() -> str:
    """Whose share the present work takes."""
    caller = callers.current.get()
    return caller.share if caller is not None else ""


async def in_thread(work: Callable[[], T]) -> T:
    """Run database work in a thread, in the caller's turn, and give its connection back to the pool."""

    def run() -> T:
        try:
            return work()
        finally:
            connection.close()

    slot = await side.take(share())
    try:
        return await asyncio.get_running_loop().run_in_executor(None, copy_context().run, run)
    finally:
        slot.give()


class FanOut:
    """Reads the shared stream and hands each event to the listeners of its job. An event None means: read the rows."""

    def __init__(self) -> None:
        self._inboxes: dict[str, set[Inbox]] = defaultdict(set)
        self._reader: asyncio.Task[None] | None = None
        self._sees = False
        self._ready = asyncio.Event()

    @contextmanager
    def listening(self, job_id: UUID | str) -> Iterator[Inbox]:
        inbox: Inbox = asyncio.Queue(maxsize=1000)
        key = str(job_id)
        self._inboxes[key].add(inbox)
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read())
        try:
            yield inbox
        finally:
            self._inboxes[key].discard(inbox)
            if not self._inboxes[key]:
                del self._inboxes[key]

    async def ready(self) -> None:
        """Wait until the reader has its place in the stream, or has found that the broker is down."""
        try:
            async with asyncio.timeout(5):
                await self._ready.wait()
        except TimeoutError:
            log.warning("the event stream is out of reach; listeners read the rows")

    def patience(self) -> float:
        """The seconds that a listener may wait before it reads the rows."""
        return HEARTBEAT_SECONDS if self._sees else BLIND_SECONDS

    async def close(self) -> None:
        if self._reader is not None:
            self._reader.cancel()

    async def _read(self) -> None:
        while True:
            client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3, socket_timeout=30)
            try:
                await self._follow(client)
            except (RedisError, OSError) as error:
                log.warning("event stream lost", error=str(error))
            finally:
                self._sees = False
                self._ready.set()
                self._wake_all()
                await client.aclose()
            await asyncio.sleep(1)

    async def _follow(self, client: Any) -> None:  # type: ignore[explicit-any]  # redis types both of its clients as one
        newest = await client.xrevrange(events.STREAM, count=1)
        last = newest[0][0] if newest else b"0-0"
        self._sees = True
        self._ready.set()
        self._wake_all()  # events from the time without a reader are in the rows
        while True:
            for _stream, entries in await client.xread({events.STREAM: last}, block=10_000, count=1000) or []:
                for entry_id, fields in entries:
                    last = entry_id
                    inboxes = self._inboxes.get(fields[b"j"].decode())
                    if inboxes:
                        self._hand_out(inboxes, fields)

    @staticmethod
    def _hand_out(inboxes: set[Inbox], fields: dict[bytes, bytes]) -> None:
        event = events.StreamEvent(
            fields[b"j"].decode(), int(fields[b"n"]), fields[b"e"].decode(), orjson.loads(fields[b"d"])
        )
        for inbox in inboxes:
            if inbox.full():  # a slow listener: drop its events; it notices the gap and reads the rows
                while not inbox.empty():
                    inbox.get_nowait()
            inbox.put_nowait(event)

    def _wake_all(self) -> None:
        for inboxes in self._inboxes.values():
            for inbox in inboxes:
                if not inbox.full():
                    inbox.put_nowait(None)


async def follow(fanout: FanOut, job_id: UUID, number: int) -> AsyncIterator[bytes]:
    """Frames of the job's events after `number`, without a gap, until its last event. Heartbeats fill the pauses."""
    quiet = 0.0
    with fanout.listening(job_id) as inbox:
        await fanout.ready()
        stored = True
        while True:
            if stored:
                while True:
                    batch, over = await in_thread(partial(events.events_after, job_id, number))
                    if over:  # the last event was deleted meanwhile, or was sent before
                        return
                    if not batch:
                        break
                    quiet = 0.0
                    for event in batch:
                        number = event.number
                        yield frame(event)
                        if event.terminal:
                            return
                stored = False
            patience = fanout.patience()
            try:
                async with asyncio.timeout(patience):
                    heard = await inbox.get()
            except TimeoutError:
                quiet += patience
                stored = True
                if quiet >= HEARTBEAT_SECONDS:
                    quiet = 0.0
                    yield HEARTBEAT
                continue
            if heard is None or heard.number > number + 1:
                stored = True  # a gap: read the rows
            elif heard.number == number + 1:
                number, quiet = heard.number, 0.0
                yield frame(heard)
                if heard.terminal:
                    return


async def wait_for_end(fanout: FanOut, job_id: UUID, seconds: float) -> None:
    """Wait until the job has ended or `seconds` are up. Return at once when too many `waits` are under way."""
    whose = share()
    if not waits.take(whose):
        return
    deadline = asyncio.get_running_loop().time() + seconds
    try:
        with fanout.listening(job_id) as inbox:
            await fanout.ready()
            ask = True
            while True:
                if ask and await in_thread(Job.objects.filter(pk=job_id, status__in=Job.ENDED).exists):
                    return
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0:
                    return
                try:
                    async with asyncio.timeout(min(left, max(2.0, fanout.patience() / 3))):
                        heard = await inbox.get()
                except TimeoutError:
                    ask = True
                    continue
                if heard is not None and heard.terminal:
                    return
                ask = heard is None
    finally:
        waits.give(whose)
