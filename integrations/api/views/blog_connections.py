"""Blog connections: keep them, test them, see their categories and blogs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from integrations import blog_connections as connections
from integrations.api.blog_serializers import (
    BlogConnectionCreation,
    BlogConnectionReply,
    BlogConnectionTest,
    BlogConnectionUpdate,
    CategoriesQuery,
    CategoryReply,
    ShopifyBlogReply,
    shown,
)
from integrations.models import BlogConnection, StoreConnection
from integrations.stores import platforms
from scribe.api import idempotency
from scribe.api.access import ADMINS
from scribe.api.pagination import bare_array, short_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet
from scribe.errors import InvalidInput

TAG = "blog-connections"


class BlogConnectionViewSet(ScribeViewSet):
    def connection(self) -> BlogConnection:
        return self.row(BlogConnection.objects.all(), self.kwargs["connection_id"])

    @operation(
        tag=TAG,
        scope="connections:read",
        summary="List blog connections",
        responses={200: ListOf(BlogConnectionReply)},
        errors=(400,),
    )
    def list(self, request: Any) -> HttpResponse:
        rows = BlogConnection.objects.visible_to(request.user).order_by("-created_at")
        return bare_array(request, rows, shown)

    @operation(
        tag=TAG,
        scope="connections:write",
        who=ADMINS,
        summary="Create blog connection",
        description="A WordPress site, by a user's application password, which is kept encrypted and never shown again.",
        request=BlogConnectionCreation,
        responses={201: BlogConnectionReply},
    )
    def create(self, request: Any) -> Response:
        body = self.body(BlogConnectionCreation)
        made = connections.create(
            organization=request.user.organization,
            by=request.user,
            last=lambda made: idempotency.keep(Response(shown(made), status=201)),
            **body,
        )
        return Response(shown(made), status=201)

    @operation(tag=TAG, scope="connections:read", summary="Get blog connection", responses={200: BlogConnectionReply})
    def retrieve(self, request: Any, connection_id: str) -> Response:
        return Response(shown(self.connection()))

    @operation(
        tag=TAG,
        scope="connections:write",
        who=ADMINS,
        summary="Update blog connection",
        description="Another host in `site_url` erases the credentials unless new ones come along.",
        request=BlogConnectionUpdate,
        responses={200: BlogConnectionReply},
    )
    def partial_update(self, request: Any, connection_id: str) -> Response:
        connection = self.connection()
        changed = connections.update(connection=connection, by=request.user, **self.body(BlogConnectionUpdate))
        return Response(shown(changed))

    @operation(
        tag=TAG,
        scope="connections:write",
        who=ADMINS,
        summary="Delete blog connection",
        description="409 while posts are scheduled through it.",
        responses={204: None},
        errors=(409,),
    )
    def destroy(self, request: Any, connection_id: str) -> Response:
        connections.delete(connection=self.connection(), by=request.user)
        return Response(status=204)

    @operation(
        tag=TAG,
        scope="connections:write",
        summary="Test blog connection",
        description="Signs in to the site now. A failure is `success: false` with the reason.",
        request=None,
        responses={200: BlogConnectionTest},
    )
    def test(self, request: Any, connection_id: str) -> Response:
        return Response(connections.test(connection=self.connection()))

    @operation(
        tag=TAG,
        scope="connections:read",
        summary="Get WordPress categories",
        description="The site's categories, from our copy for a day unless `refresh` is set.",
        parameters=[CategoriesQuery],
        responses={200: ListOf(CategoryReply)},
        errors=(400, 502, 504),
    )
    def categories(self, request: Any, connection_id: str) -> HttpResponse:
        connection = self.connection()
        return short_array(request, connections.categories(connection=connection, **self.query(CategoriesQuery)))

    @operation(
        tag=TAG,
        scope="connections:read",
        summary="List Shopify blogs",
        description="The blogs of a connected Shopify shop, asked live.",
        responses={200: ListOf(ShopifyBlogReply)},
        errors=(400, 502, 504),
    )
    def shopify_blogs(self, request: Any, connection_id: str) -> HttpResponse:
        connection = self.row(StoreConnection.objects.select_related("grant"), connection_id)
        publisher = platforms.get(connection.platform).publisher
        if publisher is None or not publisher.several_blogs:
            raise InvalidInput("This is not a Shopify connection.", code="not_a_shopify_connection")
        return short_array(request, [asdict(blog) for blog in connections.blogs(connection)])
