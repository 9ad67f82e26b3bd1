"""The job `blog_publish`: its payload, its run, and what happens when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts import notifications
from blog.models import BlogPost, Publication
from blog.publishing import attempt, targets
from blog.publishing.changes import PostChanged
from integrations.stores.errors import StoreError, StoreTransientError
from scribe import jobs
from scribe.jobs import Run
from scribe.jobs.payload import Payload
from scribe.models import Job

Status = BlogPost.Status


@dataclass(frozen=True, kw_only=True)
class PublishPayload(Payload):
    """Which attempt to carry out. `action` is a Publication.Action."""

    post_id: str
    publication_id: str
    action: str = Publication.Action.PUBLISH


def give(publication: Publication, *, by: Any) -> None:
    """Create the job that carries out `publication`. The caller saves the row, and commits both together."""
    post = publication.post
    publication.job = jobs.create(
        job_type=Job.Type.BLOG_PUBLISH,
        organization=post.organization,
        project=post.project,
        created_by=by,
        payload=PublishPayload(
            post_id=str(post.pk), publication_id=str(publication.pk), action=publication.action
        ).as_dict(),
        total=1,
    )


def run(run: Run) -> None:
    """Carry out the attempt that the payload names."""
    asked = PublishPayload.of(run.job)
    related = ("post__organization", "post__project", "post__original", "blog_connection", "store_connection")
    publication = Publication.objects.select_related(*related).filter(pk=asked.publication_id).first()
    if publication is None or publication.state == Publication.State.CONFIRMED:
        return  # the post is gone, or a worker died after confirming
    if publication.state not in Publication.OPEN:
        reason = publication.error or "This attempt is over. Publish the post again."
        raise jobs.Failed(reason, code=publication.error_code or "attempt_over")
    target = targets.of(publication)
    if target is None:
        attempt.fail(run, publication, reason="The connection was deleted.", code="connection_gone")
        raise jobs.Failed("The connection was deleted.", code="connection_gone")
    delivery = attempt.Delivery(run, publication, target)
    try:
        remote = delivery.deliver()
    except attempt.StillInDoubt:
        reason = "The site's answer was lost. We look whether the post arrived."
        raise jobs.TryAgain(delivery.patience(), reason=reason, code="store_answer_lost") from None
    except PostChanged as error:
        attempt.stop_at_changes(run, delivery, error)
        raise jobs.Failed(error.message, code=error.code) from None
    except StoreTransientError as error:
        delivery.postpone(error)
    except StoreError as error:
        attempt.fail(run, publication, reason=error.message, code=error.code)
        raise jobs.Failed(error.message, code=error.code) from None
    else:
        attempt.confirm(run, delivery, remote)


def close(job: Job) -> None:
    """Abandon an attempt that is still `pending`, inside the transaction that ends the job. If the job failed, the post
    becomes `failed`, or stays published; if cancelled, it is what it was (`draft` if it was scheduled).
    An attempt in doubt stays open; beat takes it up."""
    if job.status == Job.Status.COMPLETED:
        return
    publication = (
        Publication.objects.select_for_update(no_key=True).filter(pk=PublishPayload.of(job).publication_id).first()
    )
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
    """Notify when a post was published or failed. Unpublishing, undoing, cancelling and sending a draft
    notify nobody."""
    asked = PublishPayload.of(job)
    post = BlogPost.objects.filter(pk=asked.post_id).first()
    if post is None or asked.action != Publication.Action.PUBLISH:
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
    """The post's address, and a line for each field that the site did not take."""
    skipped = job.result.get("skipped_fields") or {}
    left_out = [f"Not taken over: {field.replace('_', ' ')}. {why}" for field, why in skipped.items()]
    return "\n".join([post.published_url, *left_out])
