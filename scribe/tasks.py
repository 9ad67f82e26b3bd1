"""Celery finds an app's tasks here."""

from scribe.api.idempotency import forget_idempotency_keys
from scribe.jobs.tasks import after_job, forget_events, run_job, sweep_jobs
from scribe.orphans import count_files, delete_orphans
from scribe.retention import forget_old_rows
