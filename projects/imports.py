"""The `import` job: from a file or from a store. Both write items, so one at a time per project, whichever it is."""

from __future__ import annotations

from importlib import import_module

from accounts import notifications
from scribe.jobs import Failed, Run
from scribe.models import Job

_SOURCES = {"file": "projects.file_import", "store": "projects.store_import"}


def _module(job: Job) -> object:
    name = _SOURCES.get(str(job.payload.get("from", "store")))
    if name is None:
        raise Failed("This import has no known source.", code="unknown_source")
    return import_module(name)


def run(run: Run) -> None:
    _module(run.job).run(run)  # type: ignore[attr-defined]


def close(job: Job) -> None:
    """Inside the transaction that ends the job."""
    module = _module(job)
    if hasattr(module, "close"):
        module.close(job)


def tell(job: Job) -> None:
    """One notice about how it ended; a cancelled import needs none."""
    if job.status == Job.Status.CANCELLED:
        return
    name = job.project.name if job.project else "your project"
    if job.status == Job.Status.FAILED:
        notifications.job_ended(job, title=f"The import into {name} failed")
    else:
        notifications.job_ended(job, title=f"{int(job.result.get('imported', 0))} items were imported into {name}")
