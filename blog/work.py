"""The job `blog_generation`: write a post and its translations, make an image for a post, or suggest an image's alternative
text."""

from __future__ import annotations

from blog import alt_text_job, image_jobs
from blog.payload import WorkPayload
from blog.translations import job as translations
from blog.translations import write
from blog.writing import job as writing
from blog.writing import post
from scribe.jobs import Run
from scribe.models import Job


def _post(run: Run) -> None:
    post.write(run)
    write.run(run)


KINDS = {
    "post": _post,
    "translations": write.run,
    "stock_image": image_jobs.take_stock,
    "ai_image": image_jobs.make,
    "alt_text": alt_text_job.write,
}


def run(run: Run) -> None:
    KINDS[WorkPayload.of(run.job).work](run)


def close(job: Job) -> None:
    """Release what the job held, in the transaction that ends it."""
    writing.close(job)
    translations.close(job)


def tell(job: Job) -> None:
    """Notify of the end."""
    writing.tell(job)
    translations.tell(job)
