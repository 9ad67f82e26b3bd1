"""The job `blog_generation`: write a post, make an image for a post, or suggest an image's alternative text."""

from __future__ import annotations

from blog import alt_text_job, image_jobs
from blog.payload import WorkPayload
from blog.writing import post
from scribe.jobs import Run

KINDS = {
    "post": post.write,
    "stock_image": image_jobs.take_stock,
    "ai_image": image_jobs.make,
    "alt_text": alt_text_job.write,
}


def run(run: Run) -> None:
    KINDS[WorkPayload.of(run.job).work](run)
