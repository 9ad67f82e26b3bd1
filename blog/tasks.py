"""What beat does for the blog: publish what is due, and clear up what is in doubt. Both may run twice or late."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from blog.models import BlogPost, Publication
from blog.publishing import starting
from scribe import jobs
from scribe.errors import NotFound
from scribe.logs import get_logger
from scribe.models import Job

log = get_logger(__name__)

MOST_AT_ONCE = 500
ALONE = timedelta(seconds=20)  # how long an attempt in doubt may be without a job


@shared_task(queue="default")
def publish_due_posts() -> None:
    """Begin what is due: one short transaction and one job per post, so that one bad post holds up none."""
    due = BlogPost.objects.filter(
        status=BlogPost.Status.SCHEDULED, scheduled_at__lte=timezone.now(), project__deleted_at=None
    )
    for post_id in due.order_by("scheduled_at").values_list("pk", flat=True)[:MOST_AT_ONCE]:
        with suppress(NotFound):  # its project was put in the trash in this very moment
            starting.publish_due(post_id)


@shared_task(queue="default")
def reconcile_publications() -> None:
    """Take up attempts in doubt whose job has ended (cancelled, given up) or is gone: a new job looks the post up. In a
    project in the trash, where nothing works, they wait until it is taken out."""
    orphaned = Publication.objects.in_doubt().filter(
        Q(job=None) | Q(job__status__in=Job.ENDED),
        sent_at__lt=timezone.now() - ALONE,
        post__project__deleted_at=None,
    )
    for publication_id in orphaned.values_list("pk", flat=True)[:MOST_AT_ONCE]:
        with suppress(NotFound):
            _take_up(publication_id)


@transaction.atomic
def _take_up(publication_id: object) -> None:
    rows = Publication.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    publication = (
        rows.in_doubt()
        .select_related("post__organization", "post__project", "job__created_by")
        .filter(Q(job=None) | Q(job__status__in=Job.ENDED), pk=publication_id)
        .first()
    )
    if publication is None:
        return
    publication.job = jobs.create(
        job_type=Job.Type.BLOG_PUBLISH,
        organization=publication.post.organization,
        project=publication.post.project,
        created_by=publication.job.created_by if publication.job else None,
        payload={
            "post_id": str(publication.post_id),
            "publication_id": str(publication.pk),
            "action": publication.action,
        },
        total=1,
    )
    publication.save(update_fields=["job"])
    BlogPost.objects.filter(pk=publication.post_id).update(job=publication.job)
    log.info("attempt in doubt taken up", publication_id=str(publication.pk))
