"""Start the job that suggests an alternative text. `blog/alt_text_job.py` runs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction

from billing import prices
from billing.access import check_can_spend
from blog.models import BlogImage, BlogPost
from blog.payload import WorkPayload
from blog.writing.settings import settings_of
from integrations.ai import tokens
from scribe import jobs
from scribe.models import Job
from writing import bill
from writing import settings as writing
from writing.settings import WritingSettings

SECONDS = 60
ANSWER_TOKENS = 200


@dataclass(frozen=True, kw_only=True)
class AltTextPayload(WorkPayload):
    """`quoted_max` in XCT."""

    work: str = "alt_text"
    post_id: str
    image_id: str
    settings: WritingSettings = field(metadata={"load": writing.from_dict})
    quoted_max: Decimal = field(metadata={"load": Decimal})


class AltTextPrice(NamedTuple):
    """The price of a suggestion in XCT."""

    expected: Decimal
    most: Decimal


def quoted(post: BlogPost, settings: WritingSettings) -> AltTextPrice:
    count = tokens.images(1 if settings.sees else 0) + 400 + ANSWER_TOKENS
    rate = prices.rate_multiplier(post.organization)
    return AltTextPrice(prices.xct(count, settings, rate), prices.xct(count * 2, settings, rate))


@transaction.atomic
def suggest(*, image: BlogImage, post: BlogPost, by: Any) -> Job:
    """Create a job with the suggested text as `alt_text` of its result. Sets the price of the call aside."""
    post.project.check_live()
    check_can_spend(post.organization)
    settings = settings_of(post)
    price = quoted(post, settings)
    job = jobs.create(
        job_type=Job.Type.BLOG_GENERATION,
        organization=post.organization,
        project=post.project,
        created_by=by,
        payload=AltTextPayload(
            post_id=str(post.pk), image_id=str(image.pk), settings=settings, quoted_max=price.most
        ).as_dict(),
        total=1,
    )
    bill.set_aside(job, expected=price.expected, most=price.most)
    return job
