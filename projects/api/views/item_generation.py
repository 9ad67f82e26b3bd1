"""Regenerating one item while the request waits."""

from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.response import Response

from projects import languages
from projects.api import item_replies
from projects.api.serializers.generation import ItemRegenerationRequest
from projects.api.serializers.items import SingleItem
from projects.generation import job as generation
from projects.models import ContentItem
from projects.project_views import ProjectViewSet
from scribe.api.estimates import estimate_of
from scribe.api.job_reply import JobReply
from scribe.api.schema import operation
from scribe.api.views import SignedInRequest, versioned_reply
from scribe.errors import Conflict
from scribe.messages import _
from scribe.models import Job
from scribe.types import Json


class ItemRegenerated(SingleItem):
    job_id = serializers.CharField(help_text="The job that generated it, or is still generating it (202).")


class ItemRegenerationViewSet(ProjectViewSet):
    tag = "items"

    @operation(
        scope="generation:write",
        support=True,
        summary="Regenerate a single item",
        description="Regenerates one item and waits up to 30 s. The current content stays until the new one "
        "replaces it, and is then kept as a version. If generation fails, the reason is in "
        "`generation_metadata.last_error`.",
        request=ItemRegenerationRequest,
        waits=True,
        responses={200: ItemRegenerated, 202: ItemRegenerated},
        errors=(400, 402, 404, 409, 412),
    )
    def regenerate(self, request: SignedInRequest, project_id: str, item_id: str) -> HttpResponse:
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
            raise Conflict(
                _(
                    "Texts can't be generated for excluded items or variants. A variant uses its product's text: "
                    "generate the product instead."
                ),
                code="item_not_writable",
            )
        with self.changing(item, lambda: reply_of(project.organization_id, item.pk)):
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
    found = reply_of(job.organization_id, item_id)
    return versioned_reply({**found, "job_id": str(job.pk)}, status=200 if job.ended else 202)


def reply_of(organization_id: UUID, item_id: UUID) -> Json:
    return item_replies.reply_of(ContentItem.rows.of(organization_id).select_related("data_source").get(pk=item_id))
