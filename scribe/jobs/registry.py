"""The kinds of job: apps register theirs in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scribe.jobs.models import Job
    from scribe.jobs.running import Run


def nothing(job: Any) -> None:
    """The default for what a kind does at a job's end."""


@dataclass(frozen=True)
class Kind:
    """`run` does the work; `closing` runs inside the transaction that ends the job, `ended` after it, at least once."""

    job_type: str
    run: Callable[[Run], None]
    queue: str
    closing: Callable[[Job], None] = nothing
    ended: Callable[[Job], None] = nothing


kinds: dict[str, Kind] = {}


def register(
    job_type: str,
    *,
    run: Callable[[Run], None],
    queue: str,
    closing: Callable[[Job], None] | None = None,
    ended: Callable[[Job], None] | None = None,
) -> None:
    kinds[job_type] = Kind(job_type, run, queue, closing or nothing, ended or nothing)
