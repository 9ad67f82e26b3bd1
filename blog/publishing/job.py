"""The job `blog_publish`: its payload, its run, and what happens when it ends."""

from dataclasses import dataclass

from accounts.models import User
from blog.models import BlogPost, Publication
from blog.payload import job_of, title_of
from blog.publishing import attempt, targets
from blog.publishing.changes import PostChanged
from integrations.stores.errors import StoreError, StoreTransientError
from scribe import jobs, messages
from scribe.errors import Conflict
from scribe.jobs import JobNotice, Run
from scribe.jobs.payload import Payload
from scribe.messages import _
from scribe.models import Job

Status = BlogPost.Status


@dataclass(frozen=True, kw_only=True)
class PublishPayload(Payload):
    """Which attempt to carry out. `action` is a Publication.Action."""

    post_id: str
    publication_id: str
    action: str = Publication.Action.PUBLISH


def give(publication: Publication, *, by: User | None) -> None:
    """Create the job that carries out `publication`. The caller saves the row, and commits both together."""
    post = publication.post
    asked = PublishPayload(post_id=str(post.pk), publication_id=str(publication.pk), action=publication.action)
    publication.job = job_of(post, asked, by=by)


def run(run: Run) -> None:
    """Carry out the attempt that the payload names."""
    asked = PublishPayload.of(run.job)
    related = ("post__organization", "post__project", "post__original", "blog_connection", "store_connection")
    publication = Publication.objects.select_related(*related).filter(pk=asked.publication_id).first()
    if publication is None or publication.state == Publication.State.CONFIRMED:
        return  # the post is gone, or a worker died after confirming
    if publication.state not in Publication.OPEN:
        reason = publication.error or _("This attempt has ended. Publish the post again.")
        raise jobs.Failed(reason, code=publication.error_code or "attempt_over")
    target = targets.target_of(publication)
    try:
        if target is None:
            raise Conflict(_("The connection was deleted."), code="connection_gone")
        target.check_usable()  # a scheduled post's may have been switched off since
    except Conflict as error:
        attempt.fail(run, publication, reason=error.detail, code=error.code)
        raise jobs.Failed(error.detail, code=error.code) from None
    delivery = attempt.Delivery(run, publication, target)
    try:
        remote = delivery.deliver()
    except attempt.StillInDoubt:
        reason = _("The site's reply was lost. We are checking whether the post was published.")
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
    posts.update(
        status=before,
        **messages.columns(last_error=job.error),
        **({} if before == Status.SCHEDULED else {"scheduled_at": None}),
    )


def end_notice(job: Job) -> JobNotice | None:
    """The notice of a post that could not be published. `notices` tells of one that is live."""
    asked = PublishPayload.of(job)
    post = BlogPost.objects.filter(pk=asked.post_id).first()
    if post is None or asked.action != Publication.Action.PUBLISH or job.status != Job.Status.FAILED:
        return None
    title = _("“{name}” could not be published", name=title_of(post))
    return JobNotice(title, data={"post_id": str(post.pk)}, event="post.failed")
