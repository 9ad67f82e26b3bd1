"""Sending tasks: after the commit, by name, and without a failure when the broker is away."""

from __future__ import annotations

import pytest
import yaml
from celery import Celery
from django.conf import settings
from django.db import transaction

from scribe import queue
from scribe.jobs.events import valkey
from scribe.local.supervisor import Stack

AWAY = Celery("away", broker="redis://127.0.0.1:1/0", set_as_current=False)


def waiting(name: str = "default") -> int:
    return int(valkey().llen(name))  # type: ignore[arg-type]


@pytest.mark.usefixtures("committed")
def test_a_task_is_sent_when_the_transaction_commits_and_not_before() -> None:
    with transaction.atomic():
        queue.enqueue("scribe.jobs.tasks.after_job", "an id")
        assert waiting() == 0
    assert waiting() == 1


@pytest.mark.usefixtures("committed")
def test_a_task_of_a_transaction_that_was_rolled_back_is_not_sent() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue.enqueue("scribe.jobs.tasks.after_job", "an id")
        raise ZeroDivisionError
    assert waiting() == 0


@pytest.mark.usefixtures("committed")
def test_a_task_goes_to_the_queue_that_the_caller_names() -> None:
    queue.enqueue("scribe.jobs.tasks.run_job", "an id", queue="sync")
    assert (waiting("sync"), waiting()) == (1, 0)


@AWAY.task(name="lost")
def lost(row_id: str) -> None:
    """Work that no worker will ever see."""


@pytest.mark.thorough
@pytest.mark.usefixtures("committed")
def test_a_broker_that_is_away_fails_nothing() -> None:
    path = f"{__name__}.lost"
    assert queue.send(path, "an id") is False
    queue.enqueue(path, "an id")


def queues_of(command: list[str]) -> set[str]:
    return set(command[command.index("-Q") + 1].split(",")) if "-Q" in command else set()


def test_what_is_short_has_workers_of_its_own_however_the_stack_is_started() -> None:
    """Mail, payment webhooks and sweeps waited behind jobs that take hours."""
    services = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())["services"].values()
    for commands in ([s.get("command") or [] for s in services], Stack(quiet=True).commands().values()):
        assert {"default"} in [queues_of(command) for command in commands]
