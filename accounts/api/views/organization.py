"""Tag `organization`."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.text import slugify
from rest_framework.response import Response

from accounts import organizations, own_keys, tones
from accounts.api.serializers import organization as shapes
from accounts.api.serializers.common import MessageReply
from accounts.models import Organization, Tone
from scribe.api.access import ADMINS
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet
from scribe.errors import NotFound


def billing_details(row: Any, warnings: list[dict[str, str]] | None = None) -> Response:
    return Response({**{name: getattr(row, name) for name in organizations.BILLING}, "warnings": warnings or []})


class OrganizationViewSet(ScribeViewSet):
    whole_actions = frozenset({"create_tone"})

    @operation(
        tag="organization",
        scope="organization:read",
        summary="Get current organization",
        responses={200: shapes.OrganizationReply},
    )
    def retrieve(self, request: Any) -> Response:
        return Response(shapes.organization(Organization.objects.get(pk=request.user.organization_id)))

    @operation(
        tag="organization",
        scope="organization:write",
        who=ADMINS,
        summary="Update organization details",
        description="Changes what is sent; `settings` is merged by top-level key. `enforce_2fa` counts at each user's next sign-in; "
        "only a person changes it. An API key that changes `billing_email` needs `billing:write` as well.",
        request=shapes.OrganizationUpdate,
        responses={200: shapes.OrganizationReply},
        errors=(400,),
    )
    def partial_update(self, request: Any) -> Response:
        organization, changes = request.user.organization, self.body(shapes.OrganizationUpdate)
        if changes.get("enforce_2fa", organization.enforce_2fa) != organization.enforce_2fa:
            self.check_scope("")
        if changes.get("billing_email", organization.billing_email) != organization.billing_email:
            self.check_scope("billing:write")
        row = organizations.update(organization=organization, changes=changes, by=request.user)
        return Response(shapes.organization(row))

    @operation(
        tag="organization",
        who=ADMINS,
        summary="Update organization API keys",
        description="The organization's own keys for Anthropic, DeepSeek and Google; an empty string removes one. "
        "403 `byok_disabled` unless the plan includes them. Keys are never shown again.",
        request=shapes.OwnKeysUpdate,
        responses={200: shapes.OrganizationReply},
        errors=(400, 403),
    )
    def update_api_keys(self, request: Any) -> Response:
        keys = shapes.keys_sent(self.body(shapes.OwnKeysUpdate))
        row = own_keys.update(organization=request.user.organization, keys=keys, by=request.user)
        return Response(shapes.organization(row))

    @operation(
        tag="organization",
        scope="billing:read",
        summary="Get billing details",
        responses={200: shapes.BillingDetailsReply},
    )
    def billing_details(self, request: Any) -> Response:
        return billing_details(request.user.organization)

    @operation(
        tag="organization",
        scope="billing:write",
        who=ADMINS,
        summary="Update billing details",
        description="A PIB must have a right check digit (a leading `RS` is dropped), an MB eight digits.",
        request=shapes.BillingDetailsUpdate,
        responses={200: shapes.BillingDetailsReply},
        errors=(400,),
    )
    def update_billing_details(self, request: Any) -> Response:
        changes = self.body(shapes.BillingDetailsUpdate)
        row, warnings = organizations.set_billing_details(
            organization=request.user.organization, changes=changes, by=request.user
        )
        return billing_details(row, warnings)

    @operation(
        tag="organization",
        scope="organization:read",
        summary="List custom tones",
        responses={200: ListOf(shapes.ToneReply)},
        errors=(400,),
    )
    def tones(self, request: Any) -> HttpResponse:
        return bare_array(request, Tone.objects.visible_to(request.user).order_by("slug"), shapes.tone)

    @operation(
        tag="organization",
        scope="organization:write",
        who=ADMINS,
        summary="Create custom tone",
        description="The id is a slug; one that is built in or taken is 409.",
        request=shapes.ToneRequest,
        responses={201: shapes.ToneReply},
        errors=(400, 409),
    )
    def create_tone(self, request: Any) -> Response:
        body = self.body(shapes.ToneRequest)
        tone = tones.create(
            organization=request.user.organization,
            by=request.user,
            tone_id=body.get("id") or "",
            name=body["name"],
            description=body.get("description") or "",
            system_prompt=body.get("system_prompt") or "",
        )
        return Response(shapes.tone(tone), status=201)

    @operation(
        tag="organization",
        scope="organization:write",
        who=ADMINS,
        summary="Delete custom tone",
        responses={200: MessageReply},
    )
    def destroy_tone(self, request: Any, tone_id: str) -> Response:
        known = slugify(tone_id) == tone_id  # anything else in the path cannot be a tone's id
        tone = Tone.objects.visible_to(request.user).filter(slug=tone_id).first() if known else None
        if tone is None:
            raise NotFound
        tones.delete(tone=tone, by=request.user)
        return Response({"message": "The tone was deleted."})
