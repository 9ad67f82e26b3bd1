"""The glossary: a merchant's terms, and their CSV."""

from dataclasses import asdict
from functools import partial

from django.http import HttpResponse, StreamingHttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from projects import changed_terms, glossary, glossary_csv
from projects.api.serializers import glossary as shapes
from projects.models import ContentProfile, GlossaryTerm
from scribe.api import files
from scribe.api.pagination import bare_array
from scribe.api.renderers import MULTIPART
from scribe.api.schema import Binary, ListOf, operation
from scribe.api.views import ScribeViewSet, SignedInRequest, versioned_reply
from scribe.rows import OrganizationQuerySet
from scribe.types import Json

writes = partial(operation, scope="glossary:write", support=True)


class GlossaryViewSet(ScribeViewSet):
    tag = "glossary"
    whole_actions = frozenset({"create"})

    def term(self) -> GlossaryTerm:
        return self.row(GlossaryTerm.objects.all(), self.kwargs["term_id"])

    def standing(self) -> Json:
        """The term of this path as it is now."""
        return shapes.TermReply.of(self.term())

    def profile(self, profile_id: str | None) -> ContentProfile | None:
        return self.row(ContentProfile.objects.all(), profile_id) if profile_id else None

    def asked(self) -> OrganizationQuerySet[GlossaryTerm]:
        query = self.query(shapes.TermQuery)
        language = query.get("language")
        return glossary.filter_terms(
            GlossaryTerm.objects.visible_to(self.principal),
            profile=self.profile(query.get("profile_id")),
            language=glossary.language_code(language, "?language") if language else "",
            search=query.get("search") or "",
        )

    @operation(
        scope="glossary:read",
        summary="List Terms",
        parameters=[shapes.TermQuery],
        responses={200: ListOf(shapes.TermReply)},
    )
    def list(self, request: SignedInRequest) -> HttpResponse:
        return bare_array(request, self.asked(), shapes.TermReply.of)

    @writes(
        summary="Add Term",
        request=shapes.TermCreation,
        responses={201: shapes.TermReply},
        errors=(400, 404, 409),
    )
    def create(self, request: SignedInRequest) -> Response:
        body = self.body(shapes.TermCreation)
        profile = self.profile(body.pop("profile_id", None))
        term = changed_terms.create(profile=profile, values=body, by=request.user)
        return versioned_reply(shapes.TermReply.of(term), 201)

    @operation(scope="glossary:read", summary="Get Term", responses={200: shapes.TermReply})
    def retrieve(self, request: Request, term_id: str) -> Response:
        return versioned_reply(shapes.TermReply.of(self.term()))

    @writes(
        summary="Update Term",
        description="Changes only the fields you send. Set a language in `targets` to `null` to remove it.",
        request=shapes.TermUpdate,
        responses={200: shapes.TermReply},
        errors=(400, 404, 409, 412),
    )
    def update(self, request: SignedInRequest, term_id: str) -> Response:
        term = self.term()
        body = self.body(shapes.TermUpdate)
        with self.changing(term, self.standing, claim=False):
            changed = changed_terms.update(term=term, values=body, by=request.user, accepted=self.if_match())
            changed.read_version()
        return versioned_reply(shapes.TermReply.of(changed))

    @operation(scope="glossary:write", summary="Delete Term", responses={204: None}, errors=(404, 412))
    def destroy(self, request: Request, term_id: str) -> Response:
        term = self.term()
        with self.changing(term, self.standing):
            glossary.delete(term=term)
        return Response(status=204)

    @operation(
        scope="glossary:read",
        summary="Export Glossary",
        description="A CSV file with one row per term and, for each language, the word, other forms, forbidden "
        "words and note. It can be imported again.",
        parameters=[shapes.TermQuery],
        responses={200: Binary("text/csv", "The CSV.")},
    )
    def export(self, request: Request) -> StreamingHttpResponse:
        return files.attachment(glossary_csv.export_lines(self.asked()), "glossary.csv")


class GlossaryImportViewSet(ScribeViewSet):
    tag = "glossary"
    parser_classes = MULTIPART

    @writes(
        summary="Import Glossary",
        description="Adds the terms of a CSV file. Existing terms are updated in the languages that a row fills in, and only "
        "in what the file has columns for. "
        "Rows that can't be read are listed with their line numbers.",
        request=shapes.GlossaryFile,
        responses={200: shapes.GlossaryImportReply},
        errors=(400, 404, 409, 413),
    )
    def load(self, request: SignedInRequest) -> Response:
        body = self.body(shapes.GlossaryFile)
        profile_id = body.get("profile_id")
        profile = self.row(ContentProfile.objects.all(), profile_id) if profile_id else None
        language = glossary.language_code(body.get("language") or "en", "#/language")
        done = glossary_csv.import_csv(
            organization=request.user.organization, profile=profile, file=body["file"].file, language=language
        )
        return Response(asdict(done))
