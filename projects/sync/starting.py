"""Starting a sync or its undo: what is asked for is checked before a job exists."""

from __future__ import annotations

from typing import Any

from projects.models import ContentItem, Project, SyncRecord
from projects.store_work import connection_of
from scribe import jobs
from scribe.errors import Conflict, InvalidInput
from scribe.models import Job

MODES = ("pending", "all", "selected")
Status = ContentItem.Status


def start(
    *,
    project: Project,
    by: Any,
    mode: str,
    items: list[ContentItem] | None = None,
    force: bool = False,
    leave_unrestorable: bool = False,
    single: bool = False,
) -> Job:
    """The queued job. `items` are those named, for mode `selected`; an unapproved one is Conflict `not_approved`."""
    connection = connection_of(project)
    rows = ContentItem.objects.filter(project=project).writable()
    payload: dict[str, Any] = {"mode": mode, "force": force, "connection_id": str(connection.pk)}
    if leave_unrestorable:
        payload["leave_unrestorable"] = True
    if mode == "selected":
        check_approved(items or [])
        payload |= {"item_ids": [str(item.pk) for item in items or []], "single": single}
        total = len(items or [])
    elif mode == "all":
        total = rows.filter(status__in=[Status.APPROVED, Status.SYNCED]).count()
    else:
        total = rows.filter(status=Status.APPROVED).count()
    return jobs.create(
        job_type=Job.Type.SYNC,
        organization=project.organization,
        project=project,
        created_by=by,
        payload=payload,
        total=total,
    )


def check_approved(items: list[ContentItem]) -> None:
    if not items:
        raise InvalidInput.at("#/item_ids", "Name the items to sync.", "required")
    wrong = [
        item
        for item in items
        if item.status not in (Status.APPROVED, Status.SYNCED) or item.excluded_at or item.item_type == "variant"
    ]
    if wrong:
        raise Conflict(
            "Only approved items can be synced.",
            code="not_approved",
            ids=[str(item.pk) for item in wrong[:100]],
            statuses=sorted({item.status for item in wrong}),
        )


def undo_item(*, project: Project, item: ContentItem, by: Any, force: bool = False) -> Job:
    """Put back what the item's last push replaced. Conflict `nothing_to_undo` when there is none."""
    connection_of(project)
    record = SyncRecord.objects.pushed().filter(item=item).order_by("-created_at").first()
    if record is None:
        raise Conflict("There is no push of this item to undo.", code="nothing_to_undo")
    payload = {"record_ids": [str(record.pk)], "force": force, "single": True}
    return jobs.create(
        job_type=Job.Type.SYNC,
        organization=project.organization,
        project=project,
        created_by=by,
        payload=payload,
        total=1,
    )


def undo_job(*, job: Job, by: Any, force: bool = False) -> Job:
    """Put back what a whole sync replaced. Conflict `not_a_sync`, or `nothing_to_undo`."""
    if (
        job.job_type != Job.Type.SYNC
        or job.project is None
        or job.payload.get("undo_of")
        or job.payload.get("record_ids")
    ):
        raise Conflict("Only a sync can be undone.", code="not_a_sync")
    if not job.ended:
        raise Conflict("The sync has not ended yet.", code="job_active", job_id=str(job.pk))
    connection_of(job.project)
    total = SyncRecord.objects.pushed().filter(job=job).count()
    if not total:
        raise Conflict("Nothing of this sync is left to undo.", code="nothing_to_undo")
    return jobs.create(
        job_type=Job.Type.SYNC,
        organization=job.organization,
        project=job.project,
        created_by=by,
        payload={"undo_of": str(job.pk), "force": force},
        total=total,
    )
