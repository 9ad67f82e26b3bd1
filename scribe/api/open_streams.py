"""The open streams of each organization, counted across all processes in Valkey.

A sorted set for each organization has a member for each stream, with the time until which it counts. Its process
prolongs that, so what a dead process held is free again within COUNTED seconds. While Valkey is away nothing is counted
here, and each process still has shares of its own.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import redis.asyncio
from django.conf import settings
from redis.exceptions import RedisError

from scribe.errors import Conflict
from scribe.jobs.events import valkey
from scribe.logs import get_logger
from scribe.messages import _

log = get_logger(__name__)

COUNTED = 60  # seconds
PROLONGED = 20.0  # seconds
CONNECTIONS = 8
# Counts a stream, unless there are as many as may be (-1: any number). Returns how many there were.
OPEN = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
local n = redis.call('ZCARD', KEYS[1])
if tonumber(ARGV[4]) < 0 or n < tonumber(ARGV[4]) then
    redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3])
    redis.call('EXPIREAT', KEYS[1], ARGV[2])
end
return n
"""

#: How many streams an organization may have open; None for any number.
most_of: Callable[[UUID], int | None] = lambda organization_id: None  # noqa: E731 - replaced by the app that knows plans


def key_of(organization_id: UUID | str) -> str:
    return f"streams:{organization_id}"


def count(organization_id: UUID) -> int:
    """The streams that an organization has open; 0 while Valkey is away."""
    try:
        return int(valkey().zcount(key_of(organization_id), time.time(), "+inf"))
    except RedisError:
        return 0


def counts() -> dict[UUID, int]:
    """The open streams of each organization that has some."""
    try:
        ids = [UUID(key.decode().partition(":")[2]) for key in valkey().scan_iter(key_of("*"), count=1000)]
    except RedisError:
        return {}
    return {organization_id: number for organization_id in ids if (number := count(organization_id))}


class OpenStreams:
    """Those of this process."""

    def __init__(self) -> None:
        # Whoever finds all connections in use waits: streams open and close by the hundreds at one moment.
        pool = redis.asyncio.BlockingConnectionPool.from_url(
            settings.REDIS_URL, max_connections=CONNECTIONS, timeout=10, socket_connect_timeout=3, socket_timeout=5
        )
        self._client = redis.asyncio.Redis.from_pool(pool)
        self._open: dict[str, str] = {}  # the key of each
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def counted(self, organization_id: UUID, most: int | None) -> AsyncIterator[None]:
        """Count a stream while it is open. Raises Conflict `streams_full` when the organization has `most` already."""
        key, member = key_of(organization_id), str(uuid4())
        now = int(time.time())
        values = (str(now), str(now + COUNTED), member, str(-1 if most is None else most))
        try:
            used = int(await self._client.eval(OPEN, 1, key, *values))
        except (RedisError, OSError) as error:
            log.warning("a stream is not counted", error=str(error))
            used = 0
        if most is not None and used >= most:
            raise Conflict(
                _(
                    "Your plan allows {most:,} open streams, and all are in use. Close some, or choose a higher plan.",
                    most=most,
                ),
                code="streams_full",
                limit=most,
                used=used,
            )
        self._open[member] = key
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._prolong())
        try:
            yield
        finally:
            del self._open[member]
            await self._forget(key, member)

    async def _prolong(self) -> None:
        while self._open:
            await asyncio.sleep(PROLONGED)
            until = int(time.time()) + COUNTED
            pipe = self._client.pipeline(transaction=False)
            for member, key in self._open.items():
                pipe.zadd(key, {member: until})
                pipe.expireat(key, until)
            try:
                await pipe.execute()
            except (RedisError, OSError) as error:
                log.warning("open streams are counted again later", error=str(error))

    async def _forget(self, key: str, member: str) -> None:
        try:
            await self._client.zrem(key, member)
        except (RedisError, OSError) as error:
            log.warning("a stream counts for a while yet", error=str(error))

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
        await self._client.aclose()
