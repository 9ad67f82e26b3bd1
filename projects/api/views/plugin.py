"""The plugin operations. They are called with an API key, and either wait for the text or are polled."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from projects.plugin import generations, kinds, replies
from projects.plugin.door import WRITING_ERRORS, PluginBase
from projects.plugin.forms import (
    BatchAccepted,
    BatchRequest,
    BatchStatus,
    DescriptionRequest,
    PluginAccepted,
    PluginGenerationStatus,
    PluginStatus,
    PluginText,
)
from scribe.api.estimates import estimate_of
from scribe.api.fields import decimal
from scribe.api.schema import operation
from scribe.errors import NotFound
from scribe.models import Job


class PluginViewSet(PluginBase):
    whole_actions = frozenset({"generate_description_async"})

    @operation(
        tag="plugin",
        scope="plugin:read",
        summary="Plugin Status",
        description="Whether the key works, and how the account stands.",
        responses={200: PluginStatus},
    )
    def status(self, request: Any) -> Response:
        return Response(generations.status(request.user))

    @operation(
        tag="plugin",
        scope="plugin:write",
        summary="Plugin Generate Description",
        description="Writes and waits up to 60 s; 202 with the handle when it takes longer. A failing model is 502 and costs nothing.",
        request=DescriptionRequest,
        responses={200: PluginText, 202: PluginText},
        errors=(*WRITING_ERRORS, 502),
    )
    def generate_description(self, request: Any) -> HttpResponse:
        body = self.body(DescriptionRequest)
        return self.wait_for(generations.start_description(key=request.user, source=body["source"], request=body))

    estimate_generate_description = estimate_of(generate_description)

    @operation(
        tag="plugin",
        scope="plugin:write",
        summary="Plugin Generate Description Async",
        description="Starts writing and answers at once with the handle to poll.",
        request=DescriptionRequest,
        responses={202: PluginAccepted},
        errors=WRITING_ERRORS,
    )
    def generate_description_async(self, request: Any) -> Response:
        body = self.body(DescriptionRequest)
        generation = generations.start_description(key=request.user, source=body["source"], request=body)
        return Response({"generation_id": str(generation.pk)}, status=202)

    @operation(
        tag="plugin",
        scope="plugin:read",
        summary="Plugin Generation Status",
        description="How a generation stands; the texts when it is `completed`, the reason when it is `failed`.",
        responses={200: PluginGenerationStatus},
        errors=(404,),
    )
    def generation_status(self, request: Any, generation_id: str) -> Response:
        [shown] = kinds.shown([self.generation(generation_id)])
        return Response(shown)


class PluginBatchViewSet(PluginBase):
    whole_actions = frozenset({"create"})

    @operation(
        tag="plugin",
        scope="generation:write",
        summary="Plugin Generate Batch",
        description="Up to 100 products with one quote, all or none. Answers at once; poll the batch, or have a webhook called.",
        request=BatchRequest,
        responses={202: BatchAccepted},
        errors=WRITING_ERRORS,
    )
    def create(self, request: Any) -> Response:
        body = self.body(BatchRequest)
        begun = generations.start_batch(key=request.user, source=body["source"], request=body, products=body["items"])
        job_id = begun[0].job_id
        return Response(
            {
                "batch_id": str(job_id),
                "xct_max": decimal(generations.quoted_max(job_id)),
                "items": [
                    {"external_id": row.item.external_id if row.item else "", "generation_id": str(row.pk)}
                    for row in begun
                ],
            },
            status=202,
        )

    estimate_create = estimate_of(create)

    @operation(
        tag="plugin",
        scope="generation:read",
        summary="Plugin Batch Status",
        description="How the items of a batch stand, each as `generation/{generation_id}/status` shows it.",
        responses={200: BatchStatus},
        errors=(404,),
    )
    def retrieve(self, request: Any, batch_id: str) -> Response:
        rows = generations.batch(request.user, batch_id)
        if not rows or rows[0].job is None:
            raise NotFound
        state = replies.STATES[Job.Status(rows[0].job.status)]
        return Response({"batch_id": batch_id, "status": state, "items": kinds.shown(rows)})
