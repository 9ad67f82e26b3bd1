"""Tags `invitations`, `api-keys`, `notifications`, `gdpr`."""

from decimal import Decimal

from rest_framework import serializers

from accounts.api.serializers.common import LANGUAGES, ROLES, MembershipFields, optional, password
from accounts.api.serializers.common import PROJECTS as MEMBERSHIP_PROJECTS
from scribe.api.addresses import network
from scribe.api.fields import Choice, Choices, FreeObject, UtcDateTime
from scribe.api.scopes import SCOPES
from scribe.api.serializers import Reply, Request
from scribe.errors import InvalidInput
from scribe.types import ReadOnlyJson


class InvitationCreate(MembershipFields):
    email = serializers.EmailField(max_length=254)


class InvitationReply(Reply):
    id = serializers.CharField()
    email = serializers.CharField()
    role = serializers.CharField(help_text=ROLES)
    languages = serializers.ListField(child=serializers.CharField(), help_text=LANGUAGES)
    project_ids = serializers.ListField(child=serializers.CharField(), help_text=MEMBERSHIP_PROJECTS)
    status = serializers.CharField(help_text="`pending`, `accepted`, `revoked` or `expired`.")
    invited_by_email = serializers.CharField(source="invited_by.email", allow_null=True)
    created_at = UtcDateTime()
    expires_at = UtcDateTime()
    accepted_at = UtcDateTime(allow_null=True)


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

    def to_internal_value(self, data: str) -> str:
        text = super().to_internal_value(data)
        try:
            return str(network(text))
        except ValueError:
            raise serializers.ValidationError("This is no address or network (CIDR).", code="invalid") from None


NETWORKS = "IP addresses or networks (CIDR) from which the key can be used. Empty allows all."


TEST = (
    "A `test` key has its own projects, in which the built-in text generator is used. It costs "
    "nothing and never contacts stores or AI providers."
)


class _KeyFields(Request):
    """What can be given to a key and changed later."""

    expires_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="`null`, or left out when you create a key: the key does not expire."
    )
    xct_per_month = serializers.DecimalField(
        max_digits=16,
        decimal_places=4,
        min_value=Decimal(0),
        required=False,
        allow_null=True,
        help_text="The maximum XCT that the key can spend per calendar month (UTC), together with the keys it "
        "replaces.",
    )
    allowed_networks = serializers.ListField(
        child=Network(max_length=60), required=False, max_length=50, help_text=NETWORKS
    )


PROJECTS = (
    "The projects the key is limited to; empty for all projects of its mode. What belongs to no project stays open to "
    "the key's scopes."
)


class ApiKeyCreate(_KeyFields):
    name = serializers.CharField(max_length=120)
    mode = Choice(choices=["live", "test"], required=False, help_text="Default: `live`. " + TEST)
    scopes = Choices(
        choices=sorted(SCOPES), required=False, allow_empty=False, help_text="Default: `plugin:read`, `plugin:write`."
    )
    project_ids = serializers.ListField(
        child=serializers.CharField(max_length=64),
        required=False,
        allow_empty=False,
        max_length=100,
        help_text="The projects the key is limited to. Default: all projects of its mode. A test key's are test "
        "projects (else 400 `wrong_mode`), which are created with a test key for all projects.",
    )


#: What a change of a key cannot change.
FIXED = {
    "scopes": "The scopes of a key stay as they are. Make another key.",
    "project_ids": "The projects of a key stay as they are. Make another key.",
    "mode": "A live key stays live, and a test key a test key. Make another key.",
    "is_active": "This does not change here. `PATCH /api-keys/{key_id}/deactivate` ends a key, for good.",
}


class ApiKeyChange(_KeyFields):
    name = serializers.CharField(max_length=120, required=False)

    def to_internal_value(self, data: ReadOnlyJson) -> object:
        """These are known, and stay as they are."""
        if fixed := [name for name in FIXED if name in data]:
            faults = [{"pointer": f"#/{name}", "detail": FIXED[name], "code": "unchangeable"} for name in fixed]
            raise InvalidInput(FIXED[fixed[0]], code="unchangeable", errors=faults)
        return super().to_internal_value(data)


class ApiKeyRotation(Request):
    overlap_hours = serializers.IntegerField(
        min_value=0,
        max_value=168,
        default=24,
        help_text="How long the old key keeps working alongside the new one, in hours.",
    )
    expires_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Default: the same lifetime as the old key, starting now."
    )


class ApiKeyReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="The first characters of the key, to identify it.")
    is_active = serializers.BooleanField()
    last_used_at = UtcDateTime(allow_null=True)
    created_at = UtcDateTime()
    last_used_address = serializers.CharField(allow_null=True)
    mode = Choice(choices=["live", "test"], help_text=TEST)
    scopes = serializers.ListField(child=serializers.CharField())
    project_ids = serializers.ListField(child=serializers.CharField(), help_text=PROJECTS)
    expires_at = UtcDateTime(allow_null=True)
    xct_per_month = serializers.CharField(allow_null=True, help_text="A decimal string.")
    allowed_networks = serializers.ListField(child=serializers.CharField(), help_text=NETWORKS)
    created_by_id = serializers.CharField(
        allow_null=True,
        help_text="The user the key acts as, with that user's role. If the user is deactivated, the key stops working.",
    )
    replaced_by_id = serializers.CharField(
        allow_null=True, help_text="The key that replaced this one when it was rotated."
    )


class ApiKeyCreated(ApiKeyReply):
    key = serializers.CharField(help_text="The key itself. Shown only this once.")


class ApiKeyRequestReply(Reply):
    created_at = UtcDateTime()
    method = serializers.CharField()
    route = serializers.CharField(help_text="The path pattern, without IDs.")
    status = serializers.IntegerField()
    code = serializers.CharField(allow_blank=True, help_text="The error's code; empty if there was no error.")
    address = serializers.CharField(allow_null=True, help_text="The IP address of the request.")
    milliseconds = serializers.IntegerField()
    request_id = serializers.CharField()


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


class NotificationsReply(Reply):
    notifications = NotificationReply(many=True)
    total = serializers.IntegerField()
    has_more = serializers.BooleanField()


class UnreadCountReply(Reply):
    unread_count = serializers.IntegerField()


class ReadAllReply(Reply):
    updated = serializers.IntegerField(help_text="The number of notifications that were marked as read.")
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
