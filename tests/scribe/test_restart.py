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
from django.db.models import Sum

from billing import ledger
from billing.models import Entry, Hold, UsageRecord, Wallet
from projects.models import ContentItem, GenerationItem
from scribe.models import Job, JobEvent
from tests import factories
from tests.fakes.openai import OpenAI
from tests.live import Live, logs_of, wait

pytestmark = [pytest.mark.timeout(600)]

ITEMS, ROWS = 60, 6_000


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
        with requests.get(url, headers=headers, stream=True, timeout=60) as response:
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


def test_sigterm_in_the_middle_of_jobs_imports_and_streams_and_a_new_stack(
    environment: Any, owner: Any, openai: Any
) -> None:
    first = Live(**environment)
    first.start()
    second = Live(**environment)
    try:
        writing, importing = (
            factories.make_project(owner.organization, name=name) for name in ("Writing", "Importing")
        )
        for number in range(ITEMS):
            factories.make_item(writing, position=number)
        generation = first.call(
            "POST", f"projects/{writing.pk}/jobs", owner, 201, json={"job_type": "generation"}
        ).json()["job_id"]
        reader = Reader(first, owner, generation)
        reader.start()
        upload = {"file": ("catalogue.csv", catalogue(), "text/csv")}
        source = first.call("POST", f"projects/{importing.pk}/sources/file", owner, 201, files=upload).json()
        imported = source["config"]["job_id"]
        wait(lambda: GenerationItem.objects.filter(state="done").count() >= 8, seconds=90)
        done_before = GenerationItem.objects.filter(state="done").count()
        assert done_before < ITEMS
        assert Job.objects.active().exists()

        first.stop()  # SIGTERM to every process, as an orchestrator does
        assert signal.SIGKILL not in [-process.child.returncode for process in first.stack.processes]
        assert not [process for process in first.stack.processes if not process.dead()]
        kept = GenerationItem.objects.filter(state="done").count()
        assert kept >= done_before  # what had been settled stays settled
        assert Job.objects.get(pk=generation).status == "running"

        second.start()
        reader.urls.append(second.url)
        jobs = wait(lambda: ended(generation, imported), seconds=120)
        assert {job.status for job in jobs} == {"completed"}, [(j.job_type, j.status, j.error) for j in jobs]
        reader.join(timeout=30)
    except AssertionError:
        print(logs_of(second))
        raise
    finally:
        first.stop()
        second.stop()

    # Every item once, every row once, every charge once.
    assert GenerationItem.objects.filter(job_id=generation, state="done").count() == ITEMS
    assert ContentItem.objects.filter(project=writing, status__in=("generated", "flagged")).count() == ITEMS
    assert ContentItem.objects.filter(project=importing).count() == ROWS
    assert ContentItem.objects.filter(project=importing).values("external_id").distinct().count() == ROWS
    usage = Entry.objects.filter(transaction_type="usage")
    assert usage.values("key").distinct().count() == usage.count()
    assert -usage.aggregate(n=Sum("amount"))["n"] == UsageRecord.objects.aggregate(n=Sum("xct"))["n"]
    wallet = Wallet.objects.get(organization=owner.organization)
    assert wallet.held == 0
    assert not Hold.objects.open().exists()

    # The stream was cut by the restart, and has no gap and no double.
    numbers = [number for number, _ in reader.seen]
    stored = list(JobEvent.objects.filter(job_id=generation).order_by("number").values_list("number", "name"))
    assert reader.cuts >= 1
    assert reader.ended()
    assert numbers == [number for number, _ in stored]
    assert [name for _, name in reader.seen] == [name for _, name in stored]


def ended(*ids: str) -> list[Job] | None:
    found = list(Job.objects.filter(pk__in=ids, status__in=Job.ENDED))
    return found if len(found) == len(ids) else None


def test_a_worker_that_is_asked_to_end_finishes_what_it_was_told_by_the_model(
    environment: Any, owner: Any, openai: Any
) -> None:
    """Answers that were under way are settled, not paid for and thrown away."""
    openai.latency = 1.0
    live = Live("web", "worker-generation", "worker-default", **environment)
    live.start()
    try:
        project = factories.make_project(owner.organization)
        for number in range(24):
            factories.make_item(project, position=number)
        job = live.call("POST", f"projects/{project.pk}/jobs", owner, 201, json={"job_type": "generation"}).json()[
            "job_id"
        ]
        wait(lambda: len(openai.seen) >= 6, seconds=90)
        worker = live.process("worker-generation").child
        asked = len(openai.seen)
        os.kill(worker.pid, signal.SIGTERM)
        worker.wait(timeout=60)
        answered = UsageRecord.objects.filter(job_id=job).count()
        assert answered >= asked - 4  # at most one call per slot was in the air when it had to go
        live.revive("worker-generation")
        found = wait(lambda: Job.objects.filter(pk=job, status="completed").first(), seconds=90)
        assert found.result["generated"] + found.result.get("flagged", 0) == 24
    finally:
        live.stop()
