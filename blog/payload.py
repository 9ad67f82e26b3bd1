"""What the jobs of `blog_generation` are asked."""

from __future__ import annotations

from dataclasses import dataclass

from scribe.jobs.payload import Payload


@dataclass(frozen=True, kw_only=True)
class WorkPayload(Payload):
    """The part that all of them have: `work` tells a post to be written, an image to be made and an alternative text apart."""

    work: str = ""
