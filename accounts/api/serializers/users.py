from typing import Any

from rest_framework import serializers

from accounts.api.serializers.common import LANGUAGES, PROJECTS, ROLES, MembershipFields, optional, password
from accounts.api.serializers.organization import OrganizationReply, organization
from accounts.models import User
from scribe.api.fields import Choice, UtcDateTime
from scribe.api.serializers import Reply, Request
from scribe.types import Json


class EmailPreferencesReply(Reply):
    usage_billing = serializers.BooleanField()
    ai_studio = serializers.BooleanField()
    system_alerts = serializers.BooleanField()


class EmailPreferencesUpdate(Request):
    usage_billing = serializers.BooleanField(required=False, allow_null=True)
    ai_studio = serializers.BooleanField(required=False, allow_null=True)
    system_alerts = serializers.BooleanField(required=False, allow_null=True)


class UserReply(Reply):
    id = serializers.CharField()
    email = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    phone_number = serializers.CharField()
    role = serializers.CharField(help_text=ROLES)
    is_active = serializers.BooleanField()
    email_verified = serializers.BooleanField()
    is_super_admin = serializers.BooleanField()
    two_factor_enabled = serializers.BooleanField()
    two_factor_method = serializers.CharField(source="method_of_device", allow_null=True)
    oauth_provider = serializers.CharField(source="provider_of_sign_in", allow_null=True)
    email_preferences = EmailPreferencesReply()
    created_at = UtcDateTime()
    last_login_at = UtcDateTime(source="last_login", allow_null=True)
    organization = OrganizationReply()
    pending_email = serializers.CharField(
        allow_null=True, help_text="A new email address that has not been verified yet."
    )
    two_factor_suspended = serializers.BooleanField()
    languages = serializers.ListField(child=serializers.CharField(), help_text=LANGUAGES)
    project_ids = serializers.ListField(child=serializers.CharField(), help_text=PROJECTS)


def profile(user: Any) -> Json:  # type: ignore[explicit-any]  # an annotated row
    """A row of `User.objects.profiles()` as it is sent."""
    return UserReply.of(
        user,
        two_factor_enabled=bool(user.method_of_device) and user.two_factor_suspended_at is None,
        organization=organization(user.organization, own_key_providers=user.own_key_providers),
        two_factor_suspended=user.two_factor_suspended_at is not None,
    )


class UserCreate(MembershipFields):
    email = serializers.EmailField(max_length=254)
    password = password()


class SelfUpdate(Request):
    """A field left out or null stays as it is."""

    email = serializers.EmailField(max_length=254, required=False, allow_null=True)
    first_name = optional(max_length=120)
    last_name = optional(max_length=120)
    phone_number = optional(max_length=40)
    current_password = password(required=False, allow_blank=True, allow_null=True)
    password = password(required=False, allow_null=True)
    role = Choice(choices=User.Role.choices, required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False, allow_null=True)


class UserUpdate(MembershipFields, SelfUpdate):
    """A field left out or null stays as it is. What the new role can't have goes unless it is named."""

    role = Choice(choices=User.Role.choices, required=False, allow_null=True)


class IdentityReply(Reply):
    id = serializers.CharField()
    provider = serializers.CharField(help_text="`google` or `apple`.")
    linked_at = UtcDateTime(source="created_at")


class UnlinkRequest(Request):
    password = password(required=False, allow_blank=True, allow_null=True)


class ChatwootIdentityReply(Reply):
    identifier = serializers.CharField(help_text="The user's id.")
    identifier_hash = serializers.CharField(help_text="Its HMAC-SHA256, hexadecimal.")
