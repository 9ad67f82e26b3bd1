"""Admin pages of people: users, their sessions, keys, invitations and mails. The page of organizations is in
backoffice.admin."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from unfold.decorators import display

from accounts import api_keys, impersonation, invitations, mail, second_factor, sessions, users
from accounts.models import (
    ApiKey,
    ApiKeyRequest,
    Invitation,
    MailMessage,
    Notification,
    Session,
    SocialIdentity,
    Tone,
    User,
)
from scribe.admin import Deed, ReadOnlyAdmin, link, list_link
from scribe.backoffice.deeds import DeedPage
from scribe.errors import Conflict


def protected(user: User) -> str:
    return "it is a member of staff" if user.is_super_admin else ""


def work_as(user: User, by: Any, values: dict[str, Any]) -> DeedPage:
    """The page with the one link that opens the app as this user."""
    token = impersonation.begin(user=user, by=by, reason=values["reason"])
    context = {
        "title": "Work as a customer",
        "customer": user,
        "minutes": impersonation.MINUTES,
        "token": token,
        "link": f"{settings.FRONTEND_URL}/support-session#token={token}",  # fragments never reach a log
    }
    return DeedPage("admin/backoffice/impersonation.html", context)


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["email", "organization_link", "role", "shown_state", "second_factor", "last_login", "created_at"]
    list_filter = ["role", "is_active", "is_super_admin", ("email_verified_at", admin.EmptyFieldListFilter)]
    search_fields = ["email", "first_name", "last_name", "organization__name"]
    date_hierarchy = "created_at"
    fields = (
        "id", "email", "organization", "first_name", "last_name", "phone_number", "role", "is_active", "is_super_admin",
        "email_verified_at", "pending_email", "second_factor", "two_factor_suspended_at", "two_factor_demanded",
        "mail_usage_billing", "mail_ai_studio", "mail_system_alerts", "last_login", "created_at", "related",
    )  # fmt: skip
    readonly_fields = ["second_factor", "related"]
    deeds = (
        Deed(
            name="impersonate",
            label="Work as this user",
            icon="theater_comedy",
            audit_action="user.impersonated",
            explanation=f"For {impersonation.MINUTES} minutes, with this reason, which the organization's admins are told. "
            "Billing, keys, people and deletions stay closed.",
            run=work_as,
            refusal=lambda user: protected(user) or ("" if user.is_active else "it is not active"),
        ),
        Deed(
            name="end_sessions",
            label="End sessions",
            icon="logout",
            bulk=True,
            audit_action="user.signed_out",
            run=lambda user, by, values: f"{users.sign_out(user=user, by=by)} sessions ended.",
        ),
        Deed(
            name="reset_second_factor",
            label="Reset second factor",
            icon="lock_reset",
            bulk=True,
            danger=True,
            audit_action="user.two_factor_reset",
            explanation="Device and backup codes are wiped, every session ends, and the next sign-in demands a new set-up.",
            run=lambda user, by, values: second_factor.reset(user=user, by=by),
        ),
        Deed(
            name="deactivate",
            label="Deactivate",
            icon="person_off",
            danger=True,
            bulk=True,
            audit_action="user.deactivated",
            run=lambda user, by, values: users.deactivate(user=user, by=by),
            refusal=lambda user: "" if user.is_active else "it is not active",
        ),
        Deed(
            name="reactivate",
            label="Reactivate",
            icon="person_check",
            bulk=True,
            audit_action="user.reactivated",
            run=lambda user, by, values: users.update(
                user=user, changes={"is_active": True}, by=by, client=sessions.Client()
            ),
            refusal=lambda user: "it is active" if user.is_active else "",
        ),
    )

    def get_queryset(self, request: Any) -> Any:
        return User.objects.profiles()

    @display(description="Organization", ordering="organization__name")
    def organization_link(self, user: User) -> str:
        return link(user.organization)

    @display(
        description="State", label={"staff": "info", "active": "success", "unverified": "warning", "inactive": "danger"}
    )
    def shown_state(self, user: User) -> str:
        if not user.is_active:
            return "inactive"
        if user.is_super_admin:
            return "staff"
        return "active" if user.email_verified else "unverified"

    @display(description="Second factor")
    def second_factor(self, user: Any) -> str:
        return (user.method_of_device or "–") + (" (suspended)" if user.two_factor_suspended_at else "")

    @display(description="Related")
    def related(self, user: User) -> str:
        from django.utils.html import format_html

        return format_html(
            "{} · {} · {}",
            list_link("accounts_session", "Sessions", user__id__exact=user.pk),
            list_link("accounts_mailmessage", "Mails", user__id__exact=user.pk),
            list_link("scribe_auditentry", "What they did", actor_id__exact=user.pk),
        )


class _ByUser(ReadOnlyAdmin):
    """A list that a user's page links to."""

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup in ("user__id__exact", "organization__id__exact") or super().lookup_allowed(
            lookup, value, request
        )


@admin.register(Session)
class SessionAdmin(_ByUser):
    list_display = [
        "user",
        "via",
        "second_factor",
        "address",
        "user_agent",
        "created_at",
        "expires_at",
        "ended_because",
    ]
    list_filter = [
        "via",
        "second_factor",
        ("ended_at", admin.EmptyFieldListFilter),
        ("impersonator", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["user"]
    search_fields = ["user__email", "=address"]
    fields = (
        "id", "user", "organization", "via", "second_factor", "address", "user_agent", "created_at", "expires_at", "ended_at",
        "ended_because", "impersonator", "reason",
    )  # fmt: skip
    deeds = (
        Deed(
            name="end",
            label="End session",
            icon="logout",
            bulk=True,
            audit_action="session.ended",
            run=lambda row, by, values: sessions.end(session=row, because="staff"),
            refusal=lambda row: "it has ended" if row.ended_at else "",
            state=lambda row: {"ended": row.ended_at is not None},
        ),
    )


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = [
        "name",
        "prefix",
        "organization",
        "is_active",
        "expires_at",
        "last_used_at",
        "created_by",
        "created_at",
    ]
    list_filter = ["is_active", "mode"]
    list_select_related = ["organization", "created_by"]
    search_fields = ["name", "prefix", "organization__name"]
    deeds = (
        Deed(
            name="deactivate",
            label="Deactivate key",
            icon="key_off",
            danger=True,
            bulk=True,
            audit_action="api_key.deactivated",
            run=lambda key, by, values: api_keys.deactivate(key=key, by=by) and None,
            refusal=lambda key: "" if key.is_active else "it is not active",
            state=lambda key: {"is_active": key.is_active},
        ),
    )


@admin.register(ApiKeyRequest)
class ApiKeyRequestAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "api_key", "organization", "method", "route", "status", "milliseconds", "request_id"]
    list_filter = ["status", "method"]
    list_select_related = ["api_key", "organization"]
    search_fields = ["=api_key__prefix", "=request_id", "route"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ["email", "organization", "role", "state", "expires_at", "invited_by", "created_at"]
    list_filter = ["state", "role"]
    list_select_related = ["organization", "invited_by"]
    search_fields = ["email", "organization__name"]
    deeds = (
        Deed(
            name="revoke",
            label="Revoke",
            icon="block",
            danger=True,
            bulk=True,
            audit_action="invitation.revoked",
            run=lambda row, by, values: invitations.revoke(invitation=row, by=by) and None,
            refusal=lambda row: "" if row.status == "pending" else f"it is {row.status}",
            state=lambda row: {"state": row.state},
        ),
    )


def send_again(row: MailMessage, by: Any, values: dict[str, Any]) -> None:
    if not mail.send_again(row):
        raise Conflict("Its text is gone, or it has not failed.", code="mail_not_failed")


@admin.register(MailMessage)
class MailMessageAdmin(_ByUser):
    """Mails and their recipients. The text is encrypted and not shown: it may hold codes and links."""

    list_display = ["subject", "template", "organization", "user", "status", "attempts", "created_at", "sent_at"]
    list_filter = ["status", "template"]
    list_select_related = ["organization", "user"]
    search_fields = ["subject", "user__email", "organization__name"]
    deeds = (
        Deed(
            name="send_again",
            label="Send again",
            icon="forward_to_inbox",
            bulk=True,
            audit_action="mail.sent_again",
            run=send_again,
            refusal=lambda row: "" if row.status == "failed" else f"it is {row.status}",
            state=lambda row: {"status": row.status},
        ),
    )


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ["title", "notification_type", "user", "organization", "created_at", "read_at"]
    list_filter = ["notification_type"]
    list_select_related = ["user", "organization"]
    search_fields = ["title", "user__email"]


@admin.register(Tone)
class ToneAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug", "organization", "created_at"]
    list_select_related = ["organization"]
    search_fields = ["name", "slug", "organization__name"]


@admin.register(SocialIdentity)
class SocialIdentityAdmin(ReadOnlyAdmin):
    list_display = ["user", "provider", "organization", "created_at"]
    list_filter = ["provider"]
    list_select_related = ["user", "organization"]
    search_fields = ["user__email"]
