"""One job of many items by one worker and by two, with quick answers: where the workers wait, and where they fill the cores."""

from __future__ import annotations

from django.test import override_settings

from projects.generation import job as generation
from scribe.models import Job
from tests.benchmarks.generation import catalogue, model
from tests.live import Live, wait

LATENCY = 0.05
# (items, answers asked for at once by each worker). Four at once leave a worker waiting for a good part of the time, as models do;
# with 64, one worker, its database and the stub fill more than one core, so that two can't be twice as fast on a machine of two.
SIZES = ((20_000, 4), (5_000, 64))


def run() -> list[tuple[str, float, float, float, str]]:
    rows = []
    with model(LATENCY) as port:
        for items, at_once in SIZES:
            two, one = seconds(2, items, at_once, port), seconds(1, items, at_once, port)
            what = f"one job of {items:,} items, {at_once} at once in each worker, by one worker and by two (s)"
            rows.append((what, two, one, one / two, "≥ 1.8" if at_once == 4 else "–"))
    return rows


def seconds(workers: int, items: int, at_once: int, port: int) -> float:
    """From the start of the job, which its first worker tells, to its end."""
    asked = {"OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1", "OPENAI_API_KEY": "sk"}
    live = Live(
        "web",
        "worker-generation",
        WORKER_CONCURRENCY=str(workers),
        GENERATION_CONCURRENCY=str(at_once),
        **asked,
    )
    live.start()
    try:
        user, project = catalogue(items)
        with override_settings(**asked):
            job = generation.start(project=project, by=user, request={"ai_provider": "openai"})
        wait(lambda: Job.objects.get(pk=job.pk).ended, seconds=3600)
        job.refresh_from_db()
        assert job.progress_current == items, job.result
        assert job.started_at is not None
        assert job.completed_at is not None
        return (job.completed_at - job.started_at).total_seconds()
    finally:
        live.stop()
