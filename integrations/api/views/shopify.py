"""The Shopify app: installation from both sides, and its webhooks."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpResponseRedirect
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from integrations import connections
from integrations.api.serializers import (
    ConnectionReply,
    ShopifyAppQuery,
    ShopifyCallbackQuery,
    ShopifyConnectQuery,
    ShopifyFinalization,
    ShopifyUrlReply,
    ShopifyWebhookReply,
    shown,
)
from integrations.models import StoreConnection
from integrations.shopify import installs, webhooks
from scribe.api import idempotency, rate_limits
from scribe.api.access import ADMINS, PUBLIC
from scribe.api.addresses import client_address, network_of
from scribe.api.schema import operation
from scribe.api.views import ScribeViewSet
from scribe.errors import NotAuthenticated


class RedirectAnywhere(HttpResponseRedirect):
    allowed_schemes = ["http", "https"]


class ShopifyViewSet(ScribeViewSet):
    @operation(
        tag="shopify",
        summary="Shopify Install Url",
        description="The app's page at Shopify, where an installation can begin.",
        responses={200: ShopifyUrlReply},
        errors=(503,),
    )
    def install_url(self, request: Any) -> Response:
        return Response({"url": installs.install_url()})

    @operation(
        tag="shopify",
        who=ADMINS,
        lasting=True,  # it begins an authorization
        summary="Shopify Connect",
        description="The address that asks a known shop for access. `connection_type=blog` asks for blog posts only, "
        "`translations=true` for the leave to write translations too.",
        parameters=[ShopifyConnectQuery],
        responses={200: ShopifyUrlReply},
        errors=(400, 403, 503),
    )
    def connect(self, request: Any) -> Response:
        query = self.query(ShopifyConnectQuery)
        url = installs.begin(
            shop=query["shop"],
            purpose=query["connection_type"],
            by=request.user,
            translations=query["translations"],
        )
        return Response({"url": url})

    @operation(
        tag="shopify",
        who=PUBLIC,
        summary="Shopify App",
        description="The app's address: an installation that begins at Shopify's side goes straight on to ask for access.",
        parameters=[ShopifyAppQuery],
        responses={302: None},
        errors=(400, 503),
    )
    def app(self, request: Any) -> RedirectAnywhere:
        query = installs.check_signed(_pairs(request))
        return RedirectAnywhere(installs.begin(shop=query["shop"], purpose="store"))

    @operation(
        tag="shopify",
        who=PUBLIC,
        summary="Shopify Callback",
        description="Checks the signature, the shop, the time and the single-use state, and sends the browser on to the front "
        "end with `shop`, `code` and a one-time `install` token for `finalize`; until then the connection is `pending`. A "
        "deployment with SHOPIFY_CALLBACK_CONNECTS connects at once and redirects with `status` and `connection_id`.",
        parameters=[ShopifyCallbackQuery],
        responses={302: None},
        errors=(400, 503),
    )
    def callback(self, request: Any) -> RedirectAnywhere:
        return RedirectAnywhere(installs.callback(_pairs(request)))

    @operation(
        tag="shopify",
        who=ADMINS,
        summary="Shopify Finalize",
        description="Finishes an installation with the `shop`, `code` and `install` of the redirect: one that the caller began "
        "(another's is 403 `install_of_another`), or one that began at Shopify's side. The connection is `active` then.",
        request=ShopifyFinalization,
        responses={200: ConnectionReply},
        errors=(400, 403, 409, 502, 503, 504),
    )
    def finalize(self, request: Any) -> Response:
        body = self.body(ShopifyFinalization)

        def answer(made: StoreConnection) -> Response:
            rows = connections.listed(StoreConnection.objects.visible_to(request.user))
            return Response(shown(rows.get(pk=made.pk)))

        return answer(installs.finalize(by=request.user, last=lambda made: idempotency.keep(answer(made)), **body))


def _pairs(request: Any) -> list[tuple[str, str]]:
    return parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)


class RawParser(BaseParser):
    """Leaves the body unparsed: the signature covers the raw bytes."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return stream.read()


class ShopifyWebhookViewSet(ScribeViewSet):
    """Webhooks signed by Shopify. Rate limits count only those with a bad signature."""

    parser_classes = [RawParser]
    idempotent = False

    def _limit(self, default: str, who: str) -> None:
        """Counted when the signature turns out to be bad."""

    def _receive(self, request: Any, topic: str) -> Response:
        body = request._request.body
        headers = request.headers
        try:
            webhooks.check_signed(body, headers.get("X-Shopify-Hmac-Sha256", ""))
        except NotAuthenticated:
            rate_limits.check("bad_webhook", network_of(client_address(request)))
            raise
        delivery = webhooks.receive(
            topic=topic or headers.get("X-Shopify-Topic", "").lower(),
            body=body,
            webhook_id=headers.get("X-Shopify-Webhook-Id", "")[:255],
            shop=headers.get("X-Shopify-Shop-Domain", ""),
            triggered_at=headers.get("X-Shopify-Triggered-At", ""),
        )
        return Response({"received": True, "outcome": delivery.outcome})

    @operation(
        tag="shopify",
        who=PUBLIC,
        summary="Shopify Uninstalled Webhook",
        description="The app was removed: the shop's connections become inactive and lose their tokens.",
        responses={200: ShopifyWebhookReply},
        errors=(400, 401, 413, 503),
    )
    def uninstalled(self, request: Any) -> Response:
        return self._receive(request, webhooks.UNINSTALLED)

    @operation(
        tag="shopify",
        who=PUBLIC,
        summary="Shopify Customers Data Request",
        description="We hold no data about a shop's customers.",
        responses={200: ShopifyWebhookReply},
        errors=(400, 401, 413, 503),
    )
    def data_request(self, request: Any) -> Response:
        return self._receive(request, webhooks.DATA_REQUEST)

    @operation(
        tag="shopify",
        who=PUBLIC,
        summary="Shopify Customers Redact",
        description="We hold no data about a shop's customers.",
        responses={200: ShopifyWebhookReply},
        errors=(400, 401, 413, 503),
    )
    def customers_redact(self, request: Any) -> Response:
        return self._receive(request, webhooks.CUSTOMERS_REDACT)

    @operation(
        tag="shopify",
        who=PUBLIC,
        summary="Shopify Shop Redact",
        description="48 hours after an uninstall: the shop's credentials are erased.",
        responses={200: ShopifyWebhookReply},
        errors=(400, 401, 413, 503),
    )
    def shop_redact(self, request: Any) -> Response:
        return self._receive(request, webhooks.SHOP_REDACT)

    @operation(
        tag="shopify",
        who=PUBLIC,
        summary="Shopify Compliance Webhook",
        description="The one address for all compliance topics; `X-Shopify-Topic` tells them apart.",
        responses={200: ShopifyWebhookReply},
        errors=(400, 401, 413, 503),
    )
    def compliance(self, request: Any) -> Response:
        return self._receive(request, "")
