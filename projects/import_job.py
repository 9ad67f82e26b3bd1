"""The `import` job, from a file, a store or a translators' file. All write items, so a project runs only one at a time."""

from projects import file_import
from projects.import_payload import ImportPayload
from projects.models import DataSource
from projects.store_import import job as store_import
from projects.sync.job import OUTCOMES as SYNC_OUTCOMES
from projects.translators import intake
from scribe.jobs import Failed, JobNotice, Run
from scribe.messages import Message, _
from scribe.models import Job

#: How the items of an import end, by the counters of its result.
OUTCOMES = {
    "imported": _("{number} new"),
    "updated": _("{number} changed"),
    "unchanged": SYNC_OUTCOMES["unchanged"],
    "gone": SYNC_OUTCOMES["gone"],
    "failed": SYNC_OUTCOMES["failed"],
}


def run(run: Run) -> None:
    if ImportPayload.of(run.job).translations:
        intake.run(run)
        return
    source = _source(run.job)
    if source is None:
        raise Failed(_("The source was deleted before its import started."), code="source_gone")
    if source.type == DataSource.Type.STORE:
        store_import.read(run, source)
    else:
        file_import.read(run, source)


def close(job: Job) -> None:
    """Note the outcome of the import on its source. Call it in the transaction that ends the job."""
    source = _source(job)
    if source is None:
        return
    if source.type == DataSource.Type.STORE:
        store_import.close(job, source)
    else:
        file_import.close(job, source)


def _source(job: Job) -> DataSource | None:
    rows = DataSource.objects.filter(pk=ImportPayload.of(job).source_id or None)  # type: ignore[misc]
    return rows.select_related("project__organization").first()


def outcome_texts(job: Job) -> dict[str, Message]:
    """What pages and notices say of the items that it found and missed; nothing of an import of translations."""
    if ImportPayload.of(job).translations:
        return {}
    numbers = {name: int(job.result.get(name) or 0) for name in OUTCOMES}
    return {name: OUTCOMES[name].format(number=number) for name, number in numbers.items() if number}


def end_notice(job: Job) -> JobNotice | None:
    """The notice of the import's outcome. A cancelled import sends none."""
    if job.status == Job.Status.CANCELLED:
        return None
    name = job.project.name if job.project else _("your project")
    if job.status == Job.Status.FAILED:
        return JobNotice(_("The import into {name} failed", name=name))
    if ImportPayload.of(job).translations:
        count = int(job.result.get("imported", 0))
        one = _("The translations of 1 item were imported into {name}")
        some = _("The translations of {number} items were imported into {name}")
        return JobNotice((one if count == 1 else some).format(number=count, name=name))
    told = list(outcome_texts(job).values()) or [OUTCOMES["imported"].format(number=0)]
    return JobNotice(_("Import into {name}: {outcomes}", name=name, outcomes=told))
