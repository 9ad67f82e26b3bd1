"""Every stream of a job has an end, whatever the reader says it has seen and whatever was swept."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from scribe import jobs
from scribe.api.streams import JobStream
from scribe.jobs.models import Job, JobEvent


@pytest.fixture
def ended(cast: Any) -> Job:
    job = jobs.create(job_type="store_audit", organization=cast.owner.organization, total=1)
    return jobs.cancel(job, by=cast.owner)


def path(job: Job) -> str:
    return f"jobs/{job.pk}/stream"


@pytest.mark.parametrize("seen", ["the last", "999999999"])
def test_whoever_has_seen_the_last_event_is_told_to_stop(api: Any, cast: Any, ended: Job, seen: str) -> None:
    number = str(ended.event_count) if seen == "the last" else seen
    assert api.as_(cast.owner).with_(Last_Event_ID=number).get(path(ended), status=204) == b""


def test_an_ended_job_whose_events_were_swept_is_told_to_stop(api: Any, cast: Any, ended: Job) -> None:
    JobEvent.objects.filter(job=ended).delete()
    api.as_(cast.owner).get(path(ended), status=204)


def test_a_stream_whose_rest_is_swept_meanwhile_ends(ended: Job) -> None:
    stream = JobStream(ended, after=0).now()
    JobEvent.objects.filter(job=ended).delete()
    assert list(stream.streaming_content) == []


def test_a_number_from_the_future_hides_no_event_of_a_running_job(cast: Any, api: Any) -> None:
    job = jobs.create(job_type="store_audit", organization=cast.owner.organization, total=1)
    caller = api.as_(cast.owner).with_(Last_Event_ID="999999999")
    answer = caller.client.get(f"/api/v1/{path(job)}", headers=caller.headers)
    jobs.cancel(job, by=cast.owner)
    assert [frame.split(b"\n")[1] for frame in answer.streaming_content] == [b"event: cancelled"]


@pytest.mark.django_db(transaction=True)
def test_the_async_stream_of_swept_events_ends(committed: Any) -> None:
    from scribe.api.fanout import FanOut, follow
    from tests import factories

    owner = factories.make_user()
    job = jobs.create(job_type="store_audit", organization=owner.organization, total=1)
    job = jobs.cancel(job, by=owner)

    async def read() -> list[bytes]:
        fanout = FanOut()
        try:
            return [part async for part in follow(fanout, job.pk, job.event_count)]
        finally:
            await fanout.close()

    assert asyncio.run(asyncio.wait_for(read(), 30)) == []
