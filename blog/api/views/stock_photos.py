"""Stock photos: search, and the organization's own keys."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from blog import stock_photos
from blog.api.serializers.stock_photos import (
    KeyCreation,
    KeyReply,
    KeyUpdate,
    PhotoQuery,
    PhotoSearchReply,
    shown,
)
from blog.models import StockPhotoKey
from scribe.api.access import ADMINS
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet

TAG = "stock-photos"


class StockPhotoViewSet(ScribeViewSet):
    @operation(
        tag=TAG,
        scope="posts:read",
        live=True,
        summary="Search stock photos",
        description="Photos of Pexels. Show a credit with a link to `url` wherever you show them.",
        parameters=[PhotoQuery],
        responses={200: PhotoSearchReply},
        errors=(400, 502, 503, 504),
    )
    def search(self, request: Any) -> Response:
        query = self.query(PhotoQuery)
        return Response(stock_photos.search(organization=request.user.organization, **query))


class StockPhotoKeyViewSet(ScribeViewSet):
    whole_actions = frozenset({"create"})

    def key(self) -> StockPhotoKey:
        return self.row(StockPhotoKey.objects.all(), self.kwargs["key_id"])

    @operation(
        tag=TAG,
        scope="connections:read",
        summary="List stock photo keys",
        responses={200: ListOf(KeyReply)},
        errors=(400,),
    )
    def list(self, request: Any) -> HttpResponse:
        return bare_array(request, StockPhotoKey.objects.visible_to(request.user).order_by("-created_at"), shown)

    @operation(
        tag=TAG,
        scope="connections:write",
        who=ADMINS,
        summary="Add stock photo key",
        description="The organization's own key; kept encrypted and never shown. One per provider.",
        request=KeyCreation,
        responses={201: KeyReply},
        errors=(409,),
    )
    def create(self, request: Any) -> Response:
        body = {"provider": StockPhotoKey.Provider.PEXELS, **self.body(KeyCreation)}
        key = stock_photos.add_key(organization=request.user.organization, by=request.user, **body)
        return Response(shown(key), status=201)

    @operation(
        tag=TAG,
        scope="connections:write",
        who=ADMINS,
        summary="Update stock photo key",
        request=KeyUpdate,
        responses={200: KeyReply},
    )
    def partial_update(self, request: Any, key_id: str) -> Response:
        key = self.key()
        return Response(shown(stock_photos.change_key(key=key, by=request.user, **self.body(KeyUpdate))))

    @operation(tag=TAG, scope="connections:write", who=ADMINS, summary="Delete stock photo key", responses={204: None})
    def destroy(self, request: Any, key_id: str) -> Response:
        stock_photos.delete_key(key=self.key(), by=request.user)
        return Response(status=204)
