"""Stock photos: search, and the organization's own keys."""

from functools import partial

from django.http import HttpResponse
from rest_framework.response import Response

from blog import stock_photos
from blog.api.serializers import images as shapes
from blog.models import StockPhotoKey
from scribe.api.access import ADMINS
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet, SignedInRequest

admins_write = partial(operation, who=ADMINS, scope="connections:write")


class StockPhotoViewSet(ScribeViewSet):
    tag = "stock-photos"

    @operation(
        scope="posts:read",
        live=True,
        summary="Search stock photos",
        description="Searches Pexels. Wherever you show a photo, show the credit with a link to `url`.",
        parameters=[shapes.PhotoQuery],
        responses={200: shapes.PhotoSearchReply},
        errors=(400, 502, 503, 504),
    )
    def search(self, request: SignedInRequest) -> Response:
        query = self.query(shapes.PhotoQuery)
        return Response(stock_photos.search(organization=request.user.organization, **query))


class StockPhotoKeyViewSet(ScribeViewSet):
    tag = "stock-photos"
    whole_actions = frozenset({"create"})

    def key(self) -> StockPhotoKey:
        return self.row(StockPhotoKey.objects.all(), self.kwargs["key_id"])

    @operation(
        scope="connections:read",
        summary="List stock photo keys",
        responses={200: ListOf(shapes.KeyReply)},
    )
    def list(self, request: SignedInRequest) -> HttpResponse:
        return bare_array(
            request, StockPhotoKey.objects.visible_to(request.user).order_by("-created_at"), shapes.KeyReply.of
        )

    @admins_write(
        summary="Add stock photo key",
        description="Adds the organization's own key, one per provider. It is stored encrypted and never shown again.",
        request=shapes.KeyCreation,
        responses={201: shapes.KeyReply},
        errors=(409,),
    )
    def create(self, request: SignedInRequest) -> Response:
        body = {"provider": StockPhotoKey.Provider.PEXELS, **self.body(shapes.KeyCreation)}
        key = stock_photos.add_key(organization=request.user.organization, by=request.user, **body)
        return Response(shapes.KeyReply.of(key), status=201)

    @admins_write(
        summary="Update stock photo key",
        request=shapes.KeyUpdate,
        responses={200: shapes.KeyReply},
    )
    def partial_update(self, request: SignedInRequest, key_id: str) -> Response:
        key = self.key()
        return Response(
            shapes.KeyReply.of(stock_photos.change_key(key=key, by=request.user, **self.body(shapes.KeyUpdate)))
        )

    @admins_write(summary="Delete stock photo key", responses={204: None})
    def destroy(self, request: SignedInRequest, key_id: str) -> Response:
        stock_photos.delete_key(key=self.key(), by=request.user)
        return Response(status=204)
