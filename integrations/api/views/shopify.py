"""The Shopify app: installation from both sides, and its webhooks."""

from functools import partial
from urllib.parse import parse_qsl

from django.http import HttpResponseRedirect
from rest_framework.response import Response

from integrations import connections
from integrations.api import serializers as shapes
from integrations.models import StoreConnection
from integrations.shopify import installs, webhooks
from scribe.api import idempotency
from scribe.api.access import ADMINS, PUBLIC
from scribe.api.schema import operation
from scribe.api.signed_webhooks import SignedWebhooks
from scribe.api.views import ScribeViewSet, SignedInRequest
from scribe.errors import NotAuthenticated

public = partial(operation, who=PUBLIC)
received = partial(public, responses={200: shapes.ShopifyWebhookReply}, errors=(400, 401, 413, 503))


class RedirectAnywhere(HttpResponseRedirect):
    allowed_schemes = ["http", "https"]


class ShopifyViewSet(ScribeViewSet):
    tag = "shopify"

    @operation(
        summary="Shopify Install Url",
        description="The app's page at Shopify, where an installation can be started.",
        responses={200: shapes.ShopifyUrlReply},
        errors=(503,),
    )
    def install_url(self, request: SignedInRequest) -> Response:
        return Response({"url": installs.install_url()})

    @operation(
        who=ADMINS,
        lasting=True,  # it begins an authorization
        summary="Shopify Connect",
        description="Returns the URL at which a store grants access. `connection_type=blog` asks for access to blog "
        "posts only; `translations=true` also asks for permission to write translations.",
        parameters=[shapes.ShopifyConnectQuery],
        responses={200: shapes.ShopifyUrlReply},
        errors=(400, 403, 503),
    )
    def connect(self, request: SignedInRequest) -> Response:
        query = self.query(shapes.ShopifyConnectQuery)
        url = installs.start(
            shop=query["shop"],
            purpose=query["connection_type"],
            by=request.user,
            translations=query["translations"],
        )
        return Response({"url": url})

    @public(
        summary="Shopify App",
        description="The app's URL. An installation that starts in Shopify is redirected from here to grant access.",
        parameters=[shapes.ShopifyAppQuery],
        responses={302: None},
        errors=(400, 503),
    )
    def app(self, request: SignedInRequest) -> RedirectAnywhere:
        query = installs.check_signed(_pairs(request))
        return RedirectAnywhere(installs.start(shop=query["shop"], purpose="store"))

    @public(
        summary="Shopify Callback",
        description="Verifies the signature, the store, the time and the single-use state, then redirects the "
        "browser to the front end with `shop`, `code` and a one-time `install` token for `finalize`. "
        "Until then the connection is `pending`. On a server with SHOPIFY_CALLBACK_CONNECTS, connects "
        "immediately and redirects with `status` and `connection_id`.",
        parameters=[shapes.ShopifyCallbackQuery],
        responses={302: None},
        errors=(400, 503),
    )
    def callback(self, request: SignedInRequest) -> RedirectAnywhere:
        return RedirectAnywhere(installs.callback(_pairs(request)))

    @operation(
        who=ADMINS,
        summary="Shopify Finalize",
        description="Completes an installation with the `shop`, `code` and `install` values from the redirect and "
        "sets the connection to `active`. The installation must have been started by the caller "
        "(otherwise 403 `install_of_another`) or in Shopify.",
        request=shapes.ShopifyFinalization,
        responses={200: shapes.ConnectionReply},
        errors=(400, 403, 409, 502, 503, 504),
    )
    def finalize(self, request: SignedInRequest) -> Response:
        body = self.body(shapes.ShopifyFinalization)

        def answer(made: StoreConnection) -> Response:
            rows = connections.with_project_counts(StoreConnection.objects.visible_to(request.user))
            return Response(shapes.reply_of(rows.get(pk=made.pk)))

        return answer(installs.finalize(by=request.user, last=lambda made: idempotency.keep(answer(made)), **body))


def _pairs(request: SignedInRequest) -> list[tuple[str, str]]:
    return parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)


class ShopifyWebhookViewSet(SignedWebhooks):
    tag = "shopify"

    def _receive(self, request: SignedInRequest, topic: str) -> Response:
        body = request._request.body
        headers = request.headers
        try:
            webhooks.check_signed(body, headers.get("X-Shopify-Hmac-Sha256", ""))
        except NotAuthenticated as error:
            self._refuse(error)
        delivery = webhooks.receive(
            topic=topic or headers.get("X-Shopify-Topic", "").lower(),
            body=body,
            webhook_id=headers.get("X-Shopify-Webhook-Id", "")[:255],
            shop=headers.get("X-Shopify-Shop-Domain", ""),
            triggered_at=headers.get("X-Shopify-Triggered-At", ""),
        )
        return Response({"received": True, "outcome": delivery.outcome})

    @received(
        summary="Shopify Uninstalled Webhook",
        description="Sent when the app is removed. Deactivates the store's connections and erases their tokens.",
    )
    def uninstalled(self, request: SignedInRequest) -> Response:
        return self._receive(request, webhooks.UNINSTALLED)

    @received(
        summary="Shopify Customers Data Request",
        description="We store no data about a store's customers.",
    )
    def data_request(self, request: SignedInRequest) -> Response:
        return self._receive(request, webhooks.DATA_REQUEST)

    @received(
        summary="Shopify Customers Redact",
        description="We store no data about a store's customers.",
    )
    def customers_redact(self, request: SignedInRequest) -> Response:
        return self._receive(request, webhooks.CUSTOMERS_REDACT)

    @received(
        summary="Shopify Shop Redact",
        description="Sent 48 hours after an uninstall. Erases the store's credentials.",
    )
    def shop_redact(self, request: SignedInRequest) -> Response:
        return self._receive(request, webhooks.SHOP_REDACT)

    @received(
        summary="Shopify Compliance Webhook",
        description="Receives all compliance webhooks; `X-Shopify-Topic` has the topic.",
    )
    def compliance(self, request: SignedInRequest) -> Response:
        return self._receive(request, "")
