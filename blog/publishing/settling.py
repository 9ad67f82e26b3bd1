"""What came of an attempt, saved in one transaction with the job's events. A worker that lost its lease saves nothing."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from blog.models import BlogPost, Publication
from blog.publishing.starting import _point_at as point_at
from blog.publishing.targets import PublicationTarget
from integrations.stores.posts import RemotePost
from scribe.jobs import Run

Status = BlogPost.Status
State = Publication.State


def note(run: Run, publication: Publication, **changes: Any) -> None:
    """Save the state of the attempt."""
    with run.settling():
        for field, value in changes.items():
            setattr(publication, field, value)
        publication.save(update_fields=list(changes))


def confirm(run: Run, publication: Publication, target: PublicationTarget, remote: RemotePost | None) -> None:
    """The site has it. `remote` is None when an unpublished post turned out to be gone there."""
    now = timezone.now()
    with run.settling():
        post = BlogPost.objects.locked(publication.post_id, "blog_connection", "store_connection")
        publication.state, publication.confirmed_at = State.CONFIRMED, now
        publication.error = publication.error_code = ""
        if remote is not None:
            publication.remote_id, publication.remote_url = remote.id, remote.url[:2048]
        publication.save()
        if publication.action == Publication.Action.UNPUBLISH:
            _taken_down(post, remote)
        else:
            assert remote is not None
            _put_up(post, publication, target, remote)
            post.metadata = {**(post.metadata or {}), "skipped_fields": remote.skipped}
        post.last_error = ""
        post.save()
        run.result.update({"succeeded": 1, "post_id": str(post.pk), "status": post.status, "url": post.published_url})
        if remote is not None and remote.skipped:
            run.result["skipped_fields"] = remote.skipped
        told = {"skipped_fields": remote.skipped} if remote is not None and remote.skipped else {}
        run.emit("item", {"post_id": str(post.pk), "status": post.status, "url": post.published_url, **told})
        run.advance(1)
    publication.post = post


def _put_up(post: BlogPost, publication: Publication, target: PublicationTarget, remote: RemotePost) -> None:
    point_at(post, target)
    target.keep_remote_id(post, remote.id)
    is_live = remote.status in ("publish", "private")
    post.status = Status.PUBLISHED if is_live else Status.DRAFT
    post.published_url = remote.url[:2048] if is_live else ""
    if is_live:
        post.published_at = post.published_at or timezone.now()
    post.scheduled_at = None
    post.unpublished_changes = False


def _taken_down(post: BlogPost, remote: RemotePost | None) -> None:
    post.status, post.published_url, post.published_at = Status.DRAFT, "", None
    if remote is None:
        post.wp_post_id, post.external_post_id = None, ""


def fail(run: Run, publication: Publication, *, reason: str, code: str) -> None:
    """The attempt is over. A post that could not be unpublished is still published; any other is failed."""
    with run.settling():
        publication.state, publication.error, publication.error_code = State.FAILED, reason, code
        publication.save(update_fields=["state", "error", "error_code"])
        kept = publication.action == Publication.Action.UNPUBLISH
        BlogPost.objects.filter(pk=publication.post_id, status=Status.PUBLISHING).update(
            status=Status.PUBLISHED if kept else Status.FAILED, last_error=reason, scheduled_at=None
        )
        run.result.update({"failed": 1, "post_id": str(publication.post_id)})
        run.emit("item_failed", {"post_id": str(publication.post_id), "code": code, "reason": reason})
        run.advance(1)
