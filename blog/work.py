"""The job `blog_generation`: a post to be written, a picture to be made for one, or a text for a picture."""

from __future__ import annotations

from blog import alt_text_jobs, picture_jobs
from blog.writing import engine
from scribe.jobs import Run

KINDS = {
    "post": engine.write,
    "stock_image": picture_jobs.take_stock,
    "ai_image": picture_jobs.make,
    "alt_text": alt_text_jobs.write,
}


def run(run: Run) -> None:
    KINDS[run.payload["work"]](run)
