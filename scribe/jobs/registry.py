"""The kinds of job: apps register theirs in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from django.utils.module_loading import import_string

from scribe.types import Json, ModelRow

if TYPE_CHECKING:
    from scribe.jobs.models import Job
    from scribe.jobs.run import Run

R = TypeVar("R")


def nothing(job: object) -> None:
    """The default for `closing`, `notice` and `ended`: do nothing."""


@dataclass(frozen=True)
class JobNotice:
    """What people read of a job's end. `body` of a failed job is its error, unless given. `event` is the row of `EVENTS`
    (`scribe.outbox.types`) that says who gets it."""

    title: str
    body: str = ""
    data: Json = field(default_factory=dict)
    event: str = "job.finished"


def lazily(function: Callable[..., R] | str) -> Callable[..., R]:  # type: ignore[explicit-any]  # of any parameters
    """`function`, or a function that imports the one at a dotted path when called. So a web process that only creates jobs
    need not load the workers' code."""
    if not isinstance(function, str):
        return function
    path = function

    def call(*args: object) -> R:
        found: R = import_string(path)(*args)
        return found

    return call


@dataclass(frozen=True)
class JobKind:
    """`run` does the work. `closing` runs inside the transaction that ends the job. After it, `notice` says what people are
    told, None for nothing, and `ended` does what is left; both may be repeated.

    `writes_items`: only one such job at a time works on a project. `done` names the counters of successes in `result`. A job
    with failures and without successes has failed as a whole. `shared`: several workers may work on one job at a time
    (`helpers`); its rows say who has which part, and its `result` is changed inside `settling` alone. `repeatable`: its
    payload alone says what is left to do, so staff may run it again; it has no hold, rows or file that end with the job.
    """

    job_type: str
    run: Callable[[Run], None]
    queue: str
    closing: Callable[[Job], None] = nothing
    notice: Callable[[Job], JobNotice | None] = nothing
    ended: Callable[[Job], None] = nothing
    writes_items: bool = False
    done: tuple[str, ...] = ()
    shared: bool = False
    repeatable: bool = False
    path: str = ""  # the dotted path of `run`, if it is imported later

    @property
    def cuts_calls(self) -> bool:
        """Whether a call that hangs is cut while others wait. A generation has calls of models under way, which are paid
        for."""
        return self.queue != "generation"

    def outcome(self, result: Json) -> str:
        """The status in which a job with these counters ends."""
        if not result.get("failed"):
            return "completed"
        return "completed_with_errors" if any(result.get(counter) for counter in self.done) else "failed"


kinds: dict[str, JobKind] = {}
#: Dotted names of the functions that a worker calls before its first job, by the queue that it serves.
preparations: dict[str, list[str]] = {}
#: Functions that bring a job's notice to people.
notifiers: list[Callable[[Job, JobNotice], object]] = []
#: Functions that are called with a project before a job is created for it. They raise an error to forbid the job.
keepers: list[Callable[[ModelRow], None]] = []

#: Functions that are called with the organization and the type of a job before it is created. They raise an error to forbid it.
organization_keepers: list[Callable[[ModelRow, str], None]] = []


def notify_by(notifier: Callable[[Job, JobNotice], object]) -> None:
    """Have `notifier` called with each notice of a job's end, more than once if a worker dies."""
    if notifier not in notifiers:
        notifiers.append(notifier)


def keep_organizations(keeper: Callable[[ModelRow, str], None]) -> None:
    """Have `keeper(organization, job_type)` called first in the transaction that creates a job."""
    if keeper not in organization_keepers:
        organization_keepers.append(keeper)


def keep_projects(keeper: Callable[[ModelRow], None]) -> None:
    """Have `keeper(project)` called first in the transaction that creates a job for a project."""
    if keeper not in keepers:
        keepers.append(keeper)


def register(
    job_type: str,
    *,
    run: Callable[[Run], None] | str,
    queue: str,
    closing: Callable[[Job], None] | str | None = None,
    notice: Callable[[Job], JobNotice | None] | str | None = None,
    ended: Callable[[Job], None] | str | None = None,
    writes_items: bool = False,
    done: tuple[str, ...] = (),
    shared: bool = False,
    repeatable: bool = False,
) -> None:
    kinds[job_type] = JobKind(
        job_type,
        lazily(run),
        queue,
        closing=lazily(closing or nothing),
        notice=lazily(notice or nothing),
        ended=lazily(ended or nothing),
        writes_items=writes_items,
        done=done,
        shared=shared,
        repeatable=repeatable,
        path=run if isinstance(run, str) else "",
    )


def prepare(queue: str, path: str) -> None:
    """Have a worker of `queue` call the function that `path` names before its first job."""
    known = preparations.setdefault(queue, [])
    if path not in known:
        known.append(path)


def queues() -> set[str]:
    return {kind.queue for kind in kinds.values()}


def load(queues: Container[str]) -> None:
    """Import the code of the jobs of `queues`, and call the preparations."""
    for kind in kinds.values():
        if kind.path and kind.queue in queues:
            import_string(kind.path)
    for queue, paths in preparations.items():
        for path in paths if queue in queues else ():
            import_string(path)()
