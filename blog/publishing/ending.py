"""What follows a publishing job: the post's state when it broke off, and the notice."""

from __future__ import annotations

from accounts import notifications
from blog.models import BlogPost, Publication
from scribe.models import Job

Status = BlogPost.Status


def close(job: Job) -> None:
    """Inside the transaction that ends the job: an attempt of which nothing was sent is dropped, and the post is what it
    was. One in doubt stays open, for beat to clear up."""
    if job.status == Job.Status.COMPLETED:
        return
    publication = Publication.objects.select_for_update(no_key=True).filter(pk=job.payload["publication_id"]).first()
    if publication is None or publication.state != Publication.State.PENDING:
        return
    publication.state = Publication.State.ABANDONED
    publication.save(update_fields=["state"])
    before = publication.status_before
    if job.status == Job.Status.FAILED and before != Status.PUBLISHED:
        before = Status.FAILED
    elif before == Status.SCHEDULED:
        before = Status.DRAFT  # cancelled: beat must not begin it again at once
    posts = BlogPost.objects.filter(pk=publication.post_id, status=Status.PUBLISHING)
    posts.update(status=before, last_error=job.error, **({} if before == Status.SCHEDULED else {"scheduled_at": None}))


def tell(job: Job) -> None:
    """One notice when a post is out or has failed; none for what people unpublish, cancel, or send as a draft."""
    post = BlogPost.objects.filter(pk=job.payload["post_id"]).first()
    if post is None or job.payload.get("action") == Publication.Action.UNPUBLISH:
        return
    name = (post.title or post.topic)[:120]
    if job.status == Job.Status.COMPLETED and post.status == Status.PUBLISHED:
        kind, title, body = "post_published", f"“{name}” is published", _published_body(job, post)
    elif job.status == Job.Status.FAILED:
        kind, title, body = "post_failed", f"“{name}” could not be published", job.error
    else:
        return
    notifications.job_ended(job, kind=kind, title=title, body=body, data={"post_id": str(post.pk)})


def _published_body(job: Job, post: BlogPost) -> str:
    """Where the post is, and what of it the site did not take."""
    skipped = job.result.get("skipped_fields") or {}
    left_out = [f"Not taken over: {field.replace('_', ' ')}. {why}" for field, why in skipped.items()]
    return "\n".join([post.published_url, *left_out])
