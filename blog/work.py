"""The job `blog_generation`: a post to be written, an image to be made for one, or a text for one."""

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
