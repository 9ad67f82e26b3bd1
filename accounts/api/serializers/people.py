"""Tags `invitations`, `api-keys`, `notifications`, `gdpr`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.api.serializers.common import optional, password
from accounts.models import ApiKey, ApiKeyRequest, Invitation, Notification, User
from scribe.api.addresses import network
from scribe.api.fields import FreeObject, UtcDateTime, decimal, utc
from scribe.api.scopes import SCOPES
from scribe.api.serializers import Reply, Request
from scribe.errors import InvalidInput


class InvitationCreate(Request):
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=User.Role.choices, required=False)


class InvitationReply(Reply):
    id = serializers.CharField()
    email = serializers.CharField()
    role = serializers.CharField()
    status = serializers.CharField(help_text="`pending`, `accepted`, `revoked` or `expired`.")
    invited_by_email = serializers.CharField(allow_null=True)
    created_at = UtcDateTime()
    expires_at = UtcDateTime()
    accepted_at = UtcDateTime(allow_null=True)


def invitation(row: Invitation) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "email": row.email,
        "role": row.role,
        "status": row.status,
        "invited_by_email": row.invited_by.email if row.invited_by else None,
        "created_at": utc(row.created_at),
        "expires_at": utc(row.expires_at),
        "accepted_at": utc(row.accepted_at),
    }


class InvitationValidity(Reply):
    email = serializers.CharField()
    organization_name = serializers.CharField()
    role = serializers.CharField()
    is_valid = serializers.BooleanField()  # type: ignore[assignment]


class InvitationAccept(Request):
    token = serializers.CharField(max_length=1000)
    password = password()
    first_name = optional(max_length=120)
    last_name = optional(max_length=120)


class InvitationAccepted(Reply):
    access_token = serializers.CharField()
    token_type = serializers.CharField()
    user_id = serializers.CharField()
    organization_id = serializers.CharField()
    message = serializers.CharField()


class Network(serializers.CharField):
    """An address or a network in CIDR notation; kept in the canonical spelling."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            return str(network(text))
        except ValueError:
            raise serializers.ValidationError("This is no address or network (CIDR).", code="invalid") from None


NETWORKS = "Addresses or networks (CIDR) that the key may be used from; empty allows every address."


TEST = "A `test` key has projects of its own, where the built-in writer writes; it costs nothing and reaches nobody."


class _KeyFields(Request):
    """What can be given to a key and changed later."""

    expires_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Null, or left out of a new key: it does not expire."
    )
    xct_per_month = serializers.DecimalField(
        max_digits=16,
        decimal_places=4,
        min_value=Decimal(0),
        required=False,
        allow_null=True,
        help_text="The most XCT that the key may spend in a calendar month (UTC), with the keys that it replaces.",
    )
    allowed_networks = serializers.ListField(
        child=Network(max_length=60), required=False, max_length=50, help_text=NETWORKS
    )


class ApiKeyCreate(_KeyFields):
    name = serializers.CharField(max_length=120)
    mode = serializers.ChoiceField(choices=["live", "test"], required=False, help_text="Left out: `live`. " + TEST)
    scopes = serializers.MultipleChoiceField(
        choices=sorted(SCOPES), required=False, allow_empty=False, help_text="Left out: `plugin:read`, `plugin:write`."
    )


#: What a change of a key cannot change.
FIXED = {
    "scopes": "The scopes of a key stay as they are. Make another key.",
    "mode": "A live key stays live, and a test key a test key. Make another key.",
    "is_active": "This does not change here. `PATCH /api-keys/{key_id}/deactivate` ends a key, for good.",
}


class ApiKeyChange(_KeyFields):
    name = serializers.CharField(max_length=120, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Unknown fields are ignored, but whoever believed that these were changed would be in danger."""
        fixed = [name for name in FIXED if name in self.initial_data]
        if fixed:
            faults = [{"pointer": f"#/{name}", "detail": FIXED[name], "code": "unchangeable"} for name in fixed]
            raise InvalidInput(FIXED[fixed[0]], code="unchangeable", errors=faults)
        return attrs


class ApiKeyRotation(Request):
    overlap_hours = serializers.IntegerField(
        min_value=0, max_value=168, default=24, help_text="For how long the old key works beside the new one."
    )
    expires_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Left out: as long after now as the old one was meant to live."
    )


class ApiKeyReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="The first characters of the key, to tell one from another.")
    is_active = serializers.BooleanField()
    last_used_at = UtcDateTime(allow_null=True)
    created_at = UtcDateTime()
    last_used_address = serializers.CharField(allow_null=True)
    mode = serializers.ChoiceField(choices=["live", "test"], help_text=TEST)
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = UtcDateTime(allow_null=True)
    xct_per_month = serializers.CharField(allow_null=True, help_text="A decimal string.")
    allowed_networks = serializers.ListField(child=serializers.CharField(), help_text=NETWORKS)
    created_by_id = serializers.CharField(
        allow_null=True, help_text="The user as whom the key acts, with that user's role; without them it is dead."
    )
    replaced_by_id = serializers.CharField(allow_null=True, help_text="The key that rotation put in its place.")


def api_key(row: ApiKey) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": row.name,
        "prefix": row.prefix,
        "is_active": row.is_active,
        "last_used_at": utc(row.last_used_at),
        "created_at": utc(row.created_at),
        "last_used_address": row.last_used_address,
        "mode": row.mode,
        "scopes": row.scopes,
        "expires_at": utc(row.expires_at),
        "allowed_networks": row.allowed_networks,
        "xct_per_month": None if row.xct_per_month is None else decimal(row.xct_per_month),
        "created_by_id": str(row.created_by_id) if row.created_by_id else None,
        "replaced_by_id": str(row.replaced_by_id) if row.replaced_by_id else None,
    }


class ApiKeyCreated(ApiKeyReply):
    key = serializers.CharField(help_text="The key itself. It is never shown again.")


class ApiKeyRequestReply(Reply):
    created_at = UtcDateTime()
    method = serializers.CharField()
    route = serializers.CharField(help_text="The pattern of the path, without ids.")
    status = serializers.IntegerField()
    milliseconds = serializers.IntegerField()
    request_id = serializers.CharField()


def api_key_request(row: ApiKeyRequest) -> dict[str, Any]:
    return {
        "created_at": utc(row.created_at),
        "method": row.method,
        "route": row.route,
        "status": row.status,
        "milliseconds": row.milliseconds,
        "request_id": row.request_id,
    }


class NotificationsQuery(Request):
    limit = serializers.IntegerField(min_value=1, max_value=100, default=20)
    offset = serializers.IntegerField(min_value=0, max_value=2**31, default=0)


class NotificationReply(Reply):
    id = serializers.CharField()
    notification_type = serializers.CharField()
    title = serializers.CharField()
    body = serializers.CharField()
    project_id = serializers.CharField(allow_null=True)
    job_id = serializers.CharField(allow_null=True)
    data = FreeObject()  # type: ignore[assignment]
    is_read = serializers.BooleanField()
    created_at = UtcDateTime()


def notification(row: Notification) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "notification_type": row.notification_type,
        "title": row.title,
        "body": row.body,
        "project_id": str(row.project_id) if row.project_id else None,
        "job_id": str(row.job_id) if row.job_id else None,
        "data": row.data,
        "is_read": row.is_read,
        "created_at": utc(row.created_at),
    }


class NotificationsReply(Reply):
    notifications = NotificationReply(many=True)
    total = serializers.IntegerField()
    has_more = serializers.BooleanField()


class UnreadCountReply(Reply):
    unread_count = serializers.IntegerField()


class ReadAllReply(Reply):
    updated = serializers.IntegerField(help_text="How many were unread.")
    message = serializers.CharField()


class ExportReply(Reply):
    job_id = serializers.CharField()
    status = serializers.CharField()
    message = serializers.CharField()


class GdprStatusReply(Reply):
    deletion_requested_at = UtcDateTime(allow_null=True)
    deletion_scheduled_for = UtcDateTime(allow_null=True)
    active_export_job_id = serializers.CharField(allow_null=True)


class DeletionRequest(Request):
    password = password(required=False, allow_blank=True, allow_null=True)


class DeletionReply(Reply):
    deletion_scheduled_for = UtcDateTime()
    message = serializers.CharField()
