"""Jobs: list, create, read, follow and cancel them."""

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.response import Response

from projects.api.serializers.generation import GenerationRequest
from projects.generation import job as generation
from projects.models import ContentItem, Project
from projects.project_views import ProjectViewSet
from scribe import jobs, spending_limit
from scribe.api.fields import AnyJSON, Choice, FreeObject, UtcDateTime
from scribe.api.pagination import bare_array, page_of, sparse
from scribe.api.problems import pointers
from scribe.api.schema import EventStream, ListOf, operation
from scribe.api.serializers import Reply, Request
from scribe.api.streams import JobStream, last_event_id
from scribe.api.views import ScribeViewSet, SignedInRequest
from scribe.errors import InvalidInput
from scribe.jobs import events
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json


class JobListQuery(Request):
    status = Choice(choices=Job.Status.choices, required=False, help_text="Only jobs in this status.")


class JobListItem(Reply):
    id = serializers.CharField()
    job_type = serializers.CharField()
    status = serializers.CharField()
    progress_current = serializers.IntegerField()
    progress_total = serializers.IntegerField()
    created_at = UtcDateTime()
    started_at = UtcDateTime(allow_null=True)
    completed_at = UtcDateTime(allow_null=True)
    error = serializers.CharField(allow_blank=True)
    is_test = serializers.BooleanField(
        help_text="A test job: it costs nothing and never contacts stores or AI providers."
    )


class JobReplyBody(JobListItem):
    """A job with its last 50 events and its totals."""

    progress_detail = serializers.ListField(child=AnyJSON(), help_text="The last 50 events, oldest first.")
    result = FreeObject()
    project_id = serializers.CharField(allow_null=True)


class JobCreation(Request):
    job_type = serializers.CharField(max_length=20, help_text="`generation`, `regeneration` or `sync`.")
    payload = FreeObject(
        required=False,
        help_text="For generations the body of `/generate`; for `sync` `{mode, item_ids, force}`.",
    )


class JobCreated(Reply):
    job_id = serializers.CharField()
    status = serializers.CharField()


def reply_of(job: Job) -> Json:
    return {
        **JobListItem.of(job),
        "project_id": str(job.project_id) if job.project_id else None,
        "progress_detail": events.latest(job.pk),
        "result": job.result,
    }


MOST_LISTED = 50


class ProjectJobViewSet(ProjectViewSet):
    tag = "jobs"

    @operation(
        scope="jobs:read",
        summary="List project jobs",
        description="The project's 50 most recent jobs, newest first.",
        parameters=[JobListQuery],
        responses={200: ListOf(JobListItem)},
    )
    def list(self, request: SignedInRequest, project_id: str) -> HttpResponse:
        project = self.project()
        query = self.query(JobListQuery)
        rows = Job.objects.visible_to(request.user).filter(project=project).order_by("-created_at")
        if "status" in query:
            rows = rows.filter(status=query["status"])
        if page_of(request) is None:
            return Response(list(map(sparse(request, JobListItem.of), rows[:MOST_LISTED])))
        return bare_array(request, rows, JobListItem.of)

    @operation(
        scope="generation:write",
        support=True,
        summary="Create background job",
        description="Queues a generation, a regeneration or a sync. The maximum quoted XCT are reserved first.",
        request=JobCreation,
        responses={201: JobCreated},
        errors=(400, 402, 404, 409),
    )
    def create(self, request: SignedInRequest, project_id: str) -> Response:
        project = self.project()
        body = self.body(JobCreation)
        payload = body.get("payload") or {}
        job = self.start(project, body["job_type"], payload)
        return Response({"job_id": str(job.pk), "status": job.status}, status=201)

    def start(self, project: Project, job_type: str, payload: Json) -> Job:
        if job_type in (Job.Type.GENERATION, Job.Type.REGENERATION):
            return self.start_generation(project, job_type, payload)
        if job_type == Job.Type.SYNC:
            self.check_scope("sync:write")
            from projects.api.views.sync import start_sync

            return start_sync(self, project, payload)
        raise InvalidInput.at("#/job_type", _("This type of job can't be started here."), "unknown_job_type")

    def start_generation(self, project: Project, job_type: str, payload: Json) -> Job:
        serializer = GenerationRequest(data=payload, context={"unknown_names": self.unknown_names})
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
    tag = "jobs"

    def job(self, job_id: str) -> Job:
        return self.row(Job.objects.select_related("project"), job_id)

    @operation(
        scope="jobs:read",
        summary="Get job status",
        description="The job's progress, latest events and totals.",
        responses={200: JobReplyBody},
    )
    def retrieve(self, request: SignedInRequest, job_id: str) -> Response:
        return Response(reply_of(self.job(job_id)))

    @operation(
        scope="jobs:write",
        support=True,
        summary="Cancel a job",
        description="Stops a queued or running job immediately. Finished items are kept and charged; the rest costs "
        "nothing.",
        responses={200: JobReplyBody},
        errors=(404, 409),
    )
    def cancel(self, request: SignedInRequest, job_id: str) -> Response:
        return Response(reply_of(jobs.cancel(self.job(job_id), by=request.user)))


class JobStreamViewSet(JobViewSet):
    @operation(
        scope="jobs:read",
        summary="Follow a job",
        description="Streams the job's past events, then new ones until the job ends. After the end, only the past "
        "events are sent. Returns 204 if the job has ended and there is nothing after `Last-Event-ID`, "
        "so that a browser's `EventSource` stops reconnecting.",
        responses={200: EventStream, 204: None},
    )
    def stream(self, request: SignedInRequest, job_id: str) -> HttpResponse:
        job = self.job(job_id)
        after = min(last_event_id(request), job.event_count)
        if events.events_after(job.pk, after)[1]:
            return Response(status=204)
        return JobStream(job, after=after)
