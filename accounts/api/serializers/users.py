"""Tag `users`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.serializers.common import optional, password
from accounts.api.serializers.organization import OrganizationReply, organization
from accounts.models import SocialIdentity, User
from scribe.api.fields import UtcDateTime, utc
from scribe.api.serializers import Reply, Request


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
    role = serializers.CharField(help_text="`admin` or `member`.")
    is_active = serializers.BooleanField()
    email_verified = serializers.BooleanField()
    is_super_admin = serializers.BooleanField()
    two_factor_enabled = serializers.BooleanField()
    two_factor_method = serializers.CharField(allow_null=True)
    oauth_provider = serializers.CharField(allow_null=True)
    email_preferences = EmailPreferencesReply()
    created_at = UtcDateTime()
    last_login_at = UtcDateTime(allow_null=True)
    organization = OrganizationReply()
    pending_email = serializers.CharField(allow_null=True, help_text="A new address that is still to be verified.")
    two_factor_suspended = serializers.BooleanField()


def profile(user: Any) -> dict[str, Any]:
    """A row of `User.objects.profiles()` as it is sent."""
    return {
        "id": str(user.pk),
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "phone_number": user.phone_number,
        "role": user.role,
        "is_active": user.is_active,
        "email_verified": user.email_verified,
        "is_super_admin": user.is_super_admin,
        "two_factor_enabled": bool(user.method_of_device) and user.two_factor_suspended_at is None,
        "two_factor_method": user.method_of_device or None,
        "oauth_provider": user.provider_of_sign_in,
        "email_preferences": user.email_preferences,
        "created_at": utc(user.created_at),
        "last_login_at": utc(user.last_login),
        "organization": organization(user.organization, own_key_providers=user.own_key_providers),
        "pending_email": user.pending_email or None,
        "two_factor_suspended": user.two_factor_suspended_at is not None,
    }


class UserCreate(Request):
    email = serializers.EmailField(max_length=254)
    password = password()
    role = serializers.ChoiceField(choices=User.Role.choices, required=False)


class UserUpdate(Request):
    """A field left out or null stays as it is."""

    email = serializers.EmailField(max_length=254, required=False, allow_null=True)
    first_name = optional(max_length=120)
    last_name = optional(max_length=120)
    phone_number = optional(max_length=40)
    current_password = password(required=False, allow_blank=True, allow_null=True)
    password = password(required=False, allow_null=True)
    role = serializers.ChoiceField(choices=User.Role.choices, required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False, allow_null=True)


class IdentityReply(Reply):
    id = serializers.CharField()
    provider = serializers.CharField(help_text="`google` or `apple`.")
    linked_at = UtcDateTime()


def identity(row: SocialIdentity) -> dict[str, Any]:
    return {"id": str(row.pk), "provider": row.provider, "linked_at": utc(row.created_at)}


class UnlinkRequest(Request):
    password = password(required=False, allow_blank=True, allow_null=True)


class ChatwootIdentityReply(Reply):
    identifier = serializers.CharField(help_text="The user's id.")
    identifier_hash = serializers.CharField(help_text="Its HMAC-SHA256, hexadecimal.")
