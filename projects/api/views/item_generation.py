"""Regenerating one item while the request waits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.response import Response

from projects import languages
from projects.api import item_replies
from projects.api.serializers.generation import ItemRegenerationRequest
from projects.api.serializers.items import ItemReply
from projects.generation import job as generation
from projects.models import ContentItem
from projects.project_views import ProjectViewSet
from scribe.api.estimates import estimate_of
from scribe.api.job_reply import JobReply
from scribe.api.schema import operation
from scribe.api.views import versioned
from scribe.errors import Conflict
from scribe.models import Job


class ItemRegenerated(ItemReply):
    job_id = serializers.CharField(help_text="The job that wrote it, or goes on writing it (202).")


class ItemRegenerationViewSet(ProjectViewSet):
    @operation(
        tag="items",
        scope="generation:write",
        support=True,
        summary="Regenerate a single item",
        description="Writes one item anew and waits up to 30 s. The old content stays, and is kept as a version, until the new one "
        "replaces it; why an item could not be written is in `generation_metadata.last_error`.",
        request=ItemRegenerationRequest,
        responses={200: ItemRegenerated, 202: ItemRegenerated},
        errors=(400, 402, 404, 409, 412),
    )
    def regenerate(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        project = self.project()
        item = self.row(ContentItem.rows.all(), item_id, project=project)
        body = self.body(ItemRegenerationRequest)
        body.pop("item_ids", None)
        body.pop("content_type", None)
        body.pop("selection", None)
        if item.language:
            body.pop("languages", None)
        named, body = languages.as_request(item, body)
        if item.excluded_at or item.item_type == ContentItem.Type.VARIANT:
            raise Conflict("Excluded items and variants are not generated for.", code="item_not_writable")
        with self.changing(item, lambda: shown(project.organization_id, item.pk)):
            job = generation.start(
                project=project,
                by=request.user,
                request=body,
                selection=generation.ALL,
                item_ids=named,
                job_type=Job.Type.REGENERATION,
            )
        return JobReply(job, seconds=30, render=lambda ended: render(ended, item.pk))

    estimate_regenerate = estimate_of(regenerate)


def render(job: Job, item_id: UUID) -> Response:
    found = shown(job.organization_id, item_id)
    return versioned({**found, "job_id": str(job.pk)}, status=200 if job.ended else 202)


def shown(organization_id: UUID, item_id: UUID) -> dict[str, Any]:
    return item_replies.shown(ContentItem.rows.of(organization_id).select_related("data_source").get(pk=item_id))
