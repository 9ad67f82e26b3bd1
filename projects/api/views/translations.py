"""Texts that go to translators as a file and come back."""

from django.http import StreamingHttpResponse
from rest_framework import serializers
from rest_framework.response import Response

from catalog.files.translations.formats import FORMATS
from projects.project_views import ProjectViewSet
from projects.translators import export, intake
from projects.translators.asked import AskedFile
from scribe.api import files
from scribe.api.access import REVIEWERS
from scribe.api.fields import Choice
from scribe.api.renderers import MULTIPART
from scribe.api.schema import Binary, operation
from scribe.api.serializers import Reply, Request
from scribe.api.views import SignedInRequest

_FORMATS = "; ".join(f"`{row.name}`: {row.title}" for row in FORMATS.values()) + "."
_VIEW = "The code of the store view for this language. Needed for `magento_csv` only."


class TranslationQuery(Request):
    language = serializers.CharField(max_length=20, help_text="The language of the translations.")
    format = Choice(choices=list(FORMATS), required=False, default="xliff", help_text=_FORMATS)
    store_view = serializers.CharField(max_length=64, required=False, allow_blank=True, help_text=_VIEW)
    open_only = serializers.BooleanField(
        required=False, help_text="Only texts without an approved, up-to-date translation."
    )
    include_shop_translations = serializers.BooleanField(
        required=False,
        help_text="Also include texts that already have a translation in the store, with that translation as the "
        "target. By default they are included only if the original has changed since.",
    )


class TranslationFile(Request):
    file = serializers.FileField(help_text="The file, of at most 50 MiB.")
    language = serializers.CharField(max_length=20, help_text="The language of the translations.")
    format = Choice(choices=list(FORMATS), help_text=_FORMATS)
    store_view = serializers.CharField(max_length=64, required=False, allow_blank=True, help_text=_VIEW)


class RefusedTranslation(Reply):
    line = serializers.IntegerField(help_text="The line in the file; 0 if the text was rejected when it was saved.")
    code = serializers.CharField(
        help_text="`source_changed`, `translation_changed`, `too_long`, `unknown_item`, `unknown_field`, `duplicate_row`, "
        "`incomplete_list`, `inline_markup`, `incomplete_unit` …"
    )
    reason = serializers.CharField()


class TranslationWarning(Reply):
    line = serializers.IntegerField(help_text="Of the file.")
    code = serializers.CharField(
        help_text="`unfinished`: the text is marked unfinished and has not changed since the export, or the file "
        "does not show what was exported; `obsolete`: a PO file keeps it as an entry that is gone (`#~`); "
        "`doubtful_encoding` and others."
    )
    reason = serializers.CharField()


class TranslationImportReply(Reply):
    job_id = serializers.CharField(allow_null=True, help_text="The job that saves the texts (202), or `null`.")
    written = serializers.IntegerField(help_text="The number of items whose texts were saved.")
    rows = serializers.IntegerField(help_text="Rows of the file.")
    unchanged = serializers.IntegerField(
        help_text="Texts that are already saved, or have not changed since the export."
    )
    untranslated = serializers.IntegerField(
        help_text="Rows without a translation, or with an unfinished one that was skipped (`warnings`)."
    )
    other_language = serializers.IntegerField(help_text="Rows in another language.")
    refused_count = serializers.IntegerField(help_text="Rows that could not be imported.")
    refused = RefusedTranslation(many=True, help_text="The first 1,000 of them.")
    warning_count = serializers.IntegerField(help_text="Rows with a translation that was skipped, and other warnings.")
    warnings = TranslationWarning(many=True, help_text="The first 1,000 of them.")


class TranslationExportViewSet(ProjectViewSet):
    tag = "items"

    @operation(
        scope="items:read",
        summary="Export texts for translators",
        description="Approved texts in the main language, with their translations where they exist. XLIFF and PO "
        "contain all fields; store-specific tables contain the fields that the store translates. "
        "Translations that come from the store are left out unless the original has changed since, or "
        "`include_shop_translations` is set.",
        parameters=[TranslationQuery],
        responses={
            200: Binary("application/xliff+xml", "The file, streamed.", also=("text/x-gettext-translation", "text/csv"))
        },
    )
    def export_translations(self, request: SignedInRequest, project_id: str) -> StreamingHttpResponse:
        project = self.project()
        query = self.query(TranslationQuery)
        asked = AskedFile.of(
            project,
            format=query.get("format", "xliff"),
            language=query["language"],
            view=query.get("store_view", ""),
        )
        of_shop = query.get("include_shop_translations", False)
        chunks = export.export_file(project, asked, open_only=query.get("open_only", False), of_shop=of_shop)
        file = asked.row.file
        name = f"translations-{asked.language}-{str(project.pk)[-12:]}.{file.extension}"
        return files.attachment(chunks, name, f"{file.media_type}; charset=utf-8")


class TranslationImportViewSet(ProjectViewSet):
    tag = "items"
    parser_classes = MULTIPART

    @operation(
        scope="items:write",
        who=REVIEWERS,
        support=True,
        summary="Import translated texts",
        description="Imports translations as edited texts; they are checked and go to review. A row whose original "
        "has changed since the export is rejected as `source_changed`; one whose translation has "
        "changed both here and in the file is rejected as `translation_changed`. A text that differs "
        "from the export is imported whatever its state in XLIFF or PO; `warnings` lists texts that are "
        "marked unfinished and unchanged. Up to 50 items are imported immediately (200), more by an "
        "`import` job (202). For files over 256 KiB the counts are in the job's `result`, not in the "
        "reply.",
        request={"multipart/form-data": TranslationFile},
        responses={200: TranslationImportReply, 202: TranslationImportReply},
        errors=(400, 404, 409, 413, 415),
    )
    def import_translations(self, request: SignedInRequest, project_id: str) -> Response:
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
