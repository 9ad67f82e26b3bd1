"""Chatwoot's deliveries to the three bots. A request verifies, stores and acknowledges one; a task does the work."""

from __future__ import annotations

from typing import Any

import orjson
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from scribe import depth
from scribe.api import rate_limits
from scribe.api.access import PUBLIC
from scribe.api.addresses import client_address, network_of
from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet
from scribe.errors import InvalidInput, NotAuthenticated
from studio.api.serializers import ChatReply
from studio.chat import bots, deliveries
from studio.chat.bots import Bot


class AnyBody(BaseParser):
    """Read the body unparsed, because the signature is over the raw body."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> bytes:
        return bytes(stream.read())


class ChatbotViewSet(ScribeViewSet):
    """Rate limits count forged deliveries only."""

    parser_classes = [AnyBody]
    idempotent = False

    def _limit(self, default: str, who: str) -> None:
        """Count nothing yet: `_receive` counts a delivery that is forged."""

    def _receive(self, request: Any, bot: Bot) -> Response:
        body = request._request.body
        headers = request.headers
        try:
            bot.check_genuine(
                body,
                timestamp=headers.get("X-Chatwoot-Timestamp", ""),
                signature=headers.get("X-Chatwoot-Signature", ""),
                url_token=request.query_params.get("token", ""),
            )
        except NotAuthenticated:
            rate_limits.check("bad_webhook", network_of(client_address(request)))
            raise
        try:
            payload = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise InvalidInput("The delivery is not JSON.", code="malformed_json") from None
        if not isinstance(payload, dict):
            raise InvalidInput("The delivery is not a JSON object.", code="malformed_json")
        if depth.deeper_than(payload):
            raise InvalidInput("The delivery is nested too deeply.", code="too_deep")
        outcome = deliveries.receive(bot=bot, payload=payload, delivery_id=headers.get("X-Chatwoot-Delivery", ""))
        return Response({"received": True, "outcome": outcome})

    @operation(
        tag="chatbot",
        who=PUBLIC,
        summary="Chatwoot Webhook",
        description="Events of the account bot. Signed (`X-Chatwoot-Signature` over `timestamp.body`) when a secret is set, "
        "else by `?token=`. Answered at once and worked on afterwards.",
        responses={200: ChatReply},
        errors=(400, 401, 413, 503),
    )
    def account(self, request: Any) -> Response:
        return self._receive(request, bots.ACCOUNT)

    @operation(
        tag="chatbot",
        who=PUBLIC,
        summary="Chatwoot Email Webhook",
        description="Events of the e-mail bot, which has an AI notice and no account tools.",
        responses={200: ChatReply},
        errors=(400, 401, 413, 503),
    )
    def email(self, request: Any) -> Response:
        return self._receive(request, bots.EMAIL)

    @operation(
        tag="chatbot",
        who=PUBLIC,
        summary="Chatwoot Xtracode Webhook",
        description="Events of THE XTRACODE bot, which answers from its own knowledge.",
        responses={200: ChatReply},
        errors=(400, 401, 413, 503),
    )
    def xtracode(self, request: Any) -> Response:
        return self._receive(request, bots.XTRACODE)
