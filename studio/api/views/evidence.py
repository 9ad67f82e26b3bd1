"""Evidence on file for claims that a rule of law forbids without it."""

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response

from scribe import storage
from scribe.api.access import ADMINS, VIEWERS
from scribe.api.pagination import bare_array
from scribe.api.renderers import FORM_OR_JSON
from scribe.api.schema import ListOf, operation
from scribe.api.serializers import Reply, Request
from scribe.api.views import ScribeViewSet
from scribe.types import Json
from studio import evidence
from writing.models import Evidence

CLAIMS = "The words that it covers, each as a sentence says them, such as the name of a label. Case does not matter."


class EvidenceCreation(Request):
    name = serializers.CharField(max_length=200, help_text="Such as EU Ecolabel.")
    number = serializers.CharField(max_length=100)
    rule = serializers.CharField(
        max_length=60, help_text="The code of the legal rule it satisfies: the `rule` of a finding."
    )
    claims = serializers.ListField(
        child=serializers.CharField(min_length=3, max_length=200), min_length=1, max_length=20, help_text=CLAIMS
    )
    valid_until = serializers.DateField(help_text="Its last day.")
    file = serializers.FileField(required=False, help_text="A PDF, PNG or JPEG of up to 10 MB.")


class EvidenceReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    number = serializers.CharField()
    rule = serializers.CharField()
    claims = serializers.ListField(child=serializers.CharField())
    valid_until = serializers.DateField()
    file_url = serializers.CharField(allow_blank=True, help_text="Empty without a file.")


def reply_of(row: Evidence) -> Json:
    url = storage.url(row.file_key) if row.file_key else ""
    return EvidenceReply.of(row, file_url=url, valid_until=row.valid_until.isoformat())


class EvidenceViewSet(ScribeViewSet):
    tag = "evidence"
    parser_classes = FORM_OR_JSON

    @operation(
        who=VIEWERS,
        summary="List evidence on file",
        description="Evidence, such as certificates, that allows claims which a legal rule otherwise forbids. This "
        "is not legal advice.",
        responses={200: ListOf(EvidenceReply)},
    )
    def list(self, request: HttpRequest) -> HttpResponse:
        return bare_array(request, Evidence.objects.visible_to(self.principal), reply_of)

    @operation(
        who=ADMINS,
        summary="File evidence",
        description="Until the end of its last day, sentences with one of its `claims` are not a finding of its "
        "`rule`. After that, texts that rely on it are flagged again.",
        request=EvidenceCreation,
        responses={201: EvidenceReply},
        errors=(400, 409, 413),
    )
    def create(self, request: HttpRequest) -> Response:
        body = self.body(EvidenceCreation)
        made = evidence.add(by=self.principal, file=body.pop("file", None), **body)
        return Response(reply_of(made), status=201)

    @operation(
        who=ADMINS,
        summary="Remove evidence",
        description="Deletes the evidence. Texts that rely on it are flagged again.",
        responses={204: None},
        errors=(404,),
    )
    def destroy(self, request: HttpRequest, evidence_id: str) -> Response:
        evidence.remove(evidence=self.row(Evidence.objects.all(), evidence_id), by=self.principal)
        return Response(status=204)
