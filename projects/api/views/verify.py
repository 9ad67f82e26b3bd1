"""Comparing a project with its store, and the differences found."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from projects.api.serializers.stores import DriftReply, VerifyReply
from projects.models import Drift
from projects.project_views import ProjectViewSet
from projects.sync import comparison
from scribe.api.fields import utc
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation


class VerifyViewSet(ProjectViewSet):
    @operation(
        tag="sync",
        scope="sync:write",
        support=True,
        summary="Compare with the store",
        description="Queues a job of type `verify` that compares, text by text, what we think the store shows with what it "
        "shows, and writes nothing there. A weekly comparison does the same. What differs is listed by `drift`, and marks the "
        "contents that were made from a text that the merchant has edited since (`outdated_fields`). While another job writes "
        "the project's items: 409 `job_active`.",
        responses={202: VerifyReply},
        errors=(404, 409),
    )
    def verify(self, request: Any, project_id: str) -> Response:
        job = comparison.start(project=self.project(), by=request.user)
        return Response({"job_id": str(job.pk), "status": job.status}, status=202)

    @operation(
        tag="sync",
        scope="sync:read",
        summary="List what differs from the store",
        description="The items whose texts in the store were not what we think they are, as the last comparison found them; a "
        "text in a further language that we pushed is a row of its own.",
        responses={200: ListOf(DriftReply)},
        errors=(404,),
    )
    def drift(self, request: Any, project_id: str) -> HttpResponse:
        found = Drift.objects.filter(item__project=self.project()).select_related("item").order_by("item_id")
        return bare_array(request, found, shown)


def shown(row: Drift) -> dict[str, Any]:
    return {
        "item_id": str(row.item_id),
        "external_id": row.item.external_id,
        "language": row.item.language,
        "main_item_id": str(row.item.main_id) if row.item.main_id else None,
        "name": str(row.item.source_data.get("name") or ""),
        "gone": row.gone,
        "fields": row.fields,
        "job_id": str(row.job_id) if row.job_id else None,
        "found_at": utc(row.found_at),
    }
