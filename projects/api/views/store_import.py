"""Importing from the project's store."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response

from projects import store_import
from projects.api.serializers.stores import ExecuteReply, FiltersReply, ImportRequest, PreviewReply
from projects.project_views import ProjectViewSet
from projects.store_import import filters
from scribe.api.schema import operation


class StoreImportViewSet(ProjectViewSet):
    @operation(
        tag="store-import",
        scope="projects:read",
        live=True,
        summary="Get available import filters",
        description="What the connected store's products can be narrowed by, with the store's own choices.",
        responses={200: FiltersReply},
        errors=(404, 409, 502, 504),
    )
    def filters(self, request: Any, project_id: str) -> Response:
        return Response(filters.available(project=self.project()))

    @operation(
        tag="store-import",
        scope="projects:write",
        live=True,
        support=True,
        summary="Preview import count",
        description="How many products match, without fetching them. Variants come along uncounted.",
        request=ImportRequest,
        responses={200: PreviewReply},
        errors=(400, 404, 409, 502, 504),
    )
    def preview(self, request: Any, project_id: str) -> Response:
        project = self.project()
        return Response(filters.preview(project=project, given=self.body(ImportRequest).get("filters") or {}))

    @operation(
        tag="store-import",
        scope="projects:write",
        live=True,
        support=True,
        summary="Start store import",
        description="Queues the import. New items are pending, unchanged ones are left alone, changed ones take over the "
        "store's facts and keep what was generated for them.",
        request=ImportRequest,
        responses={202: ExecuteReply},
        errors=(400, 404, 409, 502, 504),
    )
    def execute(self, request: Any, project_id: str) -> Response:
        project = self.project()
        given = self.body(ImportRequest).get("filters") or {}
        job, batches = store_import.start(project=project, given=given, by=request.user)
        return Response({"job_id": str(job.pk), "estimated_batches": batches}, status=202)
