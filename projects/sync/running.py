"""The sync job, for a push and for an undo."""

from __future__ import annotations

from accounts import notifications
from projects import lifecycle
from projects.models import Project
from projects.store_work import connection_of, pausing, placement_of, store_of
from projects.sync import history
from projects.sync.desk import Desk
from projects.sync.pipeline import Pipeline
from projects.sync.push import Pushing
from projects.sync.undo import Undoing
from scribe.jobs import Run
from scribe.models import Job


def run(run: Run) -> None:
    """Write what is left. `result`: `synced`, `unchanged`, `failed` (conflicts among them), `conflicts`, or `undone`."""
    project = Project.objects.select_related("organization").get(pk=run.job.project_id)
    connection = connection_of(project)
    store = store_of(project, connection, pause=pausing(run))
    undoing = run.payload.get("undo_of") or run.payload.get("record_ids")
    desk: Desk = (Undoing if undoing else Pushing)(run, store, connection, placement_of(project))
    Pipeline(run, store, connection, desk).work()
    desk.tidy()


def close(job: Job) -> None:
    """In the transaction that ends the job: close its history, and see where the project stands."""
    history.close(job)
    lifecycle.refresh_status(job.project_id)


def tell(job: Job) -> None:
    """After the job's end: a notice, unless somebody pushed a single item and is looking at it."""
    if job.status == Job.Status.CANCELLED or job.payload.get("single"):
        return
    name = job.project.name if job.project else "your project"
    result = job.result
    done = int(result.get("synced") or 0) + int(result.get("undone") or 0)
    verb = "put back" if job.payload.get("undo_of") else "pushed"
    if job.status == Job.Status.FAILED:
        title = f"The sync of {name} failed"
        body = job.error or "No item could be written. The history of each says why."
    else:
        title = f"{done} items of {name} were {verb}"
        body = (
            f"{done} {verb}, {result.get('failed', 0)} not, {result.get('conflicts', 0)} of them changed in the store."
        )
    notifications.job_ended(job, title=title, body=body)
