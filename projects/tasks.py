"""What beat does for projects. Each may run twice or late."""

from __future__ import annotations

from celery import shared_task

from projects.sync import comparison


@shared_task(queue="default")
def compare_with_stores() -> None:
    """Each project that has pushed something is compared with its store once a week; the hours spread them."""
    comparison.start_due()
