"""Publish, undo, unpublish, schedule and unschedule a post. Each request is checked and stored at once. The first three begin an
attempt, which gets a job."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from blog import provenance
from blog.models import BlogPost, Publication
from blog.publishing import in_place, job, targets
from blog.publishing import undo as undo_of_publish
from blog.publishing.changes import UNDECIDED, Resolution
from blog.publishing.targets import PublicationTarget
from integrations.models import Provenance
from scribe import jobs, messages
from scribe.errors import Conflict, InvalidInput
from scribe.logs import get_logger
from scribe.messages import _
from scribe.types import Json
from scribe.written import LAST_MOMENT

log = get_logger(__name__)

Status = BlogPost.Status
PUBLISHABLE = (Status.DRAFT, Status.FAILED, Status.SCHEDULED, Status.PUBLISHED)
RELATED = ("organization", "project__store_connection", "blog_connection", "store_connection", "created_by")
IN_TRASH = _("The project was in the trash at the scheduled time, so the post was not published. Schedule it again.")
NO_PLACE = _("The connection that the post was scheduled with was deleted. Choose another and schedule it again.")
SCHEDULABLE = (Status.DRAFT, Status.FAILED, Status.SCHEDULED)


@transaction.atomic
def publish(
    *,
    post: BlogPost,
    by: User,
    target: PublicationTarget,
    wp_status: str = "publish",
    shopify_published: bool = True,
    wish: Resolution = UNDECIDED,
) -> Publication:
    """Begin an attempt that creates the post at `target`, or updates it there, with its job. May be repeated once the
    attempt has ended. `wish` decides about texts that the merchant has changed there.

    Raises Conflict: `post_is_busy` while the post is being written or published, `post_is_empty` without a text.
    """
    post = _lock(post)
    post.project.check_live()
    _check_status(post, PUBLISHABLE, "published")
    _check_text(post)
    wp_status = site_status(target, wp_status, shopify_published=shopify_published)
    in_place.check_status(post, target, wp_status)
    _record_approval(post, target, by)
    options = {"wp_status": wp_status, "external_blog_id": target.external_blog_id, **wish.as_options()}
    return _start(post, by=by, target=target, action=Publication.Action.PUBLISH, options=options)


@transaction.atomic
def undo(*, post: BlogPost, by: User, force: bool = False) -> Publication:
    """Begin an attempt that puts back what the last publish replaced on the site. Raises Conflict: `nothing_to_undo`, or
    that the connection can't be used."""
    post = _lock(post)
    _check_status(post, (Status.DRAFT, Status.FAILED, Status.PUBLISHED), "undone")
    target = targets.standing(post)
    undone = undo_of_publish.undoable(post, target) if target is not None else None
    if target is None or undone is None:
        raise Conflict(
            _("The last publish of this post replaced nothing, so there is nothing to undo."), code="nothing_to_undo"
        )
    target.check_usable()
    options = {"undoes": str(undone.pk), "external_blog_id": post.external_blog_id, "force": force}
    return _start(post, by=by, target=target, action=Publication.Action.UNDO, options=options)


@transaction.atomic
def unpublish(*, post: BlogPost, by: User) -> Publication:
    """Begin an attempt that makes the post a draft on its site and here. Raises Conflict unless it is published, and if the
    connection can't be used."""
    post = _lock(post)
    _check_status(post, (Status.PUBLISHED,), "unpublished")
    target = targets.standing(post)
    if target is None:
        raise Conflict(
            _("The connection used to publish it was deleted. Connect the site again."), code="connection_gone"
        )
    target.check_usable()
    options = {"external_blog_id": post.external_blog_id}
    return _start(post, by=by, target=target, action=Publication.Action.UNPUBLISH, options=options)


@transaction.atomic
def schedule(
    *, post: BlogPost, target: PublicationTarget, at: datetime, wp_status: str = "publish", by: User | None = None
) -> BlogPost:
    """Have beat publish the post within a minute of `at`, as `wp_status` says. May be repeated until then: the new time,
    place and status apply. A site that knows published posts and drafts alone gets a draft for any other status."""
    if at <= timezone.now():
        raise InvalidInput.at("#/scheduled_at", _("Choose a time in the future."), "not_in_the_future")
    at = min(at, LAST_MOMENT)
    post = _lock(post)
    post.project.check_live()
    _check_status(post, SCHEDULABLE, "scheduled")
    _check_text(post)
    in_place.check_status(post, target, wp_status)
    post.status, post.scheduled_at, post.last_error = Status.SCHEDULED, at, ""
    post.scheduled_as = site_status(target, wp_status)
    target.take(post)
    post.save()
    _record_approval(post, target, by)
    return post


@transaction.atomic
def unschedule(*, post: BlogPost) -> BlogPost:
    post = _lock(post)
    _check_status(post, (Status.SCHEDULED,), "unscheduled")
    post.status, post.scheduled_at = Status.DRAFT, None
    post.save(update_fields=["status", "scheduled_at", "updated_at"])
    return post


def unschedule_missed() -> None:
    """Posts whose time comes while their project is in the trash are drafts again: whoever brings a project back after
    months does not publish its old offers."""
    missed = BlogPost.objects.filter(
        status=Status.SCHEDULED, scheduled_at__lte=timezone.now(), project__deleted_at__isnull=False
    )
    missed.update(
        status=Status.DRAFT, scheduled_at=None, updated_at=timezone.now(), **messages.columns(last_error=IN_TRASH)
    )


@transaction.atomic
def publish_due(post_id: UUID) -> Publication | None:
    """Begin to publish one post that is due. Returns None when it was rescheduled, unscheduled or begun meanwhile."""
    due = BlogPost.objects.filter(pk=post_id, status=Status.SCHEDULED, scheduled_at__lte=timezone.now())
    if not due.select_for_update(no_key=True, skip_locked=True).exists():
        return None
    post = BlogPost.objects.select_related(*RELATED).get(pk=post_id)
    if post.blog_connection is None and post.store_connection is None:
        due.update(status=Status.DRAFT, scheduled_at=None, **messages.columns(last_error=NO_PLACE))
        return None
    target = PublicationTarget(
        post.blog_connection, post.store_connection if not post.blog_connection_id else None, post.external_blog_id
    )
    options = {"wp_status": post.scheduled_as, "external_blog_id": post.external_blog_id, "scheduled": True}
    return _start(post, by=post.created_by, target=target, action=Publication.Action.PUBLISH, options=options)


@transaction.atomic
def take_up(publication_id: UUID) -> Publication | None:
    """Give a new job to an attempt in doubt whose job has ended or is gone. The job looks the post up on the site.
    Returns None when another worker has done so meanwhile."""
    rows = Publication.objects.select_for_update(no_key=True, of=("self",), skip_locked=True).orphaned()
    publication = (
        rows.select_related("post__organization", "post__project", "job__created_by").filter(pk=publication_id).first()
    )
    if publication is None:
        return None
    job.give(publication, by=publication.job.created_by if publication.job else None)
    publication.save(update_fields=["job"])
    BlogPost.objects.filter(pk=publication.post_id).update(job=publication.job)
    log.info("attempt in doubt taken up", publication_id=str(publication.pk))
    return publication


def look_now(post: BlogPost) -> bool:
    """Have an attempt in doubt looked up on its site at once instead of at its next turn. May be repeated. Returns
    whether a look-up was begun."""
    publication = Publication.objects.in_doubt().filter(post=post).select_related("job").first()
    if publication is None:
        return False
    if publication.job is None or publication.job.ended:
        return take_up(publication.pk) is not None
    return jobs.hurry(publication.job)


def _record_approval(post: BlogPost, target: PublicationTarget, by: User | None) -> None:
    if target.provenance != Provenance.OFF:
        provenance.record_approval(post, by=by)


def _lock(post: BlogPost) -> BlogPost:
    """Lock and reread the row, so that two requests about one post take turns."""
    return BlogPost.objects.locked(post.pk, *RELATED)


def site_status(target: PublicationTarget, wp_status: str, *, shopify_published: bool = True) -> str:
    """What the post becomes there: a place that knows published posts and drafts alone has a draft for all else."""
    as_draft = not shopify_published or wp_status != "publish"
    return "draft" if as_draft and _only_published_or_draft(target) else wp_status


def _only_published_or_draft(target: PublicationTarget) -> bool:
    publisher = target.platform.publisher
    return publisher is not None and publisher.only_published_or_draft


def _check_status(post: BlogPost, allowed: tuple[str, ...], verb: str) -> None:
    if post.status in allowed:
        return
    busy = post.status in (Status.GENERATING, Status.PUBLISHING)
    raise Conflict(
        _("A post with the status “{post}” can't be {verb}.", post=post.status, verb=verb),
        code="post_is_busy" if busy else "status_not_allowed",
        status_now=post.status,
    )


def _check_text(post: BlogPost) -> None:
    if not post.content.strip() or not (post.title or post.topic).strip():
        raise Conflict(_("The post has no text to publish yet."), code="post_is_empty")


def _start(post: BlogPost, *, by: User | None, target: PublicationTarget, action: str, options: Json) -> Publication:
    publication = Publication(
        organization_id=post.organization_id,
        post=post,
        action=action,
        blog_connection=target.blog_connection,
        store_connection=target.store_connection,
        options=options,
        status_before=post.status,
    )
    job.give(publication, by=by)
    publication.save(force_insert=True)
    post.status, post.job, post.last_error = Status.PUBLISHING, publication.job, ""
    post.save(update_fields=["status", "job", "last_error", "last_error_values", "updated_at"])
    return publication
