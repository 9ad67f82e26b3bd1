"""The job that deletes a large source, all that a project contains, or a project in the trash, some rows at a time."""

from projects import lifecycle, removal, sources
from projects.models import DataSource, Project
from projects.removal import RemovalPayload
from scribe.jobs import Failed, Run, TryAgain
from scribe.messages import _
from scribe.models import JobEvent


def run(run: Run) -> None:
    """May be killed at any line: the next worker deletes what is left. `result`: `items_deleted`, `sources_deleted`."""
    project = run.job.project
    if project is None:
        raise Failed(_("The project is gone."), code="project_gone")
    asked = RemovalPayload.of(run.job)
    rows = DataSource.objects.of(project.organization_id)
    source = rows.filter(pk=asked.source_id).first() if asked.source_id else None
    if source is not None and not run.result:
        with run.settling():
            sources.hand_over(source)
            run.result["items_deleted"] = 0
            run.advance(0, total=asked.items(project).count())
    while _delete_some(run, project, asked):
        run.check()
        if run.should_yield():
            raise TryAgain
    with run.settling() as job:
        if asked.whole:
            job.project = None  # it stays as one of the organization's
            job.save(update_fields=["project"])
            lifecycle.remove(project)
        elif not asked.source_id:
            run.result["sources_deleted"] = lifecycle.clear(project)
        elif source is not None:
            sources.remove(source)


def _delete_some(run: Run, project: Project, asked: RemovalPayload) -> bool:
    """Whether there was something left."""
    with run.settling() as job:
        gone = removal.some(asked.items(project))
        run.result["items_deleted"] = run.result.get("items_deleted", 0) + gone
        run.advance(gone)
        if gone or not asked.whole:
            return bool(gone)
        events = removal.events_of(project).exclude(job=job)
        ids = list(events.order_by("pk").values_list("pk", flat=True)[: removal.BATCH])
        JobEvent.objects.filter(pk__in=ids).delete()
        return bool(ids)
