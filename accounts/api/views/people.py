"""Tag `invitations`: access for other people."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import invitations
from accounts.api.serializers import people as shapes
from accounts.api.serializers.common import TokenQuery
from accounts.models import Invitation
from accounts.sessions import Client
from scribe.api.access import ADMINS, PUBLIC
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet, SignedInRequest


class InvitationViewSet(ScribeViewSet):
    tag = "invitations"
    whole_actions = frozenset({"create", "resend", "revoke"})
    rate_scope = {"accept": "code"}

    def one(self, invitation_id: str) -> Invitation:
        return self.row(Invitation.objects.select_related("organization", "invited_by"), invitation_id)

    @operation(
        scope="organization:read",
        who=ADMINS,
        summary="List invitations",
        responses={200: ListOf(shapes.InvitationReply)},
    )
    def list(self, request: SignedInRequest) -> HttpResponse:
        """All invitations of the organization, the newest first."""
        found = Invitation.objects.visible_to(request.user).select_related("invited_by")
        return bare_array(request, found.order_by("-created_at", "-pk"), shapes.InvitationReply.of)

    @operation(
        who=ADMINS,
        summary="Create invitation",
        description="Emails a link that is valid for seven days. Returns 409 if the address already has an account "
        "or a pending invitation. The caller's own address must be verified (403 `email_not_verified`).",
        request=shapes.InvitationCreate,
        responses={201: shapes.InvitationReply},
        errors=(400, 403, 409),
    )
    def create(self, request: SignedInRequest) -> Response:
        body = self.body(shapes.InvitationCreate)
        made = invitations.create(by=request.user, email=body.pop("email"), membership=body)
        return Response(shapes.InvitationReply.of(made), status=201)

    @operation(
        who=ADMINS,
        summary="Resend invitation email",
        description="Sends a new link that is valid for seven days; the previous link stops working. Returns 409 "
        "unless the invitation is pending, 403 if the caller's own address is not verified, and 429 "
        "`too_many_mails` if the mailbox has received too many invitations today.",
        responses={200: shapes.InvitationReply},
        errors=(403, 409),
    )
    def resend(self, request: SignedInRequest, invitation_id: str) -> Response:
        return Response(
            shapes.InvitationReply.of(invitations.resend(invitation=self.one(invitation_id), by=request.user))
        )

    @operation(
        who=ADMINS,
        summary="Revoke invitation",
        description="Returns 409 unless the invitation is pending.",
        responses={200: shapes.InvitationReply},
        errors=(409,),
    )
    def revoke(self, request: SignedInRequest, invitation_id: str) -> Response:
        return Response(
            shapes.InvitationReply.of(invitations.revoke(invitation=self.one(invitation_id), by=request.user))
        )

    @operation(
        who=PUBLIC,
        summary="Validate invitation token",
        description="An expired, used or revoked token returns `is_valid: false` with empty fields.",
        parameters=[TokenQuery],
        responses={200: shapes.InvitationValidity},
    )
    def validate(self, request: Request) -> Response:
        found = invitations.find(self.query(TokenQuery)["token"])
        return Response(
            {
                "email": found.email if found else "",
                "organization_name": found.organization.name if found else "",
                "role": found.role if found else "",
                "is_valid": found is not None,
            }
        )

    @operation(
        who=PUBLIC,
        summary="Accept invitation",
        description="Creates the invited user with a verified address and signs them in. An expired, used or "
        "revoked token returns 409.",
        request=shapes.InvitationAccept,
        responses={201: shapes.InvitationAccepted},
        errors=(400, 409),
    )
    def accept(self, request: Request) -> Response:
        body = self.body(shapes.InvitationAccept)
        user, token = invitations.accept(
            token=body["token"],
            password=body["password"],
            first_name=body.get("first_name") or "",
            last_name=body.get("last_name") or "",
            client=Client.of(request),
        )
        return Response(
            {
                "access_token": token,
                "token_type": "bearer",
                "user_id": str(user.pk),
                "organization_id": str(user.organization_id),
                "message": "Welcome.",
            },
            status=201,
        )
