"""The job `blog_generation`: a post to be written, or a picture to be made for one."""

from __future__ import annotations

from blog import picture_jobs
from blog.writing import engine
from scribe.jobs import Run

KINDS = {"post": engine.write, "stock_image": picture_jobs.take_stock, "ai_image": picture_jobs.make}


def run(run: Run) -> None:
    KINDS[run.payload["work"]](run)
