"""Tag `invitations`: access for other people."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.response import Response

from accounts import invitations
from accounts.api.serializers import people as shapes
from accounts.api.serializers.common import TokenQuery
from accounts.models import Invitation
from accounts.sessions import Client
from scribe.api.access import ADMINS, PUBLIC
from scribe.api.pagination import bare_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet


class InvitationViewSet(ScribeViewSet):
    whole_actions = frozenset({"create", "resend", "revoke"})
    rate_scope = {"accept": "code"}

    def one(self, invitation_id: str) -> Any:
        return self.row(Invitation.objects.select_related("organization", "invited_by"), invitation_id)

    @operation(
        tag="invitations",
        scope="organization:read",
        who=ADMINS,
        summary="List invitations",
        responses={200: ListOf(shapes.InvitationReply)},
        errors=(400,),
    )
    def list(self, request: Any) -> HttpResponse:
        """All invitations of the organization, the newest first."""
        found = Invitation.objects.visible_to(request.user).select_related("invited_by")
        return bare_array(request, found.order_by("-created_at", "-pk"), shapes.invitation)

    @operation(
        tag="invitations",
        who=ADMINS,
        summary="Create invitation",
        description="Mails a link that lives seven days. 409 for an address with an account or a pending invitation; "
        "the caller's own address must be verified (403 `email_not_verified`).",
        request=shapes.InvitationCreate,
        responses={201: shapes.InvitationReply},
        errors=(400, 403, 409),
    )
    def create(self, request: Any) -> Response:
        made = invitations.create(by=request.user, **self.body(shapes.InvitationCreate))
        return Response(shapes.invitation(made), status=201)

    @operation(
        tag="invitations",
        who=ADMINS,
        summary="Resend invitation email",
        description="A fresh token and seven more days; the link before it stops working. 409 unless pending; the caller's own "
        "address must be verified (403), and one mailbox gets a few of them a day (429 `too_many_mails`).",
        request=None,
        responses={200: shapes.InvitationReply},
        errors=(403, 409),
    )
    def resend(self, request: Any, invitation_id: str) -> Response:
        return Response(shapes.invitation(invitations.resend(invitation=self.one(invitation_id), by=request.user)))

    @operation(
        tag="invitations",
        who=ADMINS,
        summary="Revoke invitation",
        description="409 unless pending.",
        request=None,
        responses={200: shapes.InvitationReply},
        errors=(409,),
    )
    def revoke(self, request: Any, invitation_id: str) -> Response:
        return Response(shapes.invitation(invitations.revoke(invitation=self.one(invitation_id), by=request.user)))

    @operation(
        tag="invitations",
        who=PUBLIC,
        summary="Validate invitation token",
        description="A dead token is `is_valid: false` with empty fields.",
        parameters=[TokenQuery],
        responses={200: shapes.InvitationValidity},
        errors=(400,),
    )
    def validate(self, request: Any) -> Response:
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
        tag="invitations",
        who=PUBLIC,
        summary="Accept invitation",
        description="Creates the invited user, verified, and signs them in. A dead token is 409.",
        request=shapes.InvitationAccept,
        responses={201: shapes.InvitationAccepted},
        errors=(400, 409),
    )
    def accept(self, request: Any) -> Response:
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
