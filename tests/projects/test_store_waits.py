"""A store that makes us wait: the wait is given back to the queue, and ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.stores.errors import StoreTransientError, Throttled
from integrations.stores.http import StoreHTTP
from projects.store_work import MOST_TRIES, give_way, pausing
from scribe import jobs
from scribe.jobs import registry, worker
from scribe.jobs.models import Job
from tests import factories
from tests.fakes.server import Reply, Request, Server


class Throttling(Server):
    """429 with a Retry-After of the test's choice, for ever."""

    def __init__(self, retry_after: str) -> None:
        super().__init__()
        self.retry_after = retry_after

    async def answer(self, request: Request) -> Reply:
        return Reply(429, {"code": "busy"}, {"retry-after": self.retry_after})


def waited(retry_after: str) -> tuple[float, int]:
    """The seconds that one call waits in its worker, and the requests it makes."""
    pauses: list[float] = []
    with Throttling(retry_after) as store:
        http = StoreHTTP(store.url, sign=lambda *_: {}, pause=pauses.append)
        with pytest.raises(Throttled):
            http.call("GET", "/")
    return sum(pauses), http.calls


@pytest.mark.parametrize("retry_after", ["59", "25", "3600", "31536000", "inf", "1e400"])
def test_a_call_waits_a_minute_at_most(retry_after: str) -> None:
    # Each wait is asked for twice: after the reply, and before the next request.
    seconds, calls = waited(retry_after)
    assert seconds <= 2 * 60
    assert calls <= 5


@pytest.fixture
def run(cast: Any, monkeypatch: pytest.MonkeyPatch) -> worker.Run:
    monkeypatch.setattr("scribe.jobs.lifecycle.send", lambda job, after=0: None)
    job = jobs.create(job_type="sync", organization=cast.organization)
    claimed = worker.claim(job.pk)
    assert claimed is not None
    return worker.Run(claimed, worker.kinds["sync"])


def test_while_others_wait_a_pause_is_given_back(run: worker.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "should_yield", lambda: True)
    with pytest.raises(StoreTransientError) as given_back:
        pausing(run)(50)
    assert 49 < (given_back.value.retry_after or 0) <= 50


def test_a_store_that_lets_nothing_through_fails_the_job_in_the_end(run: worker.Run, cast: Any) -> None:
    connection = factories.make_woocommerce_connection(cast.organization, "https://shop.example")
    error = Throttled("Slow down.", retry_after=31_536_000.0)
    for _ in range(MOST_TRIES):
        assert isinstance(give_way(run, error, connection), jobs.TryAgain)
    assert isinstance(give_way(run, error, connection), jobs.Failed)


def test_a_job_stays_away_a_quarter_of_an_hour_at_most(run: worker.Run) -> None:
    worker._let_go(run, 31_536_000.0, keep_attempts=True)
    due = Job.objects.get(pk=run.job.pk).due_at
    assert due is not None
    assert due <= timezone.now() + timedelta(minutes=15)


def test_a_job_yields_to_every_queue_of_its_worker(run: worker.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run._began -= run.slice_seconds
    monkeypatch.setattr("scribe.jobs.run.served", {run.kind.queue})
    other = next(kind for kind in registry.kinds.values() if kind.queue != run.kind.queue)
    waits = jobs.create(job_type=other.job_type, organization=factories.make_organization())
    Job.objects.filter(pk=waits.pk).update(sent_at=timezone.now() - timedelta(minutes=1))
    run.look_for_others()
    assert not run.should_yield()
    monkeypatch.setattr("scribe.jobs.run.served", {run.kind.queue, other.queue, "helpers"})
    run.look_for_others()
    assert run.should_yield()
