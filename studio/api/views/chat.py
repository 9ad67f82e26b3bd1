"""Chatwoot's deliveries to the three bots. A request verifies, stores and acknowledges one; a task does the work."""

from functools import partial

import orjson
from rest_framework.request import Request
from rest_framework.response import Response

from scribe import sizes
from scribe.api.access import PUBLIC
from scribe.api.schema import operation
from scribe.api.signed_webhooks import SignedWebhooks
from scribe.errors import InvalidInput, NotAuthenticated
from scribe.messages import _
from studio.api.serializers import ChatReply
from studio.chat import bots, deliveries
from studio.chat.bots import Bot

received = partial(operation, who=PUBLIC, responses={200: ChatReply}, errors=(400, 401, 413, 503))


class ChatbotViewSet(SignedWebhooks):
    tag = "chatbot"

    def _receive(self, request: Request, bot: Bot) -> Response:
        body = request._request.body
        headers = request.headers
        try:
            bot.check_genuine(
                body,
                timestamp=headers.get("X-Chatwoot-Timestamp", ""),
                signature=headers.get("X-Chatwoot-Signature", ""),
                url_token=request.query_params.get("token", ""),
            )
        except NotAuthenticated as error:
            self._refuse(error)
        try:
            payload = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise InvalidInput(_("The delivery is not JSON."), code="malformed_json") from None
        if not isinstance(payload, dict):
            raise InvalidInput(_("The delivery is not a JSON object."), code="malformed_json")
        if sizes.deeper_than(payload):
            raise InvalidInput(_("The delivery is nested too deeply."), code="too_deep")
        outcome = deliveries.receive(bot=bot, payload=payload, delivery_id=headers.get("X-Chatwoot-Delivery", ""))
        return Response({"received": True, "outcome": outcome})

    @received(
        summary="Chatwoot Webhook",
        description="Receives events for the account bot. Verified by `X-Chatwoot-Signature` over `timestamp.body` "
        "if a secret is set, otherwise by `?token=`. Replies immediately and processes the event "
        "afterwards.",
    )
    def account(self, request: Request) -> Response:
        return self._receive(request, bots.ACCOUNT)

    @received(
        summary="Chatwoot Email Webhook",
        description="Receives events for the email bot, which adds an AI notice to its replies and has no account "
        "tools.",
    )
    def email(self, request: Request) -> Response:
        return self._receive(request, bots.EMAIL)

    @received(
        summary="Chatwoot Xtracode Webhook",
        description="Receives events for the THE XTRACODE bot, which answers from its own knowledge base.",
    )
    def xtracode(self, request: Request) -> Response:
        return self._receive(request, bots.XTRACODE)
