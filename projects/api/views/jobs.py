"""Jobs: list, create, read, follow and cancel them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from projects.api.serializers.generation import GenerationRequest
from projects.api.serializers.jobs import (
    JobCreated,
    JobCreation,
    JobListItem,
    JobListQuery,
    JobReplyBody,
    listed,
    shown,
)
from projects.generation import job as generation
from projects.models import ContentItem, Project
from projects.project_views import ProjectViewSet
from scribe import jobs, spending_limit
from scribe.api.pagination import page_of
from scribe.api.problems import pointers
from scribe.api.schema import EventStream, ListOf, operation
from scribe.api.streams import JobStream, last_event_id
from scribe.api.views import ScribeViewSet
from scribe.errors import InvalidInput
from scribe.jobs import events
from scribe.models import Job

MOST_LISTED = 50


class ProjectJobViewSet(ProjectViewSet):
    @operation(
        tag="jobs",
        scope="jobs:read",
        summary="List project jobs",
        description="The 50 most recent jobs of a project, newest first.",
        parameters=[JobListQuery],
        responses={200: ListOf(JobListItem)},
        errors=(400, 404),
    )
    def list(self, request: Any, project_id: str) -> HttpResponse:
        project = self.project()
        query = self.query(JobListQuery)
        rows = Job.objects.visible_to(request.user).filter(project=project).order_by("-created_at")
        if "status" in query:
            rows = rows.filter(status=query["status"])
        limit, offset = page_of(request)
        total = rows.count() if limit is not None else None
        page = rows[offset : offset + (limit or MOST_LISTED)]
        response = Response([listed(job) for job in page])
        if total is not None:
            response["X-Total-Count"] = str(total)
        return response

    @operation(
        tag="jobs",
        scope="generation:write",
        support=True,
        summary="Create background job",
        description="Queues a generation, a regeneration or a sync. The XCT for its quoted maximum are set aside first.",
        request=JobCreation,
        responses={201: JobCreated},
        errors=(400, 402, 404, 409),
    )
    def create(self, request: Any, project_id: str) -> Response:
        project = self.project()
        body = self.body(JobCreation)
        payload = body.get("payload") or {}
        job = self.start(project, body["job_type"], payload)
        return Response({"job_id": str(job.pk), "status": job.status}, status=201)

    def start(self, project: Project, job_type: str, payload: dict[str, Any]) -> Job:
        if job_type in (Job.Type.GENERATION, Job.Type.REGENERATION):
            return self.start_generation(project, job_type, payload)
        if job_type == Job.Type.SYNC:
            self.check_scope("sync:write")
            from projects.api.views.sync import start_sync

            return start_sync(self, project, payload)
        raise InvalidInput.at("#/job_type", "Jobs of this type are not started here.", "unknown_job_type")

    def start_generation(self, project: Project, job_type: str, payload: dict[str, Any]) -> Job:
        serializer = GenerationRequest(data=payload)
        if not serializer.is_valid():
            raise InvalidInput(errors=pointers(serializer.errors, "#/payload"))
        request = dict(serializer.validated_data)
        spending_limit.limit(request.pop("max_xct", None))
        named = request.pop("item_ids", None)
        rows = ContentItem.objects.filter(project=project).only("pk")
        again = job_type == Job.Type.REGENERATION
        selection = request.pop("selection", generation.ALL if again else generation.PENDING)
        return generation.start(
            project=project,
            by=self.request.user,
            request=request,
            selection=selection,
            item_ids=None if named is None else [i.pk for i in self.rows(rows, named, "#/payload/item_ids")],
            job_type=job_type,
            reset=again,
        )


class JobViewSet(ScribeViewSet):
    def job(self, job_id: str) -> Job:
        return self.row(Job.objects.select_related("project"), job_id)

    @operation(
        tag="jobs",
        scope="jobs:read",
        summary="Get job status",
        description="Progress, last events and totals of a job.",
        responses={200: JobReplyBody},
        errors=(404,),
    )
    def retrieve(self, request: Any, job_id: str) -> Response:
        return Response(shown(self.job(job_id)))

    @operation(
        tag="jobs",
        scope="jobs:write",
        support=True,
        summary="Cancel a job",
        description="Ends a queued or running job at once. What it had settled stays; the rest costs nothing.",
        responses={200: JobReplyBody},
        errors=(404, 409),
    )
    def cancel(self, request: Any, job_id: str) -> Response:
        return Response(shown(jobs.cancel(self.job(job_id), by=request.user)))


class JobStreamViewSet(JobViewSet):
    @operation(
        tag="jobs",
        scope="jobs:read",
        summary="Follow a job",
        description="Replays the events of any job and follows it to its end; after its end the stream is its replay. "
        "204 when the job has ended and nothing follows `Last-Event-ID`: a browser's `EventSource` then stops asking.",
        responses={200: EventStream, 204: None},
        errors=(404,),
    )
    def stream(self, request: Any, job_id: str) -> HttpResponse:
        job = self.job(job_id)
        after = min(last_event_id(request), job.event_count)
        if events.left(job.pk, after)[1]:
            return Response(status=204)
        return JobStream(job, after=after)
