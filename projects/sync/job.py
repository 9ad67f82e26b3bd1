"""The sync job, for a push and for an undo: its start, run and end. A request is checked before its job is created."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts import notifications
from projects import lifecycle
from projects.models import ContentItem, Project, SyncRecord
from projects.store_work import connection_of, pausing, placement_of, store_of
from projects.sync import history
from projects.sync.desk import Desk
from projects.sync.payload import SyncPayload
from projects.sync.pipeline import Pipeline
from projects.sync.push import PUSHABLE, PushDesk, chosen
from projects.sync.tongues import Tongues
from projects.sync.undo import UndoDesk
from scribe import jobs
from scribe.errors import Conflict, InvalidInput
from scribe.jobs import Run
from scribe.models import Job

MODES = ("pending", "all", "selected")
MAIN = ""  # the project's main language, in a list of languages


def start(
    *,
    project: Project,
    by: Any,
    mode: str,
    items: list[ContentItem] | None = None,
    force: bool = False,
    leave_unrestorable: bool = False,
    single: bool = False,
    languages: Sequence[str] = (MAIN,),
) -> Job:
    """The queued push of texts in these languages (`MAIN` is the project's main one), which goes first.

    `items` are those of mode `selected`; texts in further languages go by their items' ids or by their own. Raises Conflict
    `not_approved` for an unapproved one, and where the items have no approved text in any of the languages.
    """
    connection_of(project)
    spoken = sorted(set(languages), key=lambda code: (code != MAIN, languages.index(code)))
    ids = [str(item.pk) for item in items or []]
    if mode == "selected":
        check_approved([item for item in items or [] if MAIN in spoken or item.language], some=bool(ids))
    total = sum(chosen(project.pk, code, mode, ids).count() for code in spoken)
    if mode == "selected" and not total:
        raise Conflict("None of the items has an approved text in these languages.", code="not_approved", ids=ids[:100])
    payload = SyncPayload(
        mode=mode,
        item_ids=ids,
        languages=spoken,
        force=force,
        leave_unrestorable=leave_unrestorable,
        single=single and mode == "selected",
    )
    return _create(project, payload, by, total)


def _create(project: Project, payload: SyncPayload, by: Any, total: int) -> Job:
    return jobs.create(
        job_type=Job.Type.SYNC,
        organization=project.organization,
        project=project,
        created_by=by,
        payload=payload.as_dict(),
        total=total,
    )


def check_approved(items: Sequence[ContentItem], *, some: bool) -> None:
    """Raises InvalidInput unless `some` items were named, and Conflict `not_approved` for one that may not be pushed."""
    if not some:
        raise InvalidInput.at("#/item_ids", "Name the items to sync.", "required")
    wrong = [item for item in items if item.status not in PUSHABLE or item.excluded_at or item.item_type == "variant"]
    if wrong:
        raise Conflict(
            "Only approved items can be synced.",
            code="not_approved",
            ids=[str(item.pk) for item in wrong[:100]],
            statuses=sorted({item.status for item in wrong}),
        )


def undo_item(*, project: Project, item: ContentItem, by: Any, force: bool = False) -> Job:
    """Put back what the item's last push replaced. Raises Conflict `nothing_to_undo` if there is no such push."""
    connection_of(project)
    record = SyncRecord.objects.pushed().filter(item=item).order_by("-created_at").first()
    if record is None:
        raise Conflict("There is no push of this item to undo.", code="nothing_to_undo")
    return _create(project, SyncPayload(record_ids=[str(record.pk)], force=force, single=True), by, 1)


def undo_job(*, job: Job, by: Any, force: bool = False) -> Job:
    """Put back what a whole sync replaced. Raises Conflict `not_a_sync` or `nothing_to_undo`."""
    if job.job_type != Job.Type.SYNC or job.project is None or SyncPayload.of(job).undoes:
        raise Conflict("Only a sync can be undone.", code="not_a_sync")
    if not job.ended:
        raise Conflict("The sync has not ended yet.", code="job_active", job_id=str(job.pk))
    connection_of(job.project)
    total = SyncRecord.objects.pushed().filter(job=job).count()
    if not total:
        raise Conflict("Nothing of this sync is left to undo.", code="nothing_to_undo")
    return _create(job.project, SyncPayload(undo_of=str(job.pk), force=force), by, total)


def run(run: Run) -> None:
    """Write the items left. `result`: `synced` (of an undo `undone`), `unchanged`, `failed` (with conflicts), `conflicts`;
    under `languages` the same of each further language, and `refused`, the reason why the shop takes none of its texts."""
    project = Project.objects.select_related("organization").get(pk=run.job.project_id)
    connection = connection_of(project)
    store = store_of(project, connection, pause=pausing(run))
    placement = placement_of(project)
    kind: type[Desk] = UndoDesk if SyncPayload.of(run.job).undoes else PushDesk
    languages = _languages(run.job)
    tongues = Tongues(store, connection, project)
    for language in languages:
        if language == MAIN:
            Pipeline(run, store, connection, kind(run, store, connection, placement)).work()
        else:
            tongues.work(run, language, lambda texts, code=language: kind(run, texts, connection, placement, code))
    if MAIN in languages:
        kind(run, store, connection, placement).tidy()
    tongues.end(run, languages)


def _languages(job: Job) -> list[str]:
    """The languages of a job in the order of their work. A push begins with the main one, which translations refer to; an
    undo ends with it, since a shop keeps no translation of a text that is gone."""
    payload = SyncPayload.of(job)
    if not payload.undoes:
        return payload.languages
    undone = SyncRecord.objects.filter(item__project_id=job.project_id)
    undone = undone.filter(pk__in=payload.record_ids) if payload.record_ids else undone.filter(job_id=payload.undo_of)
    spoken = undone.order_by().values_list("item__language", flat=True).distinct()
    return sorted(spoken, key=lambda code: (code == MAIN, code))


def close(job: Job) -> None:
    """Close the job's records and refresh the project's status. Call it in the transaction that ends the job."""
    history.close(job)
    lifecycle.refresh_status(job.project_id)


def tell(job: Job) -> None:
    """Send a notice after the job's end, unless somebody pushed a single item and waits for it."""
    payload = SyncPayload.of(job)
    if job.status == Job.Status.CANCELLED or payload.single:
        return
    name = job.project.name if job.project else "your project"
    result = job.result
    done = int(result.get("synced") or 0) + int(result.get("undone") or 0)
    verb = "put back" if payload.undoes else "pushed"
    if job.status == Job.Status.FAILED:
        title = f"The sync of {name} failed"
        body = job.error or "No item could be written. The history of each says why."
    else:
        title = f"{done} items of {name} were {verb}"
        body = (
            f"{done} {verb}, {result.get('failed', 0)} not, {result.get('conflicts', 0)} of them changed in the store."
        )
    notifications.job_ended(job, title=title, body=body)
