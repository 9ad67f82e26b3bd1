"""One job of many items by one worker and by two, with answers so quick that the workers are what counts."""

from __future__ import annotations

from projects.generation import job as generation
from scribe.models import Job
from tests.benchmarks.generation import CONCURRENCY, catalogue, model
from tests.live import Live, wait

ITEMS = 20_000
LATENCY = 0.05


def run() -> list[tuple[str, float, float, float, str]]:
    with model(LATENCY) as port:
        two, one = seconds(2, port), seconds(1, port)
    return [(f"one job of {ITEMS:,} items, by one worker and by two (s)", two, one, one / two, "≥ 1.8")]


def seconds(workers: int, port: int) -> float:
    """From the start of the job, which its first worker tells, to its end."""
    live = Live(
        "worker-generation",
        WORKER_CONCURRENCY=str(workers),
        OPENAI_BASE_URL=f"http://127.0.0.1:{port}/v1",
        OPENAI_API_KEY="sk",
        GENERATION_CONCURRENCY=str(CONCURRENCY),
    )
    live.start()
    try:
        user, project = catalogue(ITEMS)
        job = generation.start(project=project, by=user, request={"ai_provider": "openai"})
        wait(lambda: Job.objects.get(pk=job.pk).ended, seconds=3600)
        job.refresh_from_db()
        assert job.progress_current == ITEMS, job.result
        assert job.started_at is not None
        assert job.completed_at is not None
        return (job.completed_at - job.started_at).total_seconds()
    finally:
        live.stop()
