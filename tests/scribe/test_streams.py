"""Streams and waits on the running stack."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
import requests
from django.db import connection

from scribe import jobs
from scribe.jobs import Run
from scribe.jobs import worker as running
from scribe.jobs.models import Job
from scribe.jobs.registry import kinds
from tests import factories
from tests.live import Live, wait


def held_job(owner: Any) -> Run:
    """A job that this test works on itself, event by event."""
    job = jobs.create(job_type="generation", organization=owner.organization, total=200)
    claimed = wait(lambda: running.claim(job.pk) or Job.objects.get(pk=job.pk).ended)
    assert claimed is not True, "a worker took the job first"
    return Run(claimed, kinds["generation"])


@pytest.fixture(scope="module")
def parts() -> tuple[str, ...]:
    return ("web",)


@pytest.fixture
def owner(committed: Any) -> Any:
    return factories.make_user()


@pytest.fixture
def run(live: Live, owner: Any, monkeypatch: Any) -> Any:
    monkeypatch.setattr("scribe.jobs.lifecycle.send", lambda job, after=0: None)
    return held_job(owner)


def read(
    live: Live, owner: Any, job: Job, *, after: int = 0, most: int = 10_000, token: str = ""
) -> list[tuple[int, str]]:
    headers = {"Authorization": f"Bearer {token or factories.token_of(owner)}", "Accept": "text/event-stream"}
    if after:
        headers["Last-Event-ID"] = str(after)
    seen: list[tuple[int, str]] = []
    with requests.get(f"{live.url}/api/v1/jobs/{job.pk}/stream", headers=headers, stream=True, timeout=30) as response:
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        number = 0
        for line in response.iter_lines(chunk_size=1):
            if line.startswith(b"id: "):
                number = int(line[4:])
            elif line.startswith(b"event: "):
                seen.append((number, line[7:].decode()))
                if len(seen) >= most:
                    break
    return seen


def test_a_stream_cut_twenty_times_and_resumed_has_no_gap(live: Live, owner: Any, run: Any) -> None:
    def work() -> None:
        try:
            for number in range(200):
                with run.settling():
                    run.emit("item", {"number": number})
                time.sleep(0.004)
            run.finish(status="completed")
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    seen: list[tuple[int, str]] = []
    token = factories.token_of(owner)
    for cut in range(20):
        seen += read(live, owner, run.job, after=len(seen), most=3 + cut % 7, token=token)
    seen += read(live, owner, run.job, after=len(seen), token=token)
    worker.join()
    assert [number for number, _ in seen] == list(range(1, 202))
    assert seen[-1][1] == "complete"


def test_a_stream_of_an_ended_job_is_its_replay(live: Live, owner: Any, run: Any) -> None:
    with run.settling():
        run.emit("item", {})
    run.finish(status="failed", error="no luck")
    assert read(live, owner, run.job) == [(1, "item"), (2, "failed")]


def test_a_stranger_gets_no_stream(live: Live, run: Any) -> None:
    live.call("GET", f"jobs/{run.job.pk}/stream", user=factories.make_user(), status=404)
    live.call("GET", f"jobs/{run.job.pk}/stream", status=401)


def test_a_hundred_readers_of_one_job_all_see_everything(live: Live, owner: Any, run: Any) -> None:
    token = factories.token_of(owner)
    results: list[list[tuple[int, str]]] = []
    readers = [
        threading.Thread(target=lambda: results.append(read(live, owner, run.job, token=token))) for _ in range(100)
    ]
    for reader in readers:
        reader.start()
    time.sleep(1)
    for _ in range(20):
        with run.settling():
            run.emit("item", {})
    run.finish(status="completed")
    for reader in readers:
        reader.join(60)
    assert len(results) == 100
    assert all([number for number, _ in seen] == list(range(1, 22)) for seen in results)


def test_streams_hold_neither_threads_nor_connections(live: Live, owner: Any, run: Any) -> None:
    """More open streams than the web process has threads: the API answers as before."""
    token = factories.token_of(owner)
    headers = {"Authorization": f"Bearer {token}"}
    streams = [
        requests.get(f"{live.url}/api/v1/jobs/{run.job.pk}/stream", headers=headers, stream=True, timeout=30)
        for _ in range(40)
    ]
    for _ in range(5):
        live.call("GET", "/health")
    for stream in streams:
        stream.close()


def test_a_stream_ends_with_the_sign_in_that_asked_for_it(live: Live, owner: Any, run: Any) -> None:
    token = factories.token_of(owner)
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{live.url}/api/v1/jobs/{run.job.pk}/stream"
    with requests.get(url, headers=headers, stream=True, timeout=30) as response:
        assert response.status_code == 200
        live.call("POST", "auth/logout-all", headers=headers)
        rest = b"".join(response.iter_content(None))
    assert b"event: complete" not in rest
    assert not Job.objects.get(pk=run.job.pk).ended


def test_who_prefers_not_to_wait_is_answered_before_anybody_works(live: Live, owner: Any) -> None:
    """Without a worker any other caller would wait for 30 seconds, longer than this one's patience."""
    project = factories.make_project(owner.organization)
    factories.make_item(project)
    headers = {"Authorization": f"Bearer {factories.token_of(owner)}", "Prefer": "wait=0"}
    answer = requests.post(f"{live.url}/api/v1/projects/{project.pk}/generate", json={}, headers=headers, timeout=20)
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    assert answer.headers["Preference-Applied"] == "wait=0"
