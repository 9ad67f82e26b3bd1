"""Data sources: upload files, fill sources by hand, import from the store, and download files."""

from functools import partial

from django.db.models import Sum
from django.http import FileResponse, HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from projects import file_import, source_export, sources
from projects.api.serializers import sources as shapes
from projects.api.serializers.items import ItemReply
from projects.api.serializers.stores import ExecuteReply, FiltersReply, ImportRequest, PreviewReply
from projects.models import DataSource
from projects.project_views import ProjectViewSet
from projects.store_import import filters
from projects.store_import import job as store_import
from scribe.api import files, idempotency
from scribe.api.job_reply import JobReply
from scribe.api.renderers import FORM_OR_JSON, JSON, MULTIPART
from scribe.api.schema import Binary, operation
from scribe.api.views import SignedInRequest

writes = partial(operation, scope="projects:write", support=True)


class SourceViewSet(ProjectViewSet):
    tag = "sources"
    whole_actions = frozenset({"manual"})
    parser_classes = FORM_OR_JSON

    def source(self) -> DataSource:
        project = self.project()
        return self.row(DataSource.objects.select_related("project"), self.kwargs["source_id"], project=project)

    @operation(
        scope="projects:read",
        summary="List project data sources",
        description="The project's sources, newest first, with the total number of items.",
        responses={200: shapes.SourceList},
    )
    def listing(self, request: SignedInRequest, project_id: str) -> Response:
        found = DataSource.objects.visible_to(request.user).filter(project=self.project())
        total = found.aggregate(total=Sum("item_count"))["total"] or 0
        return Response({"sources": [shapes.SourceReply.of(source) for source in found], "total_items": total})

    @writes(
        summary="Create manual data source",
        request={"application/x-www-form-urlencoded": shapes.ManualSource, "application/json": shapes.ManualSource},
        responses={201: shapes.SourceReply},
    )
    def manual(self, request: SignedInRequest, project_id: str) -> Response:
        project = self.project()
        name = self.body(shapes.ManualSource).get("name", sources.MANUAL_NAME)
        return Response(shapes.SourceReply.of(sources.create_manual(project=project, name=name)), status=201)

    @operation(
        scope="projects:write",
        summary="Delete a data source",
        description="With its items and files. Items that have a row in another source stay, as that one's. 409 while a job works on the "
        "project. A large one is deleted by a job, for which this waits up to 30 s.",
        responses={204: None},
        errors=(404, 409),
    )
    def destroy(self, request: SignedInRequest, project_id: str, source_id: str) -> HttpResponse:
        job = sources.delete(source=self.source(), by=request.user)
        gone = Response(status=204)
        return JobReply(job, render=lambda job: gone) if job else gone

    @operation(
        scope="projects:read",
        summary="Export source as CSV",
        description="The uploaded file with the generated fields of approved and synced items filled in; every "
        "other cell is unchanged, byte for byte. XLSX is returned as XLSX, WXR as WXR. "
        "Fields in `outdated_fields` keep the file's cell, unless a person has edited the text. "
        "`X-Export-Warnings` lists what could not be kept, what is outdated, and texts that the file has no row for.",
        responses={200: Binary("text/csv", "The file.")},
        errors=(404, 409),
    )
    def export(self, request: SignedInRequest, project_id: str, source_id: str) -> HttpResponse:
        done = source_export.export(source=self.source())
        response = FileResponse(done.file, as_attachment=True, filename=done.name, content_type=done.media_type)
        response["X-Export-Changed-Cells"] = str(done.outcome.changed_cells)
        letters = " ".join(f"U+{ord(letter):04X}" for letter in list(done.outcome.replaced)[:20])
        files.add_warnings(response, done.warnings(), letters)
        return response  # type: ignore[return-value]


class SourceItemsViewSet(SourceViewSet):
    """Items put in by hand; their texts come as JSON only."""

    whole_actions = frozenset({"create"})
    parser_classes = JSON  # type: ignore[assignment]

    @writes(
        summary="Add items to a manual source",
        description="Adds items to a manual source: all of them or none. Each needs a name or a SKU.",
        request=shapes.ManualItems,
        responses={201: ItemReply(many=True)},
        errors=(400, 404, 409),
    )
    def create(self, request: SignedInRequest, project_id: str, source_id: str) -> Response:
        source = self.source()
        added = sources.add_items(source=source, items=self.body(shapes.ManualItems)["items"])
        # New items have no texts in other languages.
        return Response([ItemReply.of(item, languages={}) for item in added], status=201)


class FileSourceViewSet(ProjectViewSet):
    """The two operations that take a file."""

    tag = "sources"

    parser_classes = MULTIPART

    @writes(
        summary="Detect CSV column mappings",
        description="Reads the file's header and first rows and suggests a field for each column. Nothing is saved.",
        request={"multipart/form-data": shapes.FileBody},
        responses={200: shapes.DetectedColumns},
    )
    def detect_columns(self, request: SignedInRequest, project_id: str) -> Response:
        project = self.project()
        upload = self.body(shapes.FileBody)["file"]
        return Response(file_import.detect_columns(project=project, file=upload.file))

    @writes(
        summary="Upload file data source",
        description="Imports the file's rows as items. Up to 2,000 rows are imported immediately (`ready`); larger "
        "files are imported by an `import` job whose ID is in `config.job_id` (`processing`). A file "
        "that can't be read returns one error and nothing is saved; rows that can't be read are listed "
        "in `errors`. A row with the ID or SKU of an existing item updates that item (`match`): its "
        "data changes, texts generated from older data are listed in `outdated_fields`, and the export "
        "of each source fills in the rows of its own file.",
        request={"multipart/form-data": shapes.FileUpload},
        responses={201: shapes.SourceReply},
        errors=(400, 404, 409),
    )
    def upload(self, request: SignedInRequest, project_id: str) -> Response:
        project = self.project()
        body = self.body(shapes.FileUpload)
        source = file_import.upload(
            project=project,
            file=body["file"].file,
            name=body["file"].name or "upload",
            mapping=body.get("column_mapping"),
            match=body["match"],
            by=request.user,
            last=lambda source: idempotency.keep(Response(shapes.SourceReply.of(source), status=201)),
        )
        return Response(shapes.SourceReply.of(source), status=201)


class StoreImportViewSet(ProjectViewSet):
    tag = "store-import"

    @operation(
        scope="projects:read",
        live=True,
        summary="Get available import filters",
        description="The filters available for an import from the connected store, with the store's values.",
        responses={200: FiltersReply},
        errors=(404, 409, 502, 504),
    )
    def filters(self, request: Request, project_id: str) -> Response:
        return Response(filters.available(project=self.project()))

    @writes(
        live=True,
        summary="Preview import count",
        description="The number of products that match. Their variants are imported too, but not counted.",
        request=ImportRequest,
        responses={200: PreviewReply},
        errors=(400, 404, 409, 502, 504),
    )
    def preview(self, request: Request, project_id: str) -> Response:
        project = self.project()
        return Response(filters.preview(project=project, given=self.body(ImportRequest).get("filters") or {}))

    @writes(
        live=True,
        summary="Start store import",
        description="Starts the import. New items are pending, unchanged items are not touched, and changed items "
        "get the store's new data and keep their generated texts.",
        request=ImportRequest,
        responses={202: ExecuteReply},
        errors=(400, 404, 409, 502, 504),
    )
    def execute(self, request: SignedInRequest, project_id: str) -> Response:
        project = self.project()
        given = self.body(ImportRequest).get("filters") or {}
        job, batches = store_import.start(project=project, given=given, by=request.user)
        return Response({"job_id": str(job.pk), "estimated_batches": batches}, status=202)
