"""Generation on the running stack: killed, cancelled, waited for, and asked twice at once."""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from billing.models import Entry, Hold, UsageRecord, Wallet
from projects.models import ContentItem, GenerationItem
from scribe.models import Job
from tests import factories
from tests.fakes import verifying
from tests.fakes.openai import OpenAI
from tests.live import Live, wait
from tests.projects.generation.conftest import make_items


@pytest.fixture(scope="module")
def openai() -> Any:
    with OpenAI() as fake:
        yield fake


@pytest.fixture(scope="module")
def live_stack(openai: Any, django_db_setup: Any, django_db_blocker: Any) -> Any:
    from django.db import connection

    with django_db_blocker.unblock():
        live = Live(
            "web",
            "worker-generation",
            "worker-default",
            "beat",
            JOB_LEASE_SECONDS="6",
            OPENAI_BASE_URL=openai.url + "/v1",
            OPENAI_API_KEY="sk-test",
            DEFAULT_AI_PROVIDER="openai",
            GENERATION_CONCURRENCY="8",
        )
        live.start()
        connection.close()
    yield live
    live.stop()


@pytest.fixture
def owner(live: Live, openai: Any) -> Any:
    openai.latency, openai.default, openai.choose = 0.0, "ok", None
    openai.seen.clear()
    user = factories.make_user()
    Wallet.objects.filter(organization=user.organization)
    return user


def rich(owner: Any) -> None:
    """XCT enough for anything here."""
    from billing import ledger

    with transaction.atomic(), ledger.book(owner.organization) as book:
        book.post("topup", Decimal(5000), Entry.Type.TOPUP, key=f"test:{owner.pk}", description="For tests")


def check_books(owner: Any) -> None:
    wallet = Wallet.objects.get(organization=owner.organization)
    entries = Entry.objects.filter(organization=owner.organization)
    assert wallet.held == 0
    assert wallet.subscription_balance + wallet.topup_balance == sum(entries.values_list("amount", flat=True))
    assert -sum(entries.filter(transaction_type="usage").values_list("amount", flat=True)) == sum(
        UsageRecord.objects.filter(organization=owner.organization).values_list("xct", flat=True)
    )
    assert not Hold.objects.open().exists()


def test_kill_nine_in_the_middle_and_each_item_is_written_and_charged_once(live: Live, owner: Any, openai: Any) -> None:
    rich(owner)
    project = factories.make_project(owner.organization)
    make_items(project, 60)
    openai.latency = 0.25
    job_id = live.call("POST", f"projects/{project.pk}/jobs", owner, 201, json={"job_type": "generation"}).json()[
        "job_id"
    ]
    wait(lambda: GenerationItem.objects.filter(state="done").count() >= 8, seconds=90)
    live.kill("worker-generation")
    killed_at = GenerationItem.objects.filter(state="done").count()
    assert killed_at < 60
    live.revive("worker-generation")
    job = wait(lambda: Job.objects.filter(pk=job_id, status__in=Job.ENDED).first(), seconds=90)
    assert job.status == "completed"
    assert job.result["generated"] + job.result["flagged"] == 60
    assert GenerationItem.objects.filter(state="done").count() == 60
    captures = Entry.objects.filter(transaction_type="usage").values_list("key", flat=True)
    assert len(captures) == len(set(captures)) == 60
    assert UsageRecord.objects.filter(outcome="ok").count() == 60
    # At most what was in flight at the kill was asked twice (a repair round counts as a second call).
    assert len(openai.seen) <= 2 * 60 + 2 * 8
    check_books(owner)


def test_kill_nine_between_text_and_second_reading_bills_once(live: Live, owner: Any, openai: Any) -> None:
    rich(owner)
    project = factories.make_project(owner.organization)
    make_items(project, 4)
    openai.choose = lambda seen: "slow" if verifying.is_asked(seen.schema) else None
    asked = {"job_type": "generation", "payload": {"grounding": "strict"}}
    job_id = live.call("POST", f"projects/{project.pk}/jobs", owner, 201, json=asked).json()["job_id"]
    wait(lambda: any(verifying.is_asked(seen.schema) for seen in openai.seen), seconds=90)
    live.kill("worker-generation")
    assert not UsageRecord.objects.filter(organization=owner.organization).exists()
    openai.choose = None
    live.revive("worker-generation")
    job = wait(lambda: Job.objects.filter(pk=job_id, status__in=Job.ENDED).first(), seconds=90)
    assert (job.status, job.result["failed"]) == ("completed", 0)
    rows = UsageRecord.objects.filter(organization=owner.organization, outcome="ok")
    assert sorted(rows.values_list("content_type", flat=True)) == ["product"] * 4 + ["verification"] * 4
    check_books(owner)


def test_a_cancel_stops_new_calls_within_five_seconds(live: Live, owner: Any, openai: Any) -> None:
    rich(owner)
    project = factories.make_project(owner.organization)
    make_items(project, 200)
    openai.latency = 0.4
    job_id = live.call("POST", f"projects/{project.pk}/jobs", owner, 201, json={"job_type": "generation"}).json()[
        "job_id"
    ]
    wait(lambda: len(openai.seen) >= 10, seconds=90)
    assert live.call("POST", f"jobs/{job_id}/cancel", owner).json()["status"] == "cancelled"
    time.sleep(5)
    calls = len(openai.seen)
    time.sleep(2)
    assert len(openai.seen) == calls < 200
    check_books(owner)
    assert ContentItem.objects.filter(project=project, status="pending").exists()


def test_a_request_waits_for_a_quick_job(live: Live, owner: Any) -> None:
    project = factories.make_project(owner.organization)
    make_items(project, 2)
    body = live.call("POST", f"projects/{project.pk}/generate", owner, 200, json={"ai_provider": "offline"}).json()
    assert body["status"] == "completed"
    assert body["generated"] == 2
    assert {row["status"] for row in body["items"]} == {"generated"}


def test_the_same_request_twice_at_once_has_one_effect(live: Live, owner: Any) -> None:
    project = factories.make_project(owner.organization)
    make_items(project, 2)
    headers = {"Authorization": f"Bearer {factories.token_of(owner)}", "Idempotency-Key": "once"}
    statuses: list[int] = []

    def call() -> None:
        path = f"projects/{project.pk}/generate"
        statuses.append(
            live.call("POST", path, status=None, json={"ai_provider": "offline"}, headers=headers).status_code
        )

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 409}
    assert 200 in statuses
    assert Job.objects.count() == 1, list(Job.objects.values_list("job_type", "status", "project_id", "created_at"))


def test_twenty_waits_leave_the_service_answering(live: Live, owner: Any, openai: Any) -> None:
    rich(owner)
    openai.latency = 4
    projects = [factories.make_project(owner.organization, name=str(n)) for n in range(20)]
    for project in projects:
        factories.make_item(project)
    token = factories.token_of(owner)
    headers = {"Authorization": f"Bearer {token}"}
    answers: list[int] = []

    def call(project: Any) -> None:
        answers.append(
            live.call("POST", f"projects/{project.pk}/generate", status=None, json={}, headers=headers).status_code
        )

    threads = [threading.Thread(target=call, args=(project,)) for project in projects]
    for thread in threads:
        thread.start()
    wait(lambda: openai.at_once, seconds=90)
    live.call("GET", "/health")
    assert not answers  # it did not wait for them
    openai.latency = 0.1
    for thread in threads:
        thread.join()
    assert set(answers) <= {200, 202}
    wait(lambda: not Job.objects.active().exists(), seconds=90)
    check_books(owner)
