"""The payload of `blog_generation` jobs."""

from __future__ import annotations

from dataclasses import dataclass

from scribe.jobs.payload import Payload


@dataclass(frozen=True, kw_only=True)
class WorkPayload(Payload):
    """The part that all these jobs share. `work` names the task: write a post, make an image or suggest an alt text."""

    work: str = ""
