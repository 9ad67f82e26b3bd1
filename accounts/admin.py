"""Admin pages of people: users, their sessions, keys, invitations and mails. The page of organizations is in
backoffice.admin."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
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
from accounts.models.user import UserRows
from scribe.admin import ReadOnlyAdmin, StaffAction, link, list_link
from scribe.backoffice.staff_actions import StaffActionPage
from scribe.errors import Conflict
from scribe.messages import _
from scribe.types import Json


def protection_reason(user: User) -> str:
    return "it is a member of staff" if user.is_super_admin else ""


def work_as(user: User, by: User, values: Json) -> StaffActionPage:
    """The page with the one link that opens the app as this user."""
    token = impersonation.start(user=user, by=by, reason=values["reason"])
    context = {
        "title": "Work as a customer",
        "customer": user,
        "minutes": impersonation.MINUTES,
        "token": token,
        "link": f"{settings.FRONTEND_URL}/support-session#token={token}",  # fragments never reach a log
    }
    return StaffActionPage("admin/backoffice/impersonation.html", context)


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["email", "organization_link", "role", "shown_state", "second_factor", "last_login", "created_at"]
    list_filter = ["role", "is_active", "is_super_admin", ("email_verified_at", admin.EmptyFieldListFilter)]
    search_fields = ["email", "first_name", "last_name", "organization__name"]
    date_hierarchy = "created_at"
    fields = (
        "id", "email", "organization", "first_name", "last_name", "phone_number", "role", "languages", "project_ids",
        "is_active", "is_super_admin",
        "email_verified_at", "pending_email", "second_factor", "two_factor_suspended_at", "two_factor_demanded",
        "mail_usage_billing", "mail_ai_studio", "mail_system_alerts", "last_login", "created_at", "related",
    )  # fmt: skip
    readonly_fields = ["second_factor", "related"]
    staff_actions = (
        StaffAction(
            name="impersonate",
            label="Work as this user",
            icon="theater_comedy",
            explanation=f"For {impersonation.MINUTES} minutes, with this reason, which the organization's admins are told. "
            "Billing, keys, people and deletions stay closed.",
            run=work_as,
            refusal=lambda user: protection_reason(user) or ("" if user.is_active else "it is not active"),
        ),
        StaffAction(
            name="end_sessions",
            label="End sessions",
            icon="logout",
            bulk=True,
            run=lambda user, by, values: f"{users.sign_out(user=user, by=by)} sessions ended.",
        ),
        StaffAction(
            name="reset_second_factor",
            label="Reset second factor",
            icon="lock_reset",
            bulk=True,
            danger=True,
            explanation="Device and backup codes are wiped, every session ends, and the next sign-in demands a new set-up.",
            run=lambda user, by, values: second_factor.reset(user=user, by=by),
        ),
        StaffAction(
            name="deactivate",
            label="Deactivate",
            icon="person_off",
            danger=True,
            bulk=True,
            run=lambda user, by, values: users.deactivate(user=user, by=by),
            refusal=lambda user: "" if user.is_active else "it is not active",
        ),
        StaffAction(
            name="reactivate",
            label="Reactivate",
            icon="person_check",
            bulk=True,
            run=lambda user, by, values: users.update(
                user=user, changes={"is_active": True}, by=by, client=sessions.Client()
            ),
            refusal=lambda user: "it is active" if user.is_active else "",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> UserRows:
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
    def second_factor(self, user: Any) -> str:  # type: ignore[explicit-any]  # an annotated row
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

    linked_by = ("user__id__exact", "organization__id__exact")


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
    search_fields = ["user__email", "=address"]
    fields = (
        "id", "user", "organization", "via", "second_factor", "address", "user_agent", "created_at", "expires_at", "ended_at",
        "ended_because", "impersonator", "reason",
    )  # fmt: skip
    staff_actions = (
        StaffAction(
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
    search_fields = ["name", "prefix", "organization__name"]
    staff_actions = (
        StaffAction(
            name="deactivate",
            label="Deactivate key",
            icon="key_off",
            danger=True,
            bulk=True,
            run=lambda key, by, values: api_keys.deactivate(key=key, by=by),
            refusal=lambda key: "" if key.is_active else "it is not active",
        ),
    )


@admin.register(ApiKeyRequest)
class ApiKeyRequestAdmin(ReadOnlyAdmin):
    list_display = [
        "created_at",
        "api_key",
        "organization",
        "method",
        "route",
        "status",
        "code",
        "address",
        "milliseconds",
        "request_id",
    ]
    list_filter = ["status", "method"]
    search_fields = ["=api_key__prefix", "=request_id", "route"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ["email", "organization", "role", "state", "expires_at", "invited_by", "created_at"]
    list_filter = ["state", "role"]
    search_fields = ["email", "organization__name"]
    staff_actions = (
        StaffAction(
            name="revoke",
            label="Revoke",
            icon="block",
            danger=True,
            bulk=True,
            run=lambda row, by, values: invitations.revoke(invitation=row, by=by),
            refusal=lambda row: "" if row.status == "pending" else f"it is {row.status}",
        ),
    )


def send_again(row: MailMessage, by: User, values: Json) -> None:
    if not mail.send_again(row):
        raise Conflict(
            _("This email can't be sent again: it did not fail, or its text is no longer stored."),
            code="mail_not_failed",
        )


@admin.register(MailMessage)
class MailMessageAdmin(_ByUser):
    """Mails and their recipients. The text is encrypted and not shown: it may hold codes and links."""

    list_display = ["subject", "template", "organization", "user", "status", "attempts", "created_at", "sent_at"]
    list_filter = ["status", "template"]
    search_fields = ["subject", "user__email", "organization__name"]
    staff_actions = (
        StaffAction(
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
    search_fields = ["title", "user__email"]


@admin.register(Tone)
class ToneAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug", "organization", "created_at"]
    search_fields = ["name", "slug", "organization__name"]


@admin.register(SocialIdentity)
class SocialIdentityAdmin(ReadOnlyAdmin):
    list_display = ["user", "provider", "organization", "created_at"]
    list_filter = ["provider"]
    search_fields = ["user__email"]
