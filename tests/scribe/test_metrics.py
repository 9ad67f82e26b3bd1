"""Prometheus' figures: who may read them, and that they add up over processes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.test import Client

from scribe import jobs, metrics
from scribe.jobs.events import valkey
from tests.factories import make_organization
from tests.helpers import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted():
    metrics.counts.flush()
    valkey().delete(metrics.KEY)


def value(found: dict, name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


def test_requests_are_counted_by_route_and_status_and_never_by_id(api, cast):
    api.as_(cast.owner).get("jobs/0192aaaa-0000-7000-8000-000000000000", 404)
    api.get("jobs/0192aaaa-0000-7000-8000-000000000000", 401)
    found = samples()
    route = "api/v1/jobs/<str:job_id>"
    assert value(found, "scribe_requests_total", method="GET", route=route, status="404") == 1
    assert value(found, "scribe_requests_total", method="GET", route=route, status="401") == 1
    assert value(found, "scribe_request_seconds_count", method="GET", route=route, outside="no") == 2
    assert value(found, "scribe_request_seconds_bucket", method="GET", route=route, outside="no", le="+Inf") == 2
    assert not any("0192aaaa" in str(labels) for _, labels in found)


def test_methods_that_somebody_makes_up_are_one_label(client):
    """Each was a series of its own, in every scrape and for good."""
    for name in ("AAA", "AAB"):
        client.generic(name, "/api/v1/projects")
    found = {dict(labels)["method"] for name, labels in samples() if name == "scribe_requests_total"}
    assert found == {"other"}


def test_histogram_buckets_are_cumulative():
    for seconds in (0.003, 0.02, 0.02, 99):
        metrics.observe("request", seconds, method="GET", route="x")
    found = samples()
    bucket = {
        le: value(found, "scribe_request_seconds_bucket", method="GET", route="x", le=le)
        for le in ("0.005", "0.025", "30.0", "+Inf")
    }
    assert bucket == {"0.005": 1, "0.025": 3, "30.0": 3, "+Inf": 4}
    assert value(found, "scribe_request_seconds_sum", method="GET", route="x") == pytest.approx(99.043)


def test_counts_of_other_processes_add_up():
    script = (
        "import os; os.environ.setdefault('DJANGO_SETTINGS_MODULE','scribe.settings'); import django; django.setup();"
        "from scribe import metrics; metrics.count('jobs', type='sync', status='completed')"
    )
    running = [subprocess.Popen([sys.executable, "-c", script], env=dict(os.environ)) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]  # each flushes when it ends
    metrics.count("jobs", type="sync", status="completed")
    assert value(samples(), "scribe_jobs_total", type="sync", status="completed") == 3


def test_an_ended_job_counts(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.create(job_type="gdpr_export", organization=make_organization())
        jobs.cancel(job)
    assert value(samples(), "scribe_jobs_total", type="gdpr_export", status="cancelled") == 1


def test_queues_and_drift_are_gauges():
    found = {name for name, _ in samples()}
    assert {
        "scribe_queue_depth",
        "scribe_jobs_active",
        "scribe_job_oldest_queued_seconds",
        "scribe_ledger_differences",
        "scribe_xct_held",
    } <= found


def test_a_flush_that_fails_is_made_up_for(settings, monkeypatch):
    metrics.count("jobs", type="sync", status="failed")
    from scribe.jobs import events

    monkeypatch.setattr(
        events, "_client", events.redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    )
    metrics.counts.flush()
    monkeypatch.undo()
    assert value(samples(), "scribe_jobs_total", type="sync", status="failed") == 1


def test_only_this_machine_reads_them_without_a_token():
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    assert Client().post("/metrics").status_code == 404


def test_with_a_token_only_the_token_counts(settings):
    settings.METRICS_TOKEN = "letmesee"
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"Authorization": "Bearer nearly"}).status_code == 404
    assert samples(Client(REMOTE_ADDR="203.0.113.9"), Authorization="Bearer letmesee")


def test_calls_tokens_and_cost_of_models(django_capture_on_commit_callbacks):
    from billing import usage

    organization = make_organization()
    call = {
        "organization": organization,
        "provider": "openai",
        "model": "gpt",
        "input_tokens": 100,
        "output_tokens": 40,
        "cached_tokens": 30,
        "cache_write_tokens": 20,
    }
    with django_capture_on_commit_callbacks(execute=True):
        usage.record(**call, key="a", xct=2, cost_usd=0.25)
        usage.record_many([{**call, "key": "b", "outcome": "refused", "cost_usd": 0.5}])
    found = samples()
    assert value(found, "scribe_model_calls_total", provider="openai", model="gpt", outcome="ok") == 1
    assert value(found, "scribe_model_calls_total", provider="openai", model="gpt", outcome="refused") == 1
    assert value(found, "scribe_model_tokens_total", provider="openai", direction="input") == 200
    assert value(found, "scribe_model_tokens_total", provider="openai", direction="output") == 80
    assert value(found, "scribe_model_cached_tokens_total", provider="openai", direction="read") == 60
    assert value(found, "scribe_model_cached_tokens_total", provider="openai", direction="write") == 40
    assert value(found, "scribe_model_cost_usd_total", provider="openai") == 0.75
    assert value(found, "scribe_xct_charged_total", provider="openai") == 2


def test_counts_outlive_a_connection_that_another_thread_has_closed() -> None:
    """The thread that flushes ended, and the process told no more figures."""
    counts = metrics.ProcessCounts()
    counts.pid = os.getpid()  # without a thread of its own
    counts.add("kept", 1)
    pool = valkey().connection_pool
    connection = pool.get_connection()
    connection._parser.on_disconnect()  # noqa: SLF001 - as another thread leaves it
    pool.release(connection)
    counts.flush()
    assert counts.values == {"kept": 1}
    connection.disconnect()
    counts.flush()
    assert not counts.values


def test_a_level_that_cannot_be_read_ends_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics.level("streams", lambda: 0)
    monkeypatch.setitem(metrics.levels, "streams", lambda: 1 / 0)
    metrics.write_levels()
