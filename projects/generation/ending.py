"""What follows a generation: the hold is closed in its last transaction, and people are told after it."""

from __future__ import annotations

from accounts import notifications
from billing import holds
from projects import lifecycle
from scribe.models import Job


def close(job: Job) -> None:
    """Give back what is left of the hold, and see where the project stands. Inside the transaction that ends the job."""
    holds.close(job=job)
    lifecycle.refresh_status(job.project_id)


def tell(job: Job) -> None:
    """One notice about how it ended; a cancelled job needs none."""
    if job.status == Job.Status.CANCELLED or not job.progress_total or job.payload.get("door") == "plugin":
        return
    result = job.result
    written = int(result.get("generated", 0)) + int(result.get("flagged", 0))
    name = job.project.name if job.project else "your project"
    if job.status == Job.Status.FAILED:
        kind, title = "job_failed", f"Nothing could be written for {name}"
        body = job.error or "Every item failed. The job says why, item by item."
    else:
        kind, title = "job_completed", f"{written} texts were written for {name}"
        body = f"{result.get('generated', 0)} generated, {result.get('flagged', 0)} flagged for review, {result.get('failed', 0)} failed."
    notifications.notify(
        organization=job.organization,
        kind=kind,
        title=title,
        body=body,
        project_id=job.project_id,
        job_id=job.pk,
        users=[job.created_by] if job.created_by else None,
        key=f"job-ended:{job.pk}",
    )
