"""Background work of projects. Every task may run twice or late."""

from celery import shared_task

from projects import languages
from projects.sync import comparison
from scribe.models import Job


@shared_task(queue="default")
def compare_with_stores() -> None:
    """Start a comparison of each project that has pushed something and was not compared for a week. Runs hourly."""
    comparison.start_due()


@shared_task(queue="generation")
def drop_unwritten(job_id: str) -> None:
    """Delete what a cancelled generation was to write, a part at a time."""
    if job := Job.objects.filter(pk=job_id).first():
        languages.go_on_dropping(job)
