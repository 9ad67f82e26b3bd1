"""Blog connections: keep them, test them, see their categories and blogs."""

from dataclasses import asdict
from functools import partial

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.response import Response

from integrations import blog_connections as connections
from integrations.api.serializers import provenance_choice
from integrations.models import BlogConnection, StoreConnection
from integrations.stores import platforms
from scribe.api import idempotency
from scribe.api.access import ADMINS
from scribe.api.fields import UtcDateTime
from scribe.api.pagination import bare_array, short_array
from scribe.api.schema import ListOf, operation
from scribe.api.serializers import Reply, Request
from scribe.api.views import ScribeViewSet, SignedInRequest
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json

admins_write = partial(operation, who=ADMINS, scope="connections:write")


class BlogConnectionCreation(Request):
    name = serializers.CharField(max_length=255)
    site_url = serializers.CharField(max_length=500)
    username = serializers.CharField(max_length=255)
    app_password = serializers.CharField(max_length=500)


class BlogConnectionUpdate(Request):
    name = serializers.CharField(max_length=255, required=False)
    site_url = serializers.CharField(max_length=500, required=False)
    username = serializers.CharField(max_length=255, required=False)
    app_password = serializers.CharField(max_length=500, required=False, allow_blank=True)
    is_active = serializers.BooleanField(required=False)
    provenance = provenance_choice(required=False)


class CategoriesQuery(Request):
    refresh = serializers.BooleanField(default=False, help_text="Read from the site instead of the cache.")


class BlogConnectionReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    site_url = serializers.CharField()
    username = serializers.CharField()
    is_active = serializers.BooleanField()
    provenance = provenance_choice()
    has_credentials = serializers.BooleanField()
    site_name = serializers.CharField()
    has_categories = serializers.BooleanField()
    categories_cached_at = UtcDateTime(allow_null=True)
    last_synced_at = UtcDateTime(allow_null=True)
    created_at = UtcDateTime()
    updated_at = UtcDateTime()


class BlogConnectionTest(Reply):
    success = serializers.BooleanField()
    message = serializers.CharField()
    site_name = serializers.CharField()


class CategoryReply(Reply):
    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    count = serializers.IntegerField()
    parent = serializers.IntegerField()  # type: ignore[assignment]


class ShopifyBlogReply(Reply):
    id = serializers.CharField()
    title = serializers.CharField()
    handle = serializers.CharField()


def reply_of(connection: BlogConnection) -> Json:
    return BlogConnectionReply.of(
        connection,
        has_credentials=bool(connection.username and connection.app_password),
        has_categories=bool(connection.categories),
    )


class BlogConnectionViewSet(ScribeViewSet):
    tag = "blog-connections"

    def connection(self) -> BlogConnection:
        return self.row(BlogConnection.objects.all(), self.kwargs["connection_id"])

    @operation(
        scope="connections:read",
        summary="List blog connections",
        responses={200: ListOf(BlogConnectionReply)},
    )
    def list(self, request: SignedInRequest) -> HttpResponse:
        rows = BlogConnection.objects.visible_to(request.user).order_by("-created_at")
        return bare_array(request, rows, reply_of)

    @admins_write(
        summary="Create blog connection",
        description="Connects a WordPress site with a user's application password. The password is stored encrypted "
        "and never shown again.",
        request=BlogConnectionCreation,
        responses={201: BlogConnectionReply},
    )
    def create(self, request: SignedInRequest) -> Response:
        body = self.body(BlogConnectionCreation)
        made = connections.create(
            organization=request.user.organization,
            by=request.user,
            last=lambda made: idempotency.keep(Response(reply_of(made), status=201)),
            **body,
        )
        return Response(reply_of(made), status=201)

    @operation(scope="connections:read", summary="Get blog connection", responses={200: BlogConnectionReply})
    def retrieve(self, request: SignedInRequest, connection_id: str) -> Response:
        return Response(reply_of(self.connection()))

    @admins_write(
        summary="Update blog connection",
        description="Changing the host in `site_url` erases the stored credentials unless you send new ones.",
        request=BlogConnectionUpdate,
        responses={200: BlogConnectionReply},
    )
    def partial_update(self, request: SignedInRequest, connection_id: str) -> Response:
        connection = self.connection()
        changed = connections.update(connection=connection, by=request.user, **self.body(BlogConnectionUpdate))
        return Response(reply_of(changed))

    @admins_write(
        summary="Delete blog connection",
        description="Returns 409 while posts are scheduled with this connection.",
        responses={204: None},
        errors=(409,),
    )
    def destroy(self, request: SignedInRequest, connection_id: str) -> Response:
        connections.delete(connection=self.connection(), by=request.user)
        return Response(status=204)

    @operation(
        scope="connections:write",
        summary="Test blog connection",
        description="Signs in to the site. If that fails, the reply has `success: false` and the reason.",
        responses={200: BlogConnectionTest},
    )
    def test(self, request: SignedInRequest, connection_id: str) -> Response:
        return Response(connections.test(connection=self.connection()))

    @operation(
        scope="connections:read",
        summary="Get WordPress categories",
        description="The site's categories. Cached for one day; set `refresh` to read them again.",
        parameters=[CategoriesQuery],
        responses={200: ListOf(CategoryReply)},
        errors=(400, 502, 504),
    )
    def categories(self, request: SignedInRequest, connection_id: str) -> HttpResponse:
        connection = self.connection()
        return short_array(request, connections.categories(connection=connection, **self.query(CategoriesQuery)))

    @operation(
        scope="connections:read",
        summary="List Shopify blogs",
        description="The blogs of a connected Shopify store, read live from Shopify.",
        responses={200: ListOf(ShopifyBlogReply)},
        errors=(400, 502, 504),
    )
    def shopify_blogs(self, request: SignedInRequest, connection_id: str) -> HttpResponse:
        connection = self.row(StoreConnection.objects.select_related("grant"), connection_id)
        publisher = platforms.get(connection.platform).publisher
        if publisher is None or not publisher.several_blogs:
            raise InvalidInput(_("This is not a Shopify connection."), code="not_a_shopify_connection")
        return short_array(request, [asdict(blog) for blog in connections.blogs(connection)])
