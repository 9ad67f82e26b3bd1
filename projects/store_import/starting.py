"""Starting an import from the project's store."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from projects.models import DataSource, Project
from projects.store_import import filters
from projects.store_work import connection_of, store_of
from scribe import jobs
from scribe.models import Job


def start(*, project: Project, given: dict[str, Any], by: Any) -> tuple[Job, int]:
    """The queued job and how many pages it is about to read. Asks the store for a count first, so that a shut door shows."""
    connection = connection_of(project)
    chosen = filters.checked(store_of(project, connection), given)
    seen = filters.preview(project=project, given=given)
    with transaction.atomic():
        job = jobs.create(
            job_type=Job.Type.IMPORT,
            organization=project.organization,
            project=project,
            created_by=by,
            payload={"from": "store", "filters": dict(chosen), "connection_id": str(connection.pk)},
            total=seen["count"],
        )
        # The job above is the only writer of this project's items, so no second source can be made at once.
        source = DataSource.objects.filter(
            project=project, type=DataSource.Type.STORE, config__connection_id=str(connection.pk)
        ).first()
        if source is None:
            source = DataSource(organization_id=project.organization_id, project=project, type=DataSource.Type.STORE)
        source.name = connection.name
        source.config = {
            "connection_id": str(connection.pk),
            "base_url": connection.base_url,
            "filters": dict(chosen),
            "job_id": str(job.pk),
        }
        source.status, source.error_message = DataSource.Status.PROCESSING, ""
        source.save()
        job.payload["source_id"] = str(source.pk)
        job.save(update_fields=["payload"])
    return job, seen["batches"]
