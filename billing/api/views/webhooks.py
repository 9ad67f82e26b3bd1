"""Webhooks of the payment providers: verified by the raw body, stored, acknowledged; a task applies them."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.response import Response

from billing import provider_events
from billing.api.payment_serializers import WebhookReply
from integrations.payments.errors import BadSignature, NoSecret, Unreadable
from scribe.api import rate_limits
from scribe.api.access import PUBLIC
from scribe.api.addresses import client_address, network_of
from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet
from scribe.errors import InvalidInput, NotAuthenticated, NotConfigured


class WebhookViewSet(ScribeViewSet):
    authentication_classes: ClassVar[list[Any]] = []
    idempotent = False

    def _limit(self, default: str, who: str) -> None:
        """Count a delivery against the rate limit. Deliveries with a valid signature are never counted."""

    def _receive(self, request: Any, provider: str) -> Response:
        body = request._request.body  # the raw bytes, before anything parses them
        try:
            provider_events.receive(provider, body, request.headers)
        except NoSecret:
            raise NotConfigured(
                "Webhooks of this provider are not configured.", code="webhooks_not_configured"
            ) from None
        except BadSignature:
            rate_limits.check("bad_webhook", network_of(client_address(request)))
            raise NotAuthenticated("The signature does not fit.", code="bad_signature") from None
        except Unreadable:
            raise InvalidInput("The body is not an event.", code="malformed_event") from None
        return Response({"received": True})

    @operation(
        tag="paddle-webhooks",
        who=PUBLIC,
        summary="Handle Paddle Webhook",
        description="Events from Paddle, verified by their `Paddle-Signature`. Each is stored once and applied once.",
        request=None,
        responses={200: WebhookReply},
        errors=(400, 401, 413, 503),
    )
    def paddle(self, request: Any) -> Response:
        return self._receive(request, "paddle")

    @operation(
        tag="dodo-webhooks",
        who=PUBLIC,
        summary="Handle Dodo Webhook",
        description="Events from Dodo Payments, verified by Standard Webhooks signatures. Each is stored once and applied "
        "once.",
        request=None,
        responses={200: WebhookReply},
        errors=(400, 401, 413, 503),
    )
    def dodo(self, request: Any) -> Response:
        return self._receive(request, "dodo")
