"""The rows of accounts that hold customers' data, and how each is exported and erased."""

from __future__ import annotations

from django_otp.plugins.otp_email.models import EmailDevice
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import erasure
from accounts.models import (
    ApiKey,
    ApiKeyRequest,
    BackupCode,
    Invitation,
    MailMessage,
    Notification,
    OneTimeToken,
    Organization,
    OwnKey,
    RetiredToken,
    Session,
    SignInFailure,
    SocialIdentity,
    Tone,
    TotpDevice,
    User,
)
from scribe import gdpr


def register() -> None:
    gdpr.register(
        Organization,
        organization="id",
        export=[
            *("id", "name", "slug", "settings", "address", "phone_number", "tax_id", "billing_email", "enforce_2fa"),
            *("billing_company_name", "billing_pib", "billing_mb", "billing_address", "billing_city"),
            *(
                "billing_postal_code",
                "billing_country",
                "deletion_requested_at",
                "deletion_scheduled_for",
                "created_at",
            ),
        ],
        erase=gdpr.KEEP,
        reason="Ledger, invoices and audit log refer to it; the last step of the erasure empties it.",
    )
    gdpr.register(
        User,
        export=[
            *("id", "email", "email_verified_at", "pending_email", "first_name", "last_name", "phone_number", "role"),
            *("is_active", "mail_usage_billing", "mail_ai_studio", "mail_system_alerts", "last_login", "created_at"),
        ],
        erase=erasure.erase_users,
        reason="Ledger and audit log name users by id; everything personal is emptied.",
    )
    gdpr.register(
        Session,
        export=[
            "id",
            "user_id",
            "via",
            "second_factor",
            "address",
            "user_agent",
            "created_at",
            "ended_at",
            "ended_because",
        ],
    )
    gdpr.register(RetiredToken, organization="session__organization_id")
    gdpr.register(SocialIdentity, export=["id", "user_id", "provider", "subject", "created_at"])
    gdpr.register(OneTimeToken)
    gdpr.register(BackupCode)
    gdpr.register(
        TOTPDevice, organization="user__organization_id", export=["user_id", "name", "confirmed", "created_at"]
    )
    gdpr.register(TotpDevice, organization="user__organization_id")
    gdpr.register(
        EmailDevice, organization="user__organization_id", export=["user_id", "name", "confirmed", "created_at"]
    )
    gdpr.register(StaticToken, organization="device__user__organization_id")
    gdpr.register(StaticDevice, organization="user__organization_id")
    gdpr.register(
        ApiKey,
        export=[
            "id",
            "name",
            "prefix",
            "mode",
            "scopes",
            "is_active",
            "expires_at",
            "allowed_networks",
            "xct_per_month",
            "last_used_at",
            "last_used_address",
            "created_by_id",
            "created_at",
        ],
    )
    gdpr.register(
        ApiKeyRequest, export=["api_key_id", "method", "route", "status", "milliseconds", "request_id", "created_at"]
    )
    gdpr.register(OwnKey, export=["id", "provider", "created_at"])
    gdpr.register(Tone, export=["id", "slug", "name", "description", "system_prompt", "created_at"])
    gdpr.register(
        Invitation, export=["id", "email", "role", "state", "invited_by_id", "expires_at", "accepted_at", "created_at"]
    )
    gdpr.register(
        Notification,
        export=[
            "id",
            "user_id",
            "notification_type",
            "title",
            "body",
            "project_id",
            "job_id",
            "data",
            "read_at",
            "created_at",
        ],
    )
    gdpr.register(MailMessage, export=["id", "template", "to", "subject", "status", "created_at", "sent_at"])
    gdpr.holds_none(SignInFailure, "Keyed digests and counters; nobody can be read off them, and they go within a day.")
