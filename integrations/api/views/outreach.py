"""The pixel and the click of outreach mails."""

from __future__ import annotations

import base64
from typing import Any

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.response import Response

from integrations.outreach import hits, links
from scribe.api.access import PUBLIC
from scribe.api.schema import Binary, operation
from scribe.api.serializers import Request
from scribe.api.views import ScribeViewSet

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class ClickQuery(Request):
    url = serializers.CharField(max_length=links.LONGEST, trim_whitespace=False, help_text="Where the click leads.")


class OutreachViewSet(ScribeViewSet):
    idempotent = False

    def _limit(self, default: str, who: str) -> None:
        """Rate limits do not count the pixel: mail proxies that share addresses load it."""
        if self.action != "open":
            super()._limit(default, who)

    @operation(
        tag="outreach-tracking",
        who=PUBLIC,
        summary="Track Open",
        description="A transparent pixel, never cached, for unknown ids too. Opens by robots and repeats are not counted.",
        responses={200: Binary("image/png", "The pixel.")},
    )
    def open(self, request: Any, prospect_id: str) -> HttpResponse:
        if request.method == "GET":
            hits.opened(prospect_id=prospect_id, headers=request.headers)
        pixel = HttpResponse(PIXEL, content_type="image/png")
        pixel["Cache-Control"] = "no-store, no-cache, must-revalidate, private, max-age=0"
        pixel["Pragma"] = "no-cache"
        pixel["Expires"] = "0"
        return pixel

    @operation(
        tag="outreach-tracking",
        who=PUBLIC,
        summary="Track Click",
        description="Redirects to `url` if its host is exactly an allowed one or the prospect's own site; else 400.",
        parameters=[ClickQuery],
        responses={302: None},
        errors=(400,),
    )
    def click(self, request: Any, prospect_id: str) -> HttpResponse:
        prospect = hits.find(prospect_id)
        url = links.checked(self.query(ClickQuery)["url"], website=prospect.website if prospect else "")
        if prospect is not None:
            hits.clicked(prospect=prospect, url=url, headers=request.headers)
        redirect = Response(status=302)
        redirect["Location"] = url
        redirect["Cache-Control"] = "no-store"
        redirect["Referrer-Policy"] = "no-referrer"
        return redirect
