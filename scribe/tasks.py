"""Celery finds an app's tasks here."""

from scribe.api.idempotency import forget_idempotency_keys
from scribe.jobs.tasks import after_job, forget_events, run_job, sweep_jobs

__all__ = ["after_job", "forget_events", "forget_idempotency_keys", "run_job", "sweep_jobs"]
