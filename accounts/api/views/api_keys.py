"""Tag `api-keys`: access for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from accounts import api_keys
from accounts.api.serializers import people as shapes
from accounts.models import ApiKey, ApiKeyRequest
from scribe.api.access import ADMINS
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet


def once(key: ApiKey, raw: str) -> Response:
    """The reply that shows a key for the one time."""
    response = Response({**shapes.api_key(key), "key": raw}, status=201)
    response.secret_fields = ("key",)  # type: ignore[attr-defined]
    return response


class ApiKeyViewSet(ScribeViewSet):
    whole_actions = frozenset({"create", "rotate"})

    def one(self, key_id: str) -> Any:
        return self.row(ApiKey.objects.select_related("organization"), key_id)

    @operation(
        tag="api-keys",
        scope="api_keys:read",
        who=ADMINS,
        summary="List API keys",
        responses={200: ListOf(shapes.ApiKeyReply)},
        errors=(400,),
    )
    def list(self, request: Any) -> HttpResponse:
        """All keys of the organization, the newest first."""
        keys = ApiKey.objects.visible_to(request.user).order_by("-created_at", "-pk")
        return bare_array(request, keys, shapes.api_key)

    @operation(
        tag="api-keys",
        scope="api_keys:read",
        who=ADMINS,
        summary="Get API key",
        responses={200: shapes.ApiKeyReply},
    )
    def retrieve(self, request: Any, key_id: str) -> Response:
        return Response(shapes.api_key(self.one(key_id)))

    @operation(
        tag="api-keys",
        who=ADMINS,
        summary="Create API key",
        description="The key is in this answer and never again. It acts as you, in the operations that `scopes` name: without "
        "them it opens the plugin operations only. `items:approve` and `posts:publish` are never given by themselves.",
        request=shapes.ApiKeyCreate,
        responses={201: shapes.ApiKeyCreated},
        errors=(400,),
    )
    def create(self, request: Any) -> Response:
        body = self.body(shapes.ApiKeyCreate)
        return once(*api_keys.create(organization=request.user.organization, by=request.user, **body))

    @operation(
        tag="api-keys",
        who=ADMINS,
        summary="Change API key",
        description="Its name, end, networks and cap. `scopes`, `mode` and `is_active` are refused by name (400 `unchangeable`): make "
        "another key. The end of a key that was rotated stays, too (409 `api_key_replaced`).",
        request=shapes.ApiKeyChange,
        responses={200: shapes.ApiKeyReply},
        errors=(400, 409),
    )
    def partial_update(self, request: Any, key_id: str) -> Response:
        key = self.one(key_id)
        return Response(shapes.api_key(api_keys.change(key=key, by=request.user, **self.body(shapes.ApiKeyChange))))

    @operation(
        tag="api-keys",
        who=ADMINS,
        summary="Rotate API key",
        description="A new key with the same scopes, mode, networks and cap that acts as you. The old one works for "
        "`overlap_hours` more. 409 `api_key_replaced`, also when the key in its place was deleted, or `api_key_inactive`.",
        request=shapes.ApiKeyRotation,
        responses={201: shapes.ApiKeyCreated},
        errors=(400, 409),
    )
    def rotate(self, request: Any, key_id: str) -> Response:
        key = self.one(key_id)
        body = self.body(shapes.ApiKeyRotation)
        overlap = timedelta(hours=body.pop("overlap_hours"))
        return once(*api_keys.rotate(key=key, by=request.user, overlap=overlap, **body))

    @operation(
        tag="api-keys",
        scope="api_keys:read",
        who=ADMINS,
        summary="List requests of an API key",
        description="What the key asked for in the last 14 days, the newest first; `limit` and `offset` page.",
        responses={200: ListOf(shapes.ApiKeyRequestReply)},
        errors=(400,),
    )
    def requests(self, request: Any, key_id: str) -> HttpResponse:
        rows = ApiKeyRequest.objects.visible_to(request.user).filter(api_key=self.one(key_id))
        return bare_array(request, rows, shapes.api_key_request)

    @operation(tag="api-keys", who=ADMINS, summary="Delete API key", responses={204: None})
    def destroy(self, request: Any, key_id: str) -> Response:
        api_keys.delete(key=self.one(key_id), by=request.user)
        return Response(status=204)

    @operation(
        tag="api-keys", who=ADMINS, summary="Deactivate API key", request=None, responses={200: shapes.ApiKeyReply}
    )
    def deactivate(self, request: Any, key_id: str) -> Response:
        return Response(shapes.api_key(api_keys.deactivate(key=self.one(key_id), by=request.user)))
