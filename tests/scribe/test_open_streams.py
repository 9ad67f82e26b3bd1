"""The limit of open streams: one for an organization, whichever processes hold them."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from billing import limits
from billing.access import plan_of
from billing.models import Plan
from scribe.api import open_streams
from scribe.api.open_streams import OpenStreams
from scribe.api.streams import JobStream
from scribe.asgi import Doors
from scribe.errors import Conflict
from scribe.ids import uuid7
from scribe.jobs.events import valkey
from scribe.models import Job

ORGANIZATION, OTHER = uuid7(), uuid7()


def test_streams_of_all_processes_count_together_until_they_are_closed() -> None:
    async def play() -> None:
        one, two = OpenStreams(), OpenStreams()
        async with AsyncExitStack() as held:
            await held.enter_async_context(one.counted(ORGANIZATION, 2))
            await held.enter_async_context(two.counted(ORGANIZATION, 2))
            with pytest.raises(Conflict) as refused:
                await held.enter_async_context(one.counted(ORGANIZATION, 2))
            assert (refused.value.code, refused.value.extra) == ("streams_full", {"limit": 2, "used": 2})
            await held.enter_async_context(two.counted(OTHER, 2))
            await held.enter_async_context(two.counted(ORGANIZATION, None))
            assert open_streams.count(ORGANIZATION) == 3
        assert open_streams.count(ORGANIZATION) == 0
        async with one.counted(ORGANIZATION, 1):
            pass
        await one.close()
        await two.close()

    asyncio.run(play())


def test_streams_opened_at_one_moment_do_not_pass_the_limit() -> None:
    async def play() -> int:
        process = OpenStreams()
        async with AsyncExitStack() as held:
            opened = await asyncio.gather(
                *(held.enter_async_context(process.counted(ORGANIZATION, 5)) for _ in range(20)), return_exceptions=True
            )
        await process.close()
        return sum(isinstance(one, Conflict) for one in opened)

    assert asyncio.run(play()) == 15


def test_a_thousand_streams_that_open_and_close_at_one_moment_are_all_counted_and_forgotten() -> None:
    """Beyond the client's hundred connections none was: whoever opened his streams at once had no limit."""

    async def play() -> tuple[int, int]:
        process, together, at_work = OpenStreams(), asyncio.Event(), list[int]()

        async def one() -> None:
            async with process.counted(ORGANIZATION, 900):
                at_work.append(1)
                await together.wait()

        opened = [asyncio.create_task(one()) for _ in range(1_000)]
        async with asyncio.timeout(60):
            while len(at_work) + sum(task.done() for task in opened) < 1_000:
                await asyncio.sleep(0.01)
        together.set()
        ended = await asyncio.gather(*opened, return_exceptions=True)
        await process.close()
        return sum(isinstance(one, Conflict) for one in ended), open_streams.count(ORGANIZATION)

    assert asyncio.run(play()) == (100, 0)


def test_what_a_dead_process_held_is_free_again_and_what_a_living_one_holds_is_not(monkeypatch: Any) -> None:
    monkeypatch.setattr(open_streams, "PROLONGED", 0.05)

    async def play() -> None:
        process = OpenStreams()
        key = open_streams.key_of(ORGANIZATION)
        valkey().zadd(key, {"of a dead process": 1})
        async with process.counted(ORGANIZATION, 1):
            (name,) = valkey().zrange(key, 0, -1)  # type: ignore[misc]
            valkey().zadd(key, {name: 1})
            assert open_streams.count(ORGANIZATION) == 0
            while not open_streams.count(ORGANIZATION):
                await asyncio.sleep(0.02)
        await process.close()

    asyncio.run(play())


def test_a_stream_beyond_the_plan_is_refused_and_its_use_is_told(api: Any, cast: Any, db: Any) -> None:
    Plan.objects.filter(pk=plan_of(cast.organization).pk).update(open_streams=1)
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def play(stream: JobStream) -> None:
        doors = Doors()
        async with doors.open_streams.counted(cast.organization.pk, 1):
            await doors.stream(stream, None, send)
            await doors.open_streams.close()

    asyncio.run(play(JobStream(Job(pk=uuid7(), organization=cast.organization))))
    assert (sent[0]["status"], b"streams_full" in sent[1]["body"]) == (409, True)
    told = {row["name"]: row for row in api.as_(cast.owner).get("billing/limits")}
    assert told["open_streams"] == {"name": "open_streams", "used": 0, "limit": 1}
    assert limits.most_streams(cast.organization.pk) == 1
