"""Alternative texts are suggested by a job; this starts it. What it does is in `blog/alt_text_jobs.py`."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from billing import holds, prices
from billing.access import check_can_spend
from blog.models import BlogImage, BlogPost
from blog.writing.starting import settings_of
from integrations.ai import tokens
from scribe import jobs
from scribe.models import Job

SECONDS = 60
ANSWER_TOKENS = 200


@transaction.atomic
def suggest(*, image: BlogImage, post: BlogPost, by: Any) -> Job:
    """A job that suggests a text and stores nothing: its result has `alt_text`. The price of the call is set aside."""
    check_can_spend(post.organization)
    settings = settings_of(post)
    count = tokens.images(1 if settings.sees else 0) + 400 + ANSWER_TOKENS
    most = prices.xct(count * 2, settings, prices.rate_multiplier(post.organization))
    job = jobs.create(
        job_type=Job.Type.BLOG_GENERATION,
        organization=post.organization,
        project=post.project,
        created_by=by,
        payload={
            "work": "alt_text",
            "post_id": str(post.pk),
            "image_id": str(image.pk),
            "settings": settings.as_dict(),
            "quoted_max": str(most),
        },
        total=1,
    )
    if most > 0:
        holds.place(organization=post.organization, amount=most, job=job, key=f"alt_text:{job.pk}")
    return job
