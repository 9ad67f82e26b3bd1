"""What follows the writing of a post, however it ended."""

from __future__ import annotations

from accounts import notifications
from billing import holds
from blog.models import BlogPost
from scribe.models import Job

Status = BlogPost.Status


def close(job: Job) -> None:
    """Inside the transaction that ends the job: give back what is left of the hold; a post that was not written is what it
    was before, and a new one failed (or, cancelled, is an empty draft)."""
    holds.close(job=job)
    if job.payload.get("work") != "post" or job.status == Job.Status.COMPLETED:
        return
    before = job.payload.get("status_before", Status.DRAFT)
    posts = BlogPost.objects.filter(pk=job.payload["post_id"], status=Status.GENERATING)
    if job.status == Job.Status.FAILED:
        posts.filter(content="").update(status=Status.FAILED, last_error=job.error)
    posts.update(status=before, last_error=job.error)


def tell(job: Job) -> None:
    if job.payload.get("work") != "post" or job.status == Job.Status.CANCELLED:
        return
    post = BlogPost.objects.filter(pk=job.payload["post_id"]).first()
    if post is None:
        return
    name = (post.title or post.topic)[:120]
    done = job.status == Job.Status.COMPLETED
    notifications.notify(
        organization=job.organization,
        kind="job_completed" if done else "job_failed",
        title=f"“{name}” is written" if done else f"“{name}” could not be written",
        body="" if done else job.error,
        project_id=job.project_id,
        job_id=job.pk,
        data={"post_id": str(post.pk)},
        users=[job.created_by] if job.created_by else None,
        key=f"job-ended:{job.pk}",
    )
