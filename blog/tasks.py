"""Beat's tasks for the blog: publish due posts, and take up attempts in doubt. Both may run twice or late."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from blog.models import BlogPost, Publication
from blog.publishing import publication
from scribe.unforeseen import keep_going

MOST_AT_ONCE = 500
ALONE = timedelta(seconds=20)  # how long an attempt in doubt may be without a job


@shared_task(queue="default")
def publish_due_posts() -> None:
    """Begin to publish due posts, in one short transaction and one job each: a bad post does not stop the others."""
    publication.unschedule_missed()
    due = BlogPost.objects.filter(
        status=BlogPost.Status.SCHEDULED,
        scheduled_at__lte=timezone.now(),
        project__deleted_at=None,
        organization__suspended_at=None,
    )
    for post_id in due.order_by("scheduled_at").values_list("pk", flat=True)[:MOST_AT_ONCE]:
        with keep_going("a due post could not be published", post_id=str(post_id)):
            publication.publish_due(post_id)


@shared_task(queue="default")
def reconcile_publications() -> None:
    """Give a new job to attempts in doubt whose job has ended (cancelled, given up) or is gone. It looks the post up.
    While their project is in the trash or their organization is suspended, they wait."""
    orphaned = Publication.objects.orphaned().filter(
        sent_at__lt=timezone.now() - ALONE,
        post__project__deleted_at=None,
        organization__suspended_at=None,
    )
    for publication_id in orphaned.values_list("pk", flat=True)[:MOST_AT_ONCE]:
        with keep_going("an attempt in doubt could not be taken up", publication_id=str(publication_id)):
            publication.take_up(publication_id)
