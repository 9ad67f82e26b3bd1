"""Tag `api-keys`: access for programs."""

from datetime import timedelta
from functools import partial

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import api_keys
from accounts.api.serializers import people as shapes
from accounts.models import ApiKey, ApiKeyRequest
from scribe.api.access import ADMINS
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet, SignedInRequest

admins_read = partial(operation, who=ADMINS, scope="api_keys:read")
for_admins = partial(operation, who=ADMINS)


def once(key: ApiKey, raw: str) -> Response:
    """The reply that shows a key for the one time."""
    response = Response({**shapes.ApiKeyReply.of(key), "key": raw}, status=201)
    response.secret_fields = ("key",)  # type: ignore[attr-defined]
    return response


class ApiKeyViewSet(ScribeViewSet):
    tag = "api-keys"
    whole_actions = frozenset({"create", "rotate"})

    def one(self, key_id: str) -> ApiKey:
        return self.row(ApiKey.objects.select_related("organization"), key_id)

    @admins_read(
        summary="List API keys",
        responses={200: ListOf(shapes.ApiKeyReply)},
    )
    def list(self, request: SignedInRequest) -> HttpResponse:
        """All keys of the organization, the newest first."""
        keys = ApiKey.objects.visible_to(request.user).order_by("-created_at", "-pk")
        return bare_array(request, keys, shapes.ApiKeyReply.of)

    @admins_read(
        summary="Get API key",
        responses={200: shapes.ApiKeyReply},
    )
    def retrieve(self, request: Request, key_id: str) -> Response:
        return Response(shapes.ApiKeyReply.of(self.one(key_id)))

    @for_admins(
        summary="Create API key",
        description="Returns the key; it is shown only this once. The key acts as you, limited to the operations "
        "that `scopes` allow. Without `scopes` it can use only the plugin operations. `items:approve` "
        "and `posts:publish` are never granted by default. With `project_ids` the key sees only these projects, and 404 "
        "for everything in others.",
        request=shapes.ApiKeyCreate,
        responses={201: shapes.ApiKeyCreated},
    )
    def create(self, request: SignedInRequest) -> Response:
        body = self.body(shapes.ApiKeyCreate)
        return once(*api_keys.create(organization=request.user.organization, by=request.user, **body))

    @for_admins(
        summary="Change API key",
        description="Changes the key's name, expiry, allowed networks and monthly cap. `scopes`, `project_ids`, `mode` and "
        "`is_active` can't be changed (400 `unchangeable`): create another key instead. The expiry of a "
        "rotated key can't be changed either (409 `api_key_replaced`).",
        request=shapes.ApiKeyChange,
        responses={200: shapes.ApiKeyReply},
        errors=(400, 409),
    )
    def partial_update(self, request: SignedInRequest, key_id: str) -> Response:
        key = self.one(key_id)
        return Response(
            shapes.ApiKeyReply.of(api_keys.change(key=key, by=request.user, **self.body(shapes.ApiKeyChange)))
        )

    @for_admins(
        summary="Rotate API key",
        description="Creates a new key with the same scopes, mode, networks and cap, which acts as you. The old key "
        "keeps working for `overlap_hours`. Errors: 409 `api_key_replaced` if the key was already "
        "rotated (even if its replacement has been deleted), 409 `api_key_inactive`.",
        request=shapes.ApiKeyRotation,
        responses={201: shapes.ApiKeyCreated},
        errors=(400, 409),
    )
    def rotate(self, request: SignedInRequest, key_id: str) -> Response:
        key = self.one(key_id)
        body = self.body(shapes.ApiKeyRotation)
        overlap = timedelta(hours=body.pop("overlap_hours"))
        return once(*api_keys.rotate(key=key, by=request.user, overlap=overlap, **body))

    @admins_read(
        summary="List requests of an API key",
        description="The requests made with this key in the last 14 days, newest first. Page with `limit` and "
        "`offset`.",
        responses={200: ListOf(shapes.ApiKeyRequestReply)},
    )
    def requests(self, request: SignedInRequest, key_id: str) -> HttpResponse:
        rows = ApiKeyRequest.objects.visible_to(request.user).filter(api_key=self.one(key_id))
        return bare_array(request, rows, shapes.ApiKeyRequestReply.of)

    @for_admins(summary="Delete API key", responses={204: None})
    def destroy(self, request: SignedInRequest, key_id: str) -> Response:
        api_keys.delete(key=self.one(key_id), by=request.user)
        return Response(status=204)

    @for_admins(summary="Deactivate API key", responses={200: shapes.ApiKeyReply})
    def deactivate(self, request: SignedInRequest, key_id: str) -> Response:
        return Response(shapes.ApiKeyReply.of(api_keys.deactivate(key=self.one(key_id), by=request.user)))
