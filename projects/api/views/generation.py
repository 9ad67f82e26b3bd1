"""The operations that generate content. Each starts a job; they differ only in how they wait for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
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
from scribe.models import Job

WAIT_SECONDS = 30
NOTHING = "0.0000"  # XCT
ERRORS = (400, 402, 404, 409)
REPLIES = {200: GenerationReply, 202: GenerationReply}
STREAM = {200: EventStream}
MOST_ITEMS = 1000  # items listed in one reply; the item list and the job's events have the others


def render(job: Job) -> Response:
    """Reply 200 when the job ended in time, and 202 with the job to poll when it did not."""
    return Response(totals(job), status=200 if job.ended else 202)


def totals(job: Job) -> dict[str, Any]:
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


def _items(job: Job) -> list[dict[str, Any]]:
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

    def item_ids(self, project: Project, request: dict[str, Any]) -> list[Any] | None:
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

    @operation(
        tag="generation",
        scope="generation:write",
        support=True,
        summary="Generate content for items",
        description="Writes all pending items (or the named ones) and waits up to 30 s; 202 means that the job goes on.",
        request=GenerationRequest,
        responses=REPLIES,
        errors=ERRORS,
    )
    def generate(self, request: Any, project_id: str) -> HttpResponse:
        return JobReply(self.generate_pending(), render=render, seconds=WAIT_SECONDS)

    @operation(
        tag="generation",
        scope="generation:write",
        support=True,
        summary="Stream content generation progress",
        description="The same as `generate`, followed event by event. The job survives a dropped connection; come back with "
        "`GET /jobs/{job_id}/stream`.",
        request=GenerationRequest,
        responses=STREAM,
        errors=ERRORS,
    )
    def generate_stream(self, request: Any, project_id: str) -> HttpResponse:
        return JobStream(self.generate_pending())

    @operation(
        tag="generation",
        scope="generation:write",
        support=True,
        summary="Regenerate all project content",
        description="Puts all included items back to pending and writes them anew; the old content stays until the new one replaces it.",
        request=GenerationRequest,
        responses=REPLIES,
        errors=ERRORS,
    )
    def regenerate(self, request: Any, project_id: str) -> HttpResponse:
        return JobReply(self.regenerate_all(), render=render, seconds=WAIT_SECONDS)

    estimate_regenerate = estimate_of(regenerate)

    @operation(
        tag="generation",
        scope="generation:write",
        support=True,
        summary="Stream full regeneration progress",
        description="The same as `regenerate`, followed event by event.",
        request=GenerationRequest,
        responses=STREAM,
        errors=ERRORS,
    )
    def regenerate_stream(self, request: Any, project_id: str) -> HttpResponse:
        return JobStream(self.regenerate_all())

    @operation(
        tag="generation",
        scope="generation:write",
        support=True,
        summary="Regenerate rejected items only",
        description="Puts the rejected items back to pending and writes them anew.",
        request=GenerationRequest,
        responses=REPLIES,
        errors=ERRORS,
    )
    def regenerate_rejected(self, request: Any, project_id: str) -> HttpResponse:
        return JobReply(self.regenerate_refused(), render=render, seconds=WAIT_SECONDS)

    estimate_regenerate_rejected = estimate_of(regenerate_rejected)

    @operation(
        tag="generation",
        scope="generation:write",
        support=True,
        summary="Stream rejected items regeneration",
        description="The same as `regenerate-rejected`, followed event by event.",
        request=GenerationRequest,
        responses=STREAM,
        errors=ERRORS,
    )
    def regenerate_rejected_stream(self, request: Any, project_id: str) -> HttpResponse:
        return JobStream(self.regenerate_refused())


class EstimateViewSet(GenerationViewSet):
    @operation(
        tag="generation",
        scope="generation:read",
        support=True,
        summary="Estimate a generation",
        description="What `generate` with this body would cost, and what would be left. Writes nothing; the bill never exceeds `xct_max`.",
        request=GenerationRequest,
        responses={200: EstimateReply},
        errors=(400, 404),
    )
    def estimate(self, request: Any, project_id: str) -> Response:
        project = self.project()
        body = self.body(GenerationRequest)
        named, selection = self.item_ids(project, body), body.pop("selection", generation.PENDING)
        return Response(generation.estimate(project=project, request=body, selection=selection, item_ids=named))
