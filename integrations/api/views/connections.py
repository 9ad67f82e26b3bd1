from functools import partial

from django.http import HttpResponse
from rest_framework.response import Response

from integrations import connections
from integrations.api import serializers as shapes
from integrations.models import StoreConnection
from integrations.stores.wordpress import guard
from scribe.api import idempotency
from scribe.api.access import ADMINS
from scribe.api.pagination import bare_array
from scribe.api.schema import Binary, ListOf, operation
from scribe.api.views import ScribeViewSet, SignedInRequest

admins_write = partial(operation, who=ADMINS, scope="connections:write")


class StoreConnectionViewSet(ScribeViewSet):
    tag = "store-connections"

    def connection(self, connection_id: str) -> StoreConnection:
        return self.row(connections.with_project_counts(StoreConnection.objects.all()), connection_id)

    @operation(
        scope="connections:read",
        summary="List store connections",
        description="All store connections of the organization, newest first, each with the number of linked projects.",
        responses={200: ListOf(shapes.ConnectionReply)},
    )
    def list(self, request: SignedInRequest) -> HttpResponse:
        rows = connections.with_project_counts(StoreConnection.objects.visible_to(request.user))
        return bare_array(request, rows, shapes.reply_of)

    @admins_write(
        summary="Create store connection",
        description="WooCommerce takes `consumer_key` and `consumer_secret`, Shopify and Magento `access_token` (Magento "
        "also OAuth 1.0a with all four secrets), WordPress the user in `consumer_key` and an application password in "
        "`consumer_secret`. Secrets are encrypted and never shown again.",
        request=shapes.ConnectionCreation,
        responses={201: shapes.ConnectionReply},
    )
    def create(self, request: SignedInRequest) -> Response:
        body = self.body(shapes.ConnectionCreation)

        def reply(made: StoreConnection) -> Response:
            return Response(shapes.reply_of(self.connection(str(made.pk))), status=201)

        return reply(
            connections.create(
                organization=request.user.organization,
                by=request.user,
                last=lambda made: idempotency.keep(reply(made)),
                **body,
            )
        )

    @operation(
        scope="connections:read",
        summary="Get store connection",
        description="One store connection with the number of linked projects.",
        responses={200: shapes.ConnectionReply},
    )
    def retrieve(self, request: SignedInRequest, connection_id: str) -> Response:
        return Response(shapes.reply_of(self.connection(connection_id)))

    @admins_write(
        summary="Update store connection",
        description="Changes only the fields you send. Changing the host erases the stored secrets unless you send "
        "new ones.",
        request=shapes.ConnectionUpdate,
        responses={200: shapes.ConnectionReply},
    )
    def partial_update(self, request: SignedInRequest, connection_id: str) -> Response:
        connection = self.connection(connection_id)
        body = self.body(shapes.ConnectionUpdate)
        connections.update(connection=connection, by=request.user, **body)
        return Response(shapes.reply_of(self.connection(connection_id)))

    @admins_write(
        summary="Delete store connection",
        description="Returns 409 while projects are linked to the connection.",
        responses={204: None},
        errors=(403, 404, 409),
    )
    def destroy(self, request: SignedInRequest, connection_id: str) -> Response:
        connections.delete(connection=self.connection(connection_id), by=request.user)
        return Response(status=204)

    @operation(
        scope="connections:read",
        summary="Download guard plugin",
        description="Our plugin for WordPress, with or without WooCommerce, as a ZIP file for Plugins > Add New > "
        "Upload. With it, the site rejects an update of a text that was changed after we read it.",
        responses={200: Binary("application/zip")},
    )
    def guard(self, request: SignedInRequest) -> HttpResponse:
        reply = HttpResponse(guard.archive(), content_type="application/zip")
        reply["Content-Disposition"] = f'attachment; filename="{guard.NAME}.zip"'
        return reply

    @operation(
        scope="connections:write",
        summary="Test store connection",
        description="Calls the store with the stored credentials, for at most 10 seconds. If the store rejects "
        "them, the reply has `success: false` and the reason. Sets the connection to `active` or "
        "`error`.",
        responses={200: shapes.ConnectionTestReply},
    )
    def test(self, request: SignedInRequest, connection_id: str) -> Response:
        return Response(connections.test(connection=self.connection(connection_id)))
