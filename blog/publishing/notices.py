"""What programs and people are told of a post that is live."""

from collections.abc import Mapping

from accounts import notifications
from blog.models import BlogPost
from blog.payload import title_of
from scribe.jobs.models import Job
from scribe.messages import _, join


def after_publishing(post: BlogPost, job: Job, *, skipped: Mapping[str, str]) -> None:
    """Tell that the post is live, in the transaction that confirms it: its address, and a line for each field that the
    site did not take."""
    left_out = [
        _("Not published: {part}. {reason}", part=field.replace("_", " "), reason=why) for field, why in skipped.items()
    ]
    more = {"project_id": post.project_id, "job_id": job.pk, "url": post.published_url, "language": post.language}
    notifications.notify(
        organization=job.organization,
        event="post.published",
        objects={post.pk: more},
        title=_("“{name}” is published", name=title_of(post)),
        body=join([post.published_url, *left_out], by="\n"),
        project_id=job.project_id,
        job_id=job.pk,
        data={"post_id": str(post.pk)},
        users=[job.created_by] if job.created_by and job.created_by.is_active else None,
        key=f"job-ended:{job.pk}",
        is_test=job.is_test,
    )
