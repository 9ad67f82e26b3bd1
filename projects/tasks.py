"""The tasks that beat starts for projects. Each may run twice or late."""

from __future__ import annotations

from celery import shared_task

from projects.sync import comparison


@shared_task(queue="default")
def compare_with_stores() -> None:
    """Start a comparison of each project that has pushed something and was not compared for a week. Runs hourly."""
    comparison.start_due()
