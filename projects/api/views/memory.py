"""The translation memory as TMX: out, in, and what came in forgotten again."""

from django.http import StreamingHttpResponse
from rest_framework import serializers
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response

from projects import memory_files
from projects.glossary import language_code
from projects.memory_files import LanguagePair
from scribe.api import files
from scribe.api.renderers import MULTIPART
from scribe.api.schema import Binary, operation
from scribe.api.serializers import Reply, Request
from scribe.api.views import ScribeViewSet, SignedInRequest
from scribe.types import Json
from writing.translation.files import tmx


class MemoryQuery(Request):
    source_language = serializers.CharField(max_length=20, help_text="The language of the originals.")
    language = serializers.CharField(max_length=20, help_text="The language of the translations.")


class MemoryFile(MemoryQuery):
    file = serializers.FileField(help_text="A TMX file, of at most 200 MiB.")


class RefusedUnit(Reply):
    line = serializers.IntegerField(help_text="Of the file.")
    code = serializers.CharField(help_text="`inline_markup` or `cell_too_long`.")
    reason = serializers.CharField()


class MemoryImportReply(Reply):
    job_id = serializers.CharField(allow_null=True, help_text="The job that reads the file (202), or `null`.")
    units = serializers.IntegerField(help_text="Units of the file.")
    created = serializers.IntegerField(help_text="New segments.")
    updated = serializers.IntegerField(help_text="Segments that had another translation.")
    unchanged = serializers.IntegerField(help_text="Segments that were already known.")
    other_languages = serializers.IntegerField(help_text="Units that lack a text in one of the two languages.")
    refused_count = serializers.IntegerField(help_text="Units that could not be imported.")
    refused = RefusedUnit(many=True, help_text="The first 1,000 of them.")


class DeletedSegments(Reply):
    deleted = serializers.IntegerField(help_text="The number of imported segments that were deleted.")


class TranslationMemoryViewSet(ScribeViewSet):
    tag = "translation-memory"

    def asked(self, values: Json, at: str) -> LanguagePair:
        """The part of the memory that a request means. A test key has its own, and who is limited to projects gets
        their texts."""
        key = self.principal.api_key
        return LanguagePair(
            self.principal.organization_id,
            language_code(values["source_language"], f"{at}source_language"),
            language_code(values["language"], f"{at}language"),
            is_test=bool(key and key.is_test),
            project_limits=self.principal.project_limits,
        )


class MemoryViewSet(TranslationMemoryViewSet):
    @operation(
        scope="items:read",
        summary="Export the translation memory",
        description="A TMX 1.4 file with every approved translation between two languages, sentence by sentence, and "
        "with the imported segments. Blocks whose sentences can't be matched are one segment.",
        parameters=[MemoryQuery],
        responses={200: Binary(tmx.MEDIA_TYPE, "The file, streamed.")},
    )
    def export(self, request: SignedInRequest) -> StreamingHttpResponse:
        asked = self.asked(self.query(MemoryQuery), "?")
        name = f"memory-{asked.source}-{asked.language}.{tmx.EXTENSION}"
        return files.attachment(memory_files.export_file(asked), name, f"{tmx.MEDIA_TYPE}; charset=utf-8")

    @operation(
        scope="items:write",
        summary="Delete imported segments",
        description="Deletes what was imported between two languages. Approved texts stay in the memory.",
        parameters=[MemoryQuery],
        responses={200: DeletedSegments},
    )
    def destroy(self, request: HttpRequest) -> Response:
        asked = self.asked(self.query(MemoryQuery), "?")
        return Response({"deleted": memory_files.erase(asked)})


class MemoryImportViewSet(TranslationMemoryViewSet):
    parser_classes = MULTIPART

    @operation(
        scope="items:write",
        summary="Import a translation memory",
        description="Adds the segments of a TMX file to the organization's translation memory. A text whose "
        "sentences are all known is written without a model and costs nothing. Approved texts take precedence, and "
        "segments that depart from the glossary are not used. Files over 256 KiB are read by a `memory_import` job "
        "(202), whose `result` has the counts.",
        request={"multipart/form-data": MemoryFile},
        responses={200: MemoryImportReply, 202: MemoryImportReply},
        errors=(400, 409, 413, 415),
    )
    def load(self, request: SignedInRequest) -> Response:
        body = self.body(MemoryFile)
        upload = body["file"]
        done = memory_files.load(
            organization=request.user.organization,
            file=upload.file,
            name=upload.name or "memory.tmx",
            to=self.asked(body, "#/"),
            by=request.user,
        )
        return Response(done, status=202 if done["job_id"] else 200)
