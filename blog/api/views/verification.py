"""Hold a published page against the record."""

from rest_framework import serializers
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response

from blog import published
from scribe.api.fields import Choice
from scribe.api.schema import operation
from scribe.api.serializers import Reply, Request
from scribe.api.views import ScribeViewSet

STATES = ["same", "changed", "missing"]


class VerificationRequest(Request):
    url = serializers.URLField(max_length=2048, help_text="The public URL of a product, page or post.")


class WordChange(Reply):
    ours = serializers.CharField(allow_blank=True)
    page = serializers.CharField(allow_blank=True)


class PageText(Reply):
    field = serializers.CharField()
    state = Choice(choices=STATES)
    changes = WordChange(many=True, help_text="The words that differ.")


class ShopText(Reply):
    field = serializers.CharField()
    state = Choice(choices=STATES)


class VerificationReply(Reply):
    kind = Choice(choices=["item", "post"])
    id = serializers.CharField(help_text="Who generated and approved it is in its `provenance`.")
    project_id = serializers.CharField()
    language = serializers.CharField(allow_blank=True)
    approved = serializers.BooleanField(help_text="Whether the current texts here are approved.")
    url = serializers.CharField()
    matches = serializers.BooleanField(help_text="Whether the page and the store show our texts.")
    page = PageText(
        many=True,
        help_text="Whether the words are the same, ignoring quotes, dashes and spaces, which stores may change.",
    )
    shop = ShopText(many=True, help_text="Whether the store's API returns exactly the text of our last sync.")
    shop_refused = serializers.CharField(allow_blank=True, help_text="Why the store's API could not be read.")


class VerificationViewSet(ScribeViewSet):
    tag = "items"

    @operation(
        scope="items:read",
        live=True,
        summary="Hold a published page against the record",
        description="Compares the public page of a synced item or a published post, and the texts from the store's "
        "API, with our record. Other URLs return 404 `nothing_published_there` and are not loaded. "
        "Nothing is changed.",
        request=VerificationRequest,
        responses={200: VerificationReply},
        errors=(400, 404, 502, 504),
    )
    def verify(self, request: HttpRequest) -> Response:
        return Response(published.verify(self.principal, self.body(VerificationRequest)["url"]))
