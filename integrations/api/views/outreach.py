"""The pixel and the click of outreach mails."""

import base64

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.response import Response

from integrations import outreach
from scribe.api.access import PUBLIC
from scribe.api.schema import Binary, operation
from scribe.api.serializers import Request
from scribe.api.views import ScribeViewSet, SignedInRequest

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class ClickQuery(Request):
    url = serializers.CharField(max_length=outreach.LONGEST, trim_whitespace=False, help_text="The URL to redirect to.")


class OutreachViewSet(ScribeViewSet):
    tag = "outreach-tracking"
    idempotent = False

    def _limit(self, default: str, who: str) -> None:
        """Rate limits do not count the pixel: mail proxies that share addresses load it."""
        if self.action != "open":
            super()._limit(default, who)

    @operation(
        who=PUBLIC,
        summary="Track Open",
        description="Returns a transparent pixel that is never cached, also for unknown IDs. Opens by bots and "
        "repeated opens are not counted.",
        responses={200: Binary("image/png", "The pixel.")},
    )
    def open(self, request: SignedInRequest, prospect_id: str) -> HttpResponse:
        if request.method == "GET":
            outreach.count_open(prospect_id=prospect_id, headers=request.headers)
        pixel = HttpResponse(PIXEL, content_type="image/png")
        pixel["Cache-Control"] = "no-store, no-cache, must-revalidate, private, max-age=0"
        pixel["Pragma"] = "no-cache"
        pixel["Expires"] = "0"
        return pixel

    @operation(
        who=PUBLIC,
        summary="Track Click",
        description="Redirects to `url` if its host is allowed or is the prospect's own site. Otherwise returns 400.",
        parameters=[ClickQuery],
        responses={302: None},
    )
    def click(self, request: SignedInRequest, prospect_id: str) -> HttpResponse:
        prospect = outreach.find(prospect_id)
        url = outreach.check_link(self.query(ClickQuery)["url"], website=prospect.website if prospect else "")
        if prospect is not None:
            outreach.count_click(prospect=prospect, url=url, headers=request.headers)
        redirect = Response(status=302)
        redirect["Location"] = url
        redirect["Cache-Control"] = "no-store"
        redirect["Referrer-Policy"] = "no-referrer"
        return redirect
