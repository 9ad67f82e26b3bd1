"""The `import` job, from a file, a store or a translators' file. All write items, so a project runs only one at a time."""

from projects import file_import
from projects.import_payload import ImportPayload
from projects.models import DataSource
from projects.store_import import job as store_import
from projects.translators import intake
from scribe.jobs import Failed, JobNotice, Run
from scribe.messages import _
from scribe.models import Job


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


def end_notice(job: Job) -> JobNotice | None:
    """The notice of the import's outcome. A cancelled import sends none."""
    if job.status == Job.Status.CANCELLED:
        return None
    name = job.project.name if job.project else _("your project")
    if job.status == Job.Status.FAILED:
        return JobNotice(_("The import into {name} failed", name=name))
    count = int(job.result.get("imported", 0))
    if ImportPayload.of(job).translations:
        return JobNotice(_("The translations of {number} items were imported into {name}", number=count, name=name))
    return JobNotice(_("{number} items were imported into {name}", number=count, name=name))
