"""Texts that go to translators as a file and come back."""

from __future__ import annotations

from typing import Any

from django.http import StreamingHttpResponse
from rest_framework.response import Response

from projects.api.serializers.translations import TranslationFile, TranslationImportReply, TranslationQuery
from projects.project_views import ProjectViewSet
from projects.translators import AskedFile, export, intake
from scribe.api.renderers import MULTIPART
from scribe.api.schema import Binary, operation

TAG = "items"


class TranslationExportViewSet(ProjectViewSet):
    @operation(
        tag=TAG,
        scope="items:read",
        summary="Export texts for translators",
        description="The approved texts in the main language, each with its translation as far as there is one. XLIFF and PO have all "
        "fields; the tables of shops have those that the shop translates.",
        parameters=[TranslationQuery],
        responses={
            200: Binary("application/xliff+xml", "The file, streamed.", also=("text/x-gettext-translation", "text/csv"))
        },
        errors=(400, 404),
    )
    def export_translations(self, request: Any, project_id: str) -> StreamingHttpResponse:
        project = self.project()
        query = self.query(TranslationQuery)
        asked = AskedFile.of(
            project,
            format=query.get("format", "xliff"),
            language=query["language"],
            view=query.get("store_view", ""),
        )
        chunks = export.exported(project, asked, open_only=query.get("open_only", False))
        file = asked.row.file
        response = StreamingHttpResponse(chunks, content_type=f"{file.media_type}; charset=utf-8")
        name = f"translations-{asked.language}-{str(project.pk)[-12:]}.{file.extension}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class TranslationImportViewSet(ProjectViewSet):
    parser_classes = MULTIPART

    @operation(
        tag=TAG,
        scope="items:write",
        support=True,
        summary="Import translated texts",
        description="The texts become a person's version of each item's text in that language, go through every check, and await review. "
        "A row whose original has changed since the file was made is refused as `source_changed`; one whose translation has changed "
        "here and in the file as `translation_changed`. A text that differs from what was exported is taken whatever its state in XLIFF or PO; `warnings` name "
        "what the file calls unfinished and leaves as it was. The texts of up to 50 items are written "
        "at once (200), more by an `import` job (202). A file above 256 KiB is also read by the job: the reply counts nothing yet, and the job's `result` does.",
        request={"multipart/form-data": TranslationFile},
        responses={200: TranslationImportReply, 202: TranslationImportReply},
        errors=(400, 404, 409, 413, 415),
    )
    def import_translations(self, request: Any, project_id: str) -> Response:
        project = self.project()
        body = self.body(TranslationFile)
        asked = AskedFile.of(
            project, format=body["format"], language=body["language"], view=body.get("store_view", ""), at="#/"
        )
        upload = body["file"]
        done = intake.load(
            project=project, file=upload.file, name=upload.name or "upload", asked=asked, by=request.user
        )
        return Response(done, status=202 if done["job_id"] else 200)
