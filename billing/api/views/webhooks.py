"""Webhooks of the payment providers: verified by the raw body, stored, acknowledged; a task applies them."""

from rest_framework.request import Request
from rest_framework.response import Response

from billing import provider_events
from billing.api.serializers import WebhookReply
from integrations.payments.errors import BadSignature, NoSecret, Unreadable
from scribe.api.access import PUBLIC
from scribe.api.schema import operation
from scribe.api.signed_webhooks import SignedWebhooks
from scribe.errors import InvalidInput, NotAuthenticated, NotConfigured
from scribe.messages import _


class WebhookViewSet(SignedWebhooks):
    authentication_classes = ()

    def _receive(self, request: Request, provider: str) -> Response:
        body = request._request.body  # the raw bytes, before anything parses them
        try:
            provider_events.receive(provider, body, request.headers)
        except NoSecret:
            raise NotConfigured(
                _("Webhooks from this provider are not set up on this server."), code="webhooks_not_configured"
            ) from None
        except BadSignature:
            self._refuse(
                NotAuthenticated(_("The signature does not match. Check the signing secret."), code="bad_signature")
            )
        except Unreadable:
            raise InvalidInput(_("The request body is not an event."), code="malformed_event") from None
        return Response({"received": True})

    @operation(
        tags=["paddle-webhooks"],
        who=PUBLIC,
        summary="Handle Paddle Webhook",
        description="Receives events from Paddle, verified by `Paddle-Signature`. Each event is stored and applied "
        "once.",
        request=None,
        responses={200: WebhookReply},
        errors=(400, 401, 413, 503),
    )
    def paddle(self, request: Request) -> Response:
        return self._receive(request, "paddle")

    @operation(
        tags=["dodo-webhooks"],
        who=PUBLIC,
        summary="Handle Dodo Webhook",
        description="Receives events from Dodo Payments, verified by Standard Webhooks signatures. Each event is "
        "stored and applied once.",
        request=None,
        responses={200: WebhookReply},
        errors=(400, 401, 413, 503),
    )
    def dodo(self, request: Request) -> Response:
        return self._receive(request, "dodo")
