"""The kinds of job: apps register theirs in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from scribe.jobs.models import Job
    from scribe.jobs.worker import Run


def nothing(job: Any) -> None:
    """The default for what a kind does at a job's end."""


def lazily(function: Callable[..., None] | str) -> Callable[..., None]:
    """`function`, or the one that a dotted path names, imported when it is first called: a web process that only creates
    jobs does not load what workers need."""
    if not isinstance(function, str):
        return function
    path = function

    def call(*args: Any) -> None:
        import_string(path)(*args)

    return call


@dataclass(frozen=True)
class Kind:
    """`run` does the work; `closing` runs inside the transaction that ends the job, `ended` after it, at least once."""

    job_type: str
    run: Callable[[Run], None]
    queue: str
    closing: Callable[[Job], None] = nothing
    ended: Callable[[Job], None] = nothing
    path: str = ""  # where `run` is, if it is not loaded yet


kinds: dict[str, Kind] = {}


def register(
    job_type: str,
    *,
    run: Callable[[Run], None] | str,
    queue: str,
    closing: Callable[[Job], None] | str | None = None,
    ended: Callable[[Job], None] | str | None = None,
) -> None:
    path = run if isinstance(run, str) else ""
    kinds[job_type] = Kind(job_type, lazily(run), queue, lazily(closing or nothing), lazily(ended or nothing), path)


def load(queues: Container[str]) -> None:
    """Import what works on the jobs of `queues`."""
    for kind in kinds.values():
        if kind.path and kind.queue in queues:
            import_string(kind.path)
