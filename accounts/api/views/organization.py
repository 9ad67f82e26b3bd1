from functools import partial

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
from scribe.api.views import ScribeViewSet, SignedInRequest
from scribe.errors import NotFound

admins_write = partial(operation, who=ADMINS, scope="organization:write")


def billing_details(row: object, warnings: list[dict[str, str]] | None = None) -> Response:
    return Response({**{name: getattr(row, name) for name in organizations.BILLING}, "warnings": warnings or []})


class OrganizationViewSet(ScribeViewSet):
    tag = "organization"
    whole_actions = frozenset({"create_tone"})

    @operation(
        scope="organization:read",
        summary="Get current organization",
        responses={200: shapes.OrganizationReply},
    )
    def retrieve(self, request: SignedInRequest) -> Response:
        return Response(shapes.organization(Organization.objects.get(pk=request.user.organization_id)))

    @admins_write(
        summary="Update organization details",
        description="Changes only the fields you send; `settings` is merged by top-level key. `enforce_2fa` applies "
        "from each user's next sign-in and can't be changed with an API key. To change `billing_email`, "
        "an API key also needs `billing:write`.",
        request=shapes.OrganizationUpdate,
        responses={200: shapes.OrganizationReply},
    )
    def partial_update(self, request: SignedInRequest) -> Response:
        organization, changes = request.user.organization, self.body(shapes.OrganizationUpdate)
        if changes.get("enforce_2fa", organization.enforce_2fa) != organization.enforce_2fa:
            self.check_scope("")
        if changes.get("billing_email", organization.billing_email) != organization.billing_email:
            self.check_scope("billing:write")
        row = organizations.update(organization=organization, changes=changes, by=request.user)
        return Response(shapes.organization(row))

    @operation(
        who=ADMINS,
        summary="Update organization API keys",
        description="Sets the organization's own keys for Anthropic, DeepSeek and Google. An empty string removes a "
        "key. Returns 403 `byok_disabled` unless the plan includes own keys. Keys are never shown again.",
        request=shapes.OwnKeysUpdate,
        responses={200: shapes.OrganizationReply},
    )
    def update_api_keys(self, request: SignedInRequest) -> Response:
        keys = shapes.keys_sent(self.body(shapes.OwnKeysUpdate))
        row = own_keys.update(organization=request.user.organization, keys=keys, by=request.user)
        return Response(shapes.organization(row))

    @operation(
        scope="billing:read",
        summary="Get billing details",
        responses={200: shapes.BillingDetailsReply},
    )
    def billing_details(self, request: SignedInRequest) -> Response:
        return billing_details(request.user.organization)

    @operation(
        scope="billing:write",
        who=ADMINS,
        summary="Update billing details",
        description="A PIB must have a valid check digit (a leading `RS` is removed); an MB must have eight digits.",
        request=shapes.BillingDetailsUpdate,
        responses={200: shapes.BillingDetailsReply},
    )
    def update_billing_details(self, request: SignedInRequest) -> Response:
        changes = self.body(shapes.BillingDetailsUpdate)
        row, warnings = organizations.set_billing_details(
            organization=request.user.organization, changes=changes, by=request.user
        )
        return billing_details(row, warnings)

    @operation(
        scope="organization:read",
        summary="List custom tones",
        responses={200: ListOf(shapes.ToneReply)},
    )
    def tones(self, request: SignedInRequest) -> HttpResponse:
        return bare_array(request, Tone.objects.visible_to(request.user).order_by("slug"), shapes.ToneReply.of)

    @admins_write(
        summary="Create custom tone",
        description="The ID is a slug. Returns 409 if a built-in or custom tone already uses it.",
        request=shapes.ToneRequest,
        responses={201: shapes.ToneReply},
        errors=(400, 409),
    )
    def create_tone(self, request: SignedInRequest) -> Response:
        body = self.body(shapes.ToneRequest)
        tone = tones.create(
            organization=request.user.organization,
            by=request.user,
            tone_id=body.get("id") or "",
            name=body["name"],
            description=body.get("description") or "",
            system_prompt=body.get("system_prompt") or "",
        )
        return Response(shapes.ToneReply.of(tone), status=201)

    @admins_write(
        summary="Delete custom tone",
        responses={200: MessageReply},
    )
    def destroy_tone(self, request: SignedInRequest, tone_id: str) -> Response:
        known = slugify(tone_id) == tone_id  # anything else in the path cannot be a tone's id
        tone = Tone.objects.visible_to(request.user).filter(slug=tone_id).first() if known else None
        if tone is None:
            raise NotFound
        tones.delete(tone=tone, by=request.user)
        return Response({"message": "The tone was deleted."})
