"""Celery finds an app's tasks here."""

from scribe.api.idempotency import forget_idempotency_keys
from scribe.jobs.tasks import after_job, forget_events, run_job, sweep_jobs
from scribe.orphans import count_files, delete_orphans
from scribe.retention import forget_old_rows

__all__ = [
    "after_job",
    "count_files",
    "delete_orphans",
    "forget_events",
    "forget_idempotency_keys",
    "forget_old_rows",
    "run_job",
    "sweep_jobs",
]
