"""An engine that breaks off leaves no writer behind: one would keep the worker, and with it the lease, for ever."""

import asyncio
from typing import Any

import pytest
from django.db import connection

from projects.generation import engine
from projects.generation.engine import Engine
from scribe.jobs import registry
from scribe.jobs.models import Job
from scribe.jobs.run import Run
from tests.projects.generation.conftest import make_items


@pytest.fixture
def idle(api: Any, cast: Any, project: Any) -> Engine:
    """The engine of a job that nobody works on yet."""
    make_items(project, 3)
    started = api.as_(cast.owner).post(f"projects/{project.pk}/generate", {}, status=202)
    job = Job.objects.get(pk=started["job_id"])
    return Engine(Run(job, registry.kinds[job.job_type]))


@pytest.mark.parametrize("steps", range(4))
def test_a_writer_that_is_cancelled_as_it_gets_an_item_ends(idle: Engine, steps: int) -> None:
    """However many steps of the loop the item is on its way."""

    async def cancel_while_it_gets_one() -> None:
        writer = asyncio.create_task(idle._next())  # noqa: SLF001
        for _ in range(5):
            await asyncio.sleep(0)  # it waits
        idle.todo.put_nowait(None)  # type: ignore[arg-type]
        for _ in range(steps):
            await asyncio.sleep(0)
        if writer.cancel():
            with pytest.raises(asyncio.CancelledError):
                await writer

    asyncio.run(asyncio.wait_for(cancel_while_it_gets_one(), 30))


def test_a_feeder_that_is_cancelled_as_it_hands_one_out_ends(idle: Engine, monkeypatch: Any) -> None:
    async def cancel_while_it_hands_one_out() -> None:
        feeder = asyncio.create_task(idle._feed())  # noqa: SLF001
        while not idle.todo.full():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)  # it waits for room
        idle.todo.get_nowait()
        await asyncio.sleep(0)
        feeder.cancel()
        with pytest.raises(asyncio.CancelledError):
            await feeder
        await idle.in_database(lambda: connection.close())

    monkeypatch.setattr(engine, "LOAD", 3)
    idle.todo = asyncio.Queue(maxsize=2)
    asyncio.run(asyncio.wait_for(cancel_while_it_hands_one_out(), 30))
