"""The jobs of posts: how they are made, and what the payloads of `blog_generation` jobs share."""

from dataclasses import dataclass

from accounts.models import User
from blog.models import BlogPost
from scribe import jobs
from scribe.jobs.payload import Payload
from scribe.models import Job


@dataclass(frozen=True, kw_only=True)
class WorkPayload(Payload):
    """The part that all these jobs share. `work` names the task: write a post, make an image or suggest an alt text."""

    work: str = ""


def job_of(post: BlogPost, asked: Payload, *, by: User | None, total: int = 1) -> Job:
    published = not isinstance(asked, WorkPayload)
    return jobs.create(
        job_type=Job.Type.BLOG_PUBLISH if published else Job.Type.BLOG_GENERATION,
        organization=post.organization,
        project=post.project,
        created_by=by,
        payload=asked.as_dict(),
        total=total,
    )


def title_of(post: BlogPost) -> str:
    """The name of `post` in a notice."""
    return (post.title or post.topic)[:120]
