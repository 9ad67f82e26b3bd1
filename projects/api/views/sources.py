"""Data sources: upload files, fill sources by hand, and download files."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import FileResponse, HttpResponse
from rest_framework.response import Response

from projects import file_import, source_export, sources
from projects.api import export_warnings, item_replies
from projects.api.serializers.items import ItemReply
from projects.api.serializers.sources import (
    DetectedColumns,
    FileBody,
    FileUpload,
    ManualItems,
    ManualSource,
    SourceList,
    SourceReply,
    shown,
)
from projects.models import DataSource
from projects.project_views import ProjectViewSet
from scribe.api import idempotency
from scribe.api.renderers import FORM_OR_JSON, JSON, MULTIPART
from scribe.api.schema import Binary, operation


class SourceViewSet(ProjectViewSet):
    whole_actions = frozenset({"manual"})
    parser_classes = FORM_OR_JSON

    def source(self) -> DataSource:
        project = self.project()
        return self.row(DataSource.objects.select_related("project"), self.kwargs["source_id"], project=project)

    @operation(
        tag="sources",
        scope="projects:read",
        summary="List project data sources",
        description="Newest first, with the number of items in all of them.",
        responses={200: SourceList},
        errors=(404,),
    )
    def listing(self, request: Any, project_id: str) -> Response:
        found = DataSource.objects.visible_to(request.user).filter(project=self.project())
        total = found.aggregate(total=Sum("item_count"))["total"] or 0
        return Response({"sources": [shown(source) for source in found], "total_items": total})

    @operation(
        tag="sources",
        scope="projects:write",
        support=True,
        summary="Create manual data source",
        request={"application/x-www-form-urlencoded": ManualSource, "application/json": ManualSource},
        responses={201: SourceReply},
        errors=(400, 404),
    )
    def manual(self, request: Any, project_id: str) -> Response:
        project = self.project()
        name = self.body(ManualSource).get("name", sources.MANUAL_NAME)
        return Response(shown(sources.create_manual(project=project, name=name)), status=201)

    @operation(
        tag="sources",
        scope="projects:write",
        summary="Delete a data source",
        description="With its items and files. Items that have a row in another source stay, as that one's. 409 while a job works on the "
        "project.",
        responses={204: None},
        errors=(404, 409),
    )
    def destroy(self, request: Any, project_id: str, source_id: str) -> Response:
        sources.delete(source=self.source())
        return Response(status=204)

    @operation(
        tag="sources",
        scope="projects:read",
        summary="Export source as CSV",
        description="The very file that was uploaded with the generated fields of approved and synced items merged in; every other "
        "cell is byte for byte as it was. XLSX comes back as XLSX, WXR as WXR. `X-Export-Warnings` tells what could not be kept.",
        responses={200: Binary("text/csv", "The file.")},
        errors=(404, 409),
    )
    def export(self, request: Any, project_id: str, source_id: str) -> HttpResponse:
        done = source_export.export(source=self.source())
        response = FileResponse(done.file, as_attachment=True, filename=done.name, content_type=done.media_type)
        response["X-Export-Changed-Cells"] = str(done.outcome.changed_cells)
        letters = " ".join(f"U+{ord(letter):04X}" for letter in list(done.outcome.replaced)[:20])
        export_warnings.tell(response, done.outcome.warnings(), letters)
        return response  # type: ignore[return-value]


class SourceItemsViewSet(SourceViewSet):
    """Items put in by hand; their texts come as JSON only."""

    whole_actions = frozenset({"create"})
    parser_classes = JSON  # type: ignore[assignment]

    @operation(
        tag="sources",
        scope="projects:write",
        support=True,
        summary="Add items to a manual source",
        description="Each needs a name or a SKU. All are added or none.",
        request=ManualItems,
        responses={201: ItemReply(many=True)},
        errors=(400, 404, 409),
    )
    def create(self, request: Any, project_id: str, source_id: str) -> Response:
        source = self.source()
        added = sources.add_items(source=source, items=self.body(ManualItems)["items"])
        return Response([item_replies.shown(item) for item in added], status=201)


class FileSourceViewSet(ProjectViewSet):
    """The two operations that take a file."""

    parser_classes = MULTIPART

    @operation(
        tag="sources",
        scope="projects:write",
        support=True,
        summary="Detect CSV column mappings",
        description="Reads the file's header and first rows and proposes which column is which field. Stores nothing.",
        request={"multipart/form-data": FileBody},
        responses={200: DetectedColumns},
        errors=(400, 404),
    )
    def detect_columns(self, request: Any, project_id: str) -> Response:
        project = self.project()
        upload = self.body(FileBody)["file"]
        return Response(file_import.detect_columns(project=project, file=upload.file))

    @operation(
        tag="sources",
        scope="projects:write",
        support=True,
        summary="Upload file data source",
        description="Reads the file into items. Up to 2,000 rows are read at once (`ready`); larger files by an `import` job, whose id is "
        "`config.job_id` (`processing`). A bad file is one error and leaves nothing behind; bad rows are listed in `errors`. "
        "A row with the id or SKU of an item of the project updates it (`match`): its facts change, texts made from older ones are told in "
        "`outdated_fields`, and the export of each source fills the rows that its own file has.",
        request={"multipart/form-data": FileUpload},
        responses={201: SourceReply},
        errors=(400, 404, 409),
    )
    def upload(self, request: Any, project_id: str) -> Response:
        project = self.project()
        body = self.body(FileUpload)
        source = file_import.upload(
            project=project,
            file=body["file"].file,
            name=body["file"].name or "upload",
            mapping=body.get("column_mapping"),
            match=body["match"],
            by=request.user,
            last=lambda source: idempotency.keep(Response(shown(source), status=201)),
        )
        return Response(shown(source), status=201)
