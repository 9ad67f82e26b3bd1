"""The entries that beat starts. Apps add theirs in `AppConfig.ready`. Every entry may run twice or late."""

from datetime import timedelta

from celery.schedules import crontab

from scribe.celery import app


def every(when: timedelta | crontab, task: str, *, queue: str = "default") -> None:
    """Have beat send `task` (its full name) at `when`. A message that waits longer than a period is dropped."""
    expires = when.total_seconds() if isinstance(when, timedelta) else 3600
    app.conf.beat_schedule[task] = {"task": task, "schedule": when, "options": {"queue": queue, "expires": expires}}
