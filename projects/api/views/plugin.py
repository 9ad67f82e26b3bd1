"""The plugin operations. They are called with an API key, and either wait for the text or are polled."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from projects.plugin import forms as shapes
from projects.plugin import generations, replies
from projects.plugin.door import WRITING_ERRORS, KeyRequest, PluginBase
from scribe.api.estimates import estimate_of
from scribe.api.fields import decimal
from scribe.api.schema import operation
from scribe.errors import NotFound
from scribe.models import Job


class PluginViewSet(PluginBase):
    tag = "plugin"
    whole_actions = frozenset({"generate_description_async"})

    @operation(
        scope="plugin:read",
        summary="Plugin Status",
        description="Checks the key and returns the status of the account.",
        responses={200: shapes.PluginStatus},
    )
    def status(self, request: KeyRequest) -> Response:
        return Response(generations.status(request.user))

    @operation(
        scope="plugin:write",
        summary="Plugin Generate Description",
        description="Generates a description and waits up to 60 s. If it takes longer, returns 202 with a handle to "
        "poll. If the AI model fails, returns 502 and nothing is charged.",
        request=shapes.DescriptionRequest,
        waits=True,
        responses={200: shapes.PluginText, 202: shapes.PluginText},
        errors=(*WRITING_ERRORS, 502),
    )
    def generate_description(self, request: KeyRequest) -> HttpResponse:
        body = self.body(shapes.DescriptionRequest)
        return self.wait_for(generations.start_description(key=request.user, source=body["source"], request=body))

    estimate_generate_description = estimate_of(generate_description)

    @operation(
        scope="plugin:write",
        summary="Plugin Generate Description Async",
        description="Starts generating a description and returns immediately with a handle to poll.",
        request=shapes.DescriptionRequest,
        responses={202: shapes.PluginAccepted},
        errors=WRITING_ERRORS,
    )
    def generate_description_async(self, request: KeyRequest) -> Response:
        body = self.body(shapes.DescriptionRequest)
        generation = generations.start_description(key=request.user, source=body["source"], request=body)
        return Response({"generation_id": str(generation.pk)}, status=202)

    @operation(
        scope="plugin:read",
        summary="Plugin Generation Status",
        description="The status of a generation, with the texts if it is `completed` and the reason if it is `failed`.",
        responses={200: shapes.PluginGenerationStatus},
    )
    def generation_status(self, request: Request, generation_id: str) -> Response:
        [shown] = replies.reply_list([self.generation(generation_id)])
        return Response(shown)


class PluginBatchViewSet(PluginBase):
    tag = "plugin"
    whole_actions = frozenset({"create"})

    @operation(
        scope="generation:write",
        summary="Plugin Generate Batch",
        description="Generates texts for up to 100 products under one quote; either all are accepted or none. "
        "Returns immediately: poll the batch, or receive a webhook.",
        request=shapes.BatchRequest,
        responses={202: shapes.BatchAccepted},
        errors=WRITING_ERRORS,
    )
    def create(self, request: KeyRequest) -> Response:
        body = self.body(shapes.BatchRequest)
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
        scope="generation:read",
        summary="Plugin Batch Status",
        description="The status of each item in a batch, in the same form as `generation/{generation_id}/status`.",
        responses={200: shapes.BatchStatus},
    )
    def retrieve(self, request: KeyRequest, batch_id: str) -> Response:
        rows = generations.batch(request.user, batch_id)
        if not rows or rows[0].job is None:
            raise NotFound
        state = replies.STATES[Job.Status(rows[0].job.status)]
        return Response({"batch_id": batch_id, "status": state, "items": replies.reply_list(rows)})
