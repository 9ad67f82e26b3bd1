"""A deployment in the middle of everything: the stack ends on SIGTERM, a new one starts, and nothing is lost or doubled."""

from __future__ import annotations

import os
import signal
import threading
import time
from decimal import Decimal
from typing import Any

import pytest
import requests
from django.db import connection, transaction

from billing import ledger
from billing.models import Entry, UsageRecord
from scribe.models import Job
from tests import factories
from tests.fakes.openai import OpenAI
from tests.live import Live, wait

pytestmark = [pytest.mark.worker, pytest.mark.timeout(600)]

ITEMS, ROWS = 100, 6_000


@pytest.fixture(scope="module")
def openai() -> Any:
    with OpenAI() as fake:
        yield fake


@pytest.fixture(scope="module")
def environment(openai: Any, django_db_setup: Any, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield {
            "JOB_LEASE_SECONDS": "6",
            "OPENAI_BASE_URL": openai.url + "/v1",
            "OPENAI_API_KEY": "sk-test",
            "DEFAULT_AI_PROVIDER": "openai",
            "GENERATION_CONCURRENCY": "4",
        }


@pytest.fixture
def owner(committed: Any, openai: Any) -> Any:
    openai.latency, openai.default = 0.7, "ok"
    openai.seen.clear()
    user = factories.make_user()
    with transaction.atomic(), ledger.book(user.organization) as book:
        book.post("topup", Decimal(5000), Entry.Type.TOPUP, key=f"test:{user.pk}", description="For tests")
    return user


class Reader(threading.Thread):
    """A listener of a job's stream that comes back with `Last-Event-ID` whenever it is cut off, as browsers do."""

    def __init__(self, live: Live, owner: Any, job_id: str) -> None:
        super().__init__(daemon=True)
        self.urls = [live.url]
        self.token, self.job_id = factories.token_of(owner), job_id
        connection.close()
        self.seen: list[tuple[int, str]] = []
        self.cuts = 0

    def run(self) -> None:
        end = time.monotonic() + 150
        while time.monotonic() < end and not self.ended():
            try:
                self.read()
            except requests.RequestException:
                self.cuts += 1
                time.sleep(0.3)

    def ended(self) -> bool:
        return bool(self.seen) and self.seen[-1][1] in ("complete", "failed", "cancelled")

    def read(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        if self.seen:
            headers["Last-Event-ID"] = str(self.seen[-1][0])
        url = f"{self.urls[-1]}/api/v1/jobs/{self.job_id}/stream"
        with requests.get(url, headers=headers, stream=True, timeout=20) as response:
            response.raise_for_status()
            number = 0
            for line in response.iter_lines(chunk_size=1):
                if line.startswith(b"id: "):
                    number = int(line[4:])
                elif line.startswith(b"event: "):
                    self.seen.append((number, line[7:].decode()))
        if not self.ended():
            self.cuts += 1


def catalogue() -> bytes:
    head = "SKU,Name,Description,Regular price\n"
    return (head + "".join(f"S-{n},Bottle {n},A steel bottle of {n} ml.,19.90\n" for n in range(ROWS))).encode()


def test_a_worker_that_is_asked_to_end_finishes_what_it_was_told_by_the_model(
    environment: Any, owner: Any, openai: Any
) -> None:
    """Answers that were under way are settled, not paid for and thrown away."""
    openai.latency = 1.0
    live = Live(**environment)
    live.start()
    try:
        project = factories.make_project(owner.organization)
        for number in range(24):
            factories.make_item(project, position=number)
        job = live.call("POST", f"projects/{project.pk}/jobs", owner, 201, json={"job_type": "generation"}).json()[
            "job_id"
        ]
        wait(lambda: len(openai.seen) >= 6, seconds=60)
        worker = live.process("worker-generation").child
        asked = len(openai.seen)
        os.kill(worker.pid, signal.SIGTERM)
        worker.wait(timeout=20)
        answered = UsageRecord.objects.filter(job_id=job).count()
        assert answered >= asked - 4  # at most one call per slot was in the air when it had to go
        live.revive("worker-generation")
        found = wait(lambda: Job.objects.filter(pk=job, status="completed").first(), seconds=90)
        assert found.result["generated"] + found.result.get("flagged", 0) == 24
    finally:
        live.stop()
