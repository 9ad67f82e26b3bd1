"""The operations that generate content. Each starts a job; they differ only in how they wait for it."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from projects.api.serializers.generation import EstimateReply, GenerationReply, GenerationRequest
from projects.generation import job as generation
from projects.models import ContentItem, GenerationItem, Project
from projects.project_views import ProjectViewSet
from scribe.api.estimates import estimate_of
from scribe.api.fields import decimal
from scribe.api.job_reply import JobReply
from scribe.api.schema import EventStream, operation
from scribe.api.streams import JobStream
from scribe.api.views import SignedInRequest
from scribe.models import Job
from scribe.types import Json

WAIT_SECONDS = 30
NOTHING = "0.0000"  # XCT
ERRORS = (400, 402, 404, 409)
REPLIES = {200: GenerationReply, 202: GenerationReply}
STREAM = {200: EventStream}
#: What all operations that write items have alike.
writes = partial(operation, scope="generation:write", support=True, request=GenerationRequest, errors=ERRORS)
MOST_ITEMS = 1000  # items listed in one reply; the item list and the job's events have the others


def render(job: Job) -> Response:
    """Reply 200 when the job ended in time, and 202 with the job to poll when it did not."""
    return Response(totals(job), status=200 if job.ended else 202)


def totals(job: Job) -> Json:
    """The reply of the generation operations."""
    result = job.result
    return {
        "job_id": str(job.pk),
        "status": job.status,
        **{key: int(result.get(key, 0)) for key in ("generated", "flagged", "failed", "skipped")},
        "xct_used": str(result.get("xct_used", NOTHING)),
        "items": [*_items(job), *({**skipped, "xct_used": NOTHING} for skipped in result.get("skipped_items", []))],
        **({"error": job.error} if job.error else {}),
    }


def _items(job: Job) -> list[Json]:
    rows = GenerationItem.objects.filter(job=job).order_by("position")[:MOST_ITEMS]
    return [
        {
            "id": str(item_id),
            "status": outcome or state,
            "reason": reason,
            "language": language,
            "xct_used": decimal(xct),
        }
        for item_id, outcome, state, reason, language, xct in rows.values_list(
            "item_id", "outcome", "state", "reason", "item__language", "xct_used"
        )
    ]


class GenerationViewSet(ProjectViewSet):
    tag = "generation"

    def start(self, *, selection: str, job_type: str, reset: bool) -> Job:
        project = self.project()
        request = self.body(GenerationRequest)
        item_ids = self.item_ids(project, request)
        selection = request.pop("selection", selection)
        return generation.start(
            project=project,
            by=self.request.user,
            request=request,
            selection=selection,
            item_ids=item_ids,
            job_type=job_type,
            reset=reset,
        )

    def item_ids(self, project: Project, request: Json) -> list[UUID] | None:
        """The ids of the named items, each of which must belong to this project."""
        named = request.pop("item_ids", None)
        if named is None:
            return None
        return [
            item.pk for item in self.rows(ContentItem.objects.filter(project=project).only("pk"), named, "#/item_ids")
        ]

    def generate_pending(self) -> Job:
        return self.start(selection=generation.PENDING, job_type=Job.Type.GENERATION, reset=False)

    def regenerate_all(self) -> Job:
        return self.start(selection=generation.ALL, job_type=Job.Type.REGENERATION, reset=True)

    def regenerate_refused(self) -> Job:
        return self.start(selection=generation.REJECTED, job_type=Job.Type.REGENERATION, reset=True)

    @writes(
        summary="Generate content for items",
        description="Generates texts for all pending items, or for the given ones, and waits up to 30 s. 202 means "
        "that the job continues in the background.",
        waits=True,
        responses=REPLIES,
    )
    def generate(self, request: SignedInRequest, project_id: str) -> HttpResponse:
        return JobReply(self.generate_pending(), render=render, seconds=WAIT_SECONDS)

    @writes(
        summary="Stream content generation progress",
        description="Same as `generate`, streamed as events. The job continues if the connection drops; reconnect "
        "with `GET /jobs/{job_id}/stream`.",
        responses=STREAM,
    )
    def generate_stream(self, request: Request, project_id: str) -> HttpResponse:
        return JobStream(self.generate_pending())

    @writes(
        summary="Regenerate all project content",
        description="Sets all included items to pending and regenerates them. The current content stays until the "
        "new one replaces it.",
        waits=True,
        responses=REPLIES,
    )
    def regenerate(self, request: Request, project_id: str) -> HttpResponse:
        return JobReply(self.regenerate_all(), render=render, seconds=WAIT_SECONDS)

    estimate_regenerate = estimate_of(regenerate)

    @writes(
        summary="Stream full regeneration progress",
        description="Same as `regenerate`, streamed as events.",
        responses=STREAM,
    )
    def regenerate_stream(self, request: Request, project_id: str) -> HttpResponse:
        return JobStream(self.regenerate_all())

    @writes(
        summary="Regenerate rejected items only",
        description="Sets the rejected items to pending and regenerates them.",
        waits=True,
        responses=REPLIES,
    )
    def regenerate_rejected(self, request: Request, project_id: str) -> HttpResponse:
        return JobReply(self.regenerate_refused(), render=render, seconds=WAIT_SECONDS)

    estimate_regenerate_rejected = estimate_of(regenerate_rejected)

    @writes(
        summary="Stream rejected items regeneration",
        description="Same as `regenerate-rejected`, streamed as events.",
        responses=STREAM,
    )
    def regenerate_rejected_stream(self, request: Request, project_id: str) -> HttpResponse:
        return JobStream(self.regenerate_refused())


class EstimateViewSet(GenerationViewSet):
    @operation(
        scope="generation:read",
        support=True,
        summary="Estimate a generation",
        description="The price of `generate` with this request body, and the balance afterwards. Nothing is "
        "generated. The charge never exceeds `xct_max`.",
        request=GenerationRequest,
        responses={200: EstimateReply},
    )
    def estimate(self, request: Request, project_id: str) -> Response:
        project = self.project()
        body = self.body(GenerationRequest)
        named, selection = self.item_ids(project, body), body.pop("selection", generation.PENDING)
        return Response(generation.estimate(project=project, request=body, selection=selection, item_ids=named))
