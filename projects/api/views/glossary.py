"""The glossary: a merchant's terms, and their CSV."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from rest_framework.response import Response

from projects import glossary, glossary_csv
from projects.api.serializers.glossary import (
    GlossaryFile,
    GlossaryImportReply,
    TermCreation,
    TermQuery,
    TermReply,
    TermUpdate,
    shown,
)
from projects.models import ContentProfile, GlossaryTerm
from scribe.api.pagination import bare_array
from scribe.api.renderers import MULTIPART
from scribe.api.schema import Binary, ListOf, operation
from scribe.api.views import ScribeViewSet, versioned
from scribe.rows import OrganizationQuerySet

TAG = "glossary"


class GlossaryViewSet(ScribeViewSet):
    whole_actions = frozenset({"create"})

    def term(self) -> GlossaryTerm:
        return self.row(GlossaryTerm.objects.all(), self.kwargs["term_id"])

    def standing(self) -> dict[str, Any]:
        """The term of this path as it is now."""
        return shown(self.term())

    def profile(self, profile_id: str | None) -> ContentProfile | None:
        return self.row(ContentProfile.objects.all(), profile_id) if profile_id else None

    def asked(self) -> OrganizationQuerySet:
        """The terms that the query asks for."""
        query = self.query(TermQuery)
        language = query.get("language")
        return glossary.chosen(
            GlossaryTerm.objects.visible_to(self.principal),
            profile=self.profile(query.get("profile_id")),
            language=glossary.language_code(language, "?language") if language else "",
            search=query.get("search") or "",
        )

    @operation(
        tag=TAG,
        scope="glossary:read",
        summary="List Terms",
        parameters=[TermQuery],
        responses={200: ListOf(TermReply)},
        errors=(400, 404),
    )
    def list(self, request: Any) -> HttpResponse:
        return bare_array(request, self.asked(), shown)

    @operation(
        tag=TAG,
        scope="glossary:write",
        support=True,
        summary="Add Term",
        request=TermCreation,
        responses={201: TermReply},
        errors=(400, 404, 409),
    )
    def create(self, request: Any) -> Response:
        body = self.body(TermCreation)
        profile = self.profile(body.pop("profile_id", None))
        term = glossary.create(organization=request.user.organization, profile=profile, values=body)
        return versioned(shown(term), 201)

    @operation(tag=TAG, scope="glossary:read", summary="Get Term", responses={200: TermReply}, errors=(404,))
    def retrieve(self, request: Any, term_id: str) -> Response:
        return versioned(shown(self.term()))

    @operation(
        tag=TAG,
        scope="glossary:write",
        support=True,
        summary="Update Term",
        description="Sets what is sent and leaves the rest. A language of `targets` that is null is removed.",
        request=TermUpdate,
        responses={200: TermReply},
        errors=(400, 404, 409, 412),
    )
    def update(self, request: Any, term_id: str) -> Response:
        term = self.term()
        body = self.body(TermUpdate)
        with self.changing(term, self.standing, claim=False):
            changed = glossary.update(term=term, values=body, accepted=self.if_match())
            changed.read_version()
        return versioned(shown(changed))

    @operation(tag=TAG, scope="glossary:write", summary="Delete Term", responses={204: None}, errors=(404, 412))
    def destroy(self, request: Any, term_id: str) -> Response:
        term = self.term()
        with self.changing(term, self.standing):
            glossary.delete(term=term)
        return Response(status=204)

    @operation(
        tag=TAG,
        scope="glossary:read",
        summary="Export Glossary",
        description="CSV: a row per term, and for each language its word, forms, forbidden words and note. The import reads it back.",
        parameters=[TermQuery],
        responses={200: Binary("text/csv", "The CSV.")},
        errors=(400, 404),
    )
    def export(self, request: Any) -> StreamingHttpResponse:
        response = StreamingHttpResponse(glossary_csv.exported(self.asked()), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="glossary.csv"'
        return response


class GlossaryImportViewSet(ScribeViewSet):
    parser_classes = MULTIPART

    @operation(
        tag=TAG,
        scope="glossary:write",
        support=True,
        summary="Import Glossary",
        description="Adds the terms of a CSV, and updates those that are there in the languages that a row fills. A row that can't be read is "
        "refused by its line.",
        request=GlossaryFile,
        responses={200: GlossaryImportReply},
        errors=(400, 404, 409, 413),
    )
    def load(self, request: Any) -> Response:
        body = self.body(GlossaryFile)
        profile_id = body.get("profile_id")
        profile = self.row(ContentProfile.objects.all(), profile_id) if profile_id else None
        language = glossary.language_code(body.get("language") or "en", "#/language")
        done = glossary_csv.import_csv(
            organization=request.user.organization, profile=profile, file=body["file"].file, language=language
        )
        return Response(asdict(done))
