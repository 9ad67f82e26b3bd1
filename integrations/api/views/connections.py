"""Store connections."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from integrations import connections
from integrations.api.serializers import (
    ConnectionCreation,
    ConnectionReply,
    ConnectionTestReply,
    ConnectionUpdate,
    shown,
)
from integrations.models import StoreConnection
from integrations.stores.wordpress import guard
from scribe.api import idempotency
from scribe.api.access import ADMINS
from scribe.api.pagination import bare_array
from scribe.api.schema import Binary, ListOf, operation
from scribe.api.views import ScribeViewSet


class StoreConnectionViewSet(ScribeViewSet):
    def connection(self, connection_id: str) -> Any:
        return self.row(connections.listed(StoreConnection.objects.all()), connection_id)

    @operation(
        tag="store-connections",
        scope="connections:read",
        summary="List store connections",
        description="All store connections of the organization, newest first, each with the number of linked projects.",
        responses={200: ListOf(ConnectionReply)},
        errors=(400,),
    )
    def list(self, request: Any) -> HttpResponse:
        rows = connections.listed(StoreConnection.objects.visible_to(request.user))
        return bare_array(request, rows, shown)

    @operation(
        tag="store-connections",
        scope="connections:write",
        who=ADMINS,
        summary="Create store connection",
        description="WooCommerce takes `consumer_key` and `consumer_secret`, Shopify and Magento `access_token` (Magento "
        "also OAuth 1.0a with all four secrets), WordPress the user in `consumer_key` and an application password in "
        "`consumer_secret`. Secrets are encrypted and never shown again.",
        request=ConnectionCreation,
        responses={201: ConnectionReply},
        errors=(400, 403),
    )
    def create(self, request: Any) -> Response:
        body = self.body(ConnectionCreation)

        def reply(made: StoreConnection) -> Response:
            return Response(shown(self.connection(str(made.pk))), status=201)

        return reply(
            connections.create(
                organization=request.user.organization,
                by=request.user,
                last=lambda made: idempotency.keep(reply(made)),
                **body,
            )
        )

    @operation(
        tag="store-connections",
        scope="connections:read",
        summary="Get store connection",
        description="One store connection with the number of linked projects.",
        responses={200: ConnectionReply},
        errors=(404,),
    )
    def retrieve(self, request: Any, connection_id: str) -> Response:
        return Response(shown(self.connection(connection_id)))

    @operation(
        tag="store-connections",
        scope="connections:write",
        who=ADMINS,
        summary="Update store connection",
        description="Changes what is given. Another host erases the stored secrets unless new ones come along.",
        request=ConnectionUpdate,
        responses={200: ConnectionReply},
        errors=(400, 403, 404),
    )
    def partial_update(self, request: Any, connection_id: str) -> Response:
        connection = self.connection(connection_id)
        body = self.body(ConnectionUpdate)
        connections.update(connection=connection, by=request.user, **body)
        return Response(shown(self.connection(connection_id)))

    @operation(
        tag="store-connections",
        scope="connections:write",
        who=ADMINS,
        summary="Delete store connection",
        description="Refused while projects are linked to it.",
        responses={204: None},
        errors=(403, 404, 409),
    )
    def destroy(self, request: Any, connection_id: str) -> Response:
        connections.delete(connection=self.connection(connection_id), by=request.user)
        return Response(status=204)

    @operation(
        tag="store-connections",
        scope="connections:read",
        summary="Download guard plugin",
        description="Our plugin for WordPress, with or without WooCommerce, as a zip for Plugins > Add New > Upload. With it "
        "the site itself refuses a write over a text that somebody changed since we read it.",
        responses={200: Binary("application/zip")},
    )
    def guard(self, request: Any) -> HttpResponse:
        reply = HttpResponse(guard.archive(), content_type="application/zip")
        reply["Content-Disposition"] = f'attachment; filename="{guard.NAME}.zip"'
        return reply

    @operation(
        tag="store-connections",
        scope="connections:write",
        summary="Test store connection",
        description="Calls the store with the stored credentials, at most 10 seconds. A store that refuses is a reply with "
        "`success: false` and the reason; the connection becomes `active` or `error`.",
        responses={200: ConnectionTestReply},
        errors=(404,),
    )
    def test(self, request: Any, connection_id: str) -> Response:
        return Response(connections.test(connection=self.connection(connection_id)))
