"""Notifications: each is shown by the app's bell and, if the person's preferences allow it, also mailed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import mail, mail_limits
from accounts.models import Notification, Organization, User
from scribe.jobs.models import Job

Kind = Notification.Kind

#: The preference that decides whether a kind is mailed as well. Security notices are always mailed.
PREFERENCE = {
    Kind.JOB_COMPLETED: "mail_system_alerts",
    Kind.JOB_FAILED: "mail_system_alerts",
    Kind.POST_PUBLISHED: "mail_system_alerts",
    Kind.POST_FAILED: "mail_system_alerts",
    Kind.EXPORT_READY: "mail_system_alerts",
    Kind.WEBHOOK_FAILING: "mail_system_alerts",
    Kind.LOW_BALANCE: "mail_usage_billing",
    Kind.INVOICE_ISSUED: "mail_usage_billing",
    Kind.INVOICE_CONFIRMED: "mail_usage_billing",
    Kind.PAYMENT_FAILED: "mail_usage_billing",
    Kind.STUDIO_COMMENT: "mail_ai_studio",
}
#: The kinds that go to the admins when no users are named: money, exports, webhooks and the safety of the account.
FOR_ADMINS = {
    Kind.LOW_BALANCE,
    Kind.INVOICE_ISSUED,
    Kind.INVOICE_CONFIRMED,
    Kind.PAYMENT_FAILED,
    Kind.EXPORT_READY,
    Kind.WEBHOOK_FAILING,
    Kind.SECURITY,
}


@transaction.atomic
def notify(
    *,
    organization: Organization,
    kind: str,
    title: str,
    body: str = "",
    project_id: Any = None,
    job_id: Any = None,
    data: dict[str, Any] | None = None,
    users: Iterable[User] | None = None,
    key: str | None = None,
    always_mail: bool = False,
) -> list[Notification]:
    """Tell `users` (by default the organization's admins or all its people, as the kind demands), in the caller's
    transaction. With a `key` each person is told once, however often this is called. `always_mail` is for what no customer
    can cause: it is mailed whatever the preferences say, and to an address that is not verified, too."""
    kind = Kind(kind)
    told = []
    for user in _recipients(organization, kind) if users is None else users:
        fields: dict[str, Any] = {
            "organization_id": user.organization_id,
            "notification_type": kind,
            "title": title[:200],
            "body": body,
            "project_id": project_id,
            "job_id": job_id,
            "data": data or {},
        }
        if key is None:
            told.append(Notification.objects.create(user=user, **fields))
        else:
            notification, is_new = Notification.objects.get_or_create(user=user, key=key[:120], defaults=fields)
            if not is_new:
                continue
            told.append(notification)
        wanted = kind == Kind.SECURITY or getattr(user, PREFERENCE[kind])
        if always_mail or (wanted and not mail_limits.unproven_is_full(user)):
            # An unverified address may be a stranger's, so the subject must not hold a customer's words.
            subject = title if kind == Kind.SECURITY or user.email_verified else Kind(kind).label
            mail.send(
                template="security" if kind == Kind.SECURITY else "notification",
                to=[user.email],
                context={"user": user, "title": title, "subject_line": subject, "body": body, "data": data or {}},
                organization=organization,
                user=user,
            )
    return told


def job_ended(
    job: Job, *, title: str, body: str = "", kind: str = "", data: dict[str, Any] | None = None
) -> list[Notification]:
    """Tell the person who started `job` how it ended, once. Without such a person, tell the recipients of the kind.

    `kind` is `job_failed` for a job that failed and else `job_completed`, unless given. `body` of a failed job is its error,
    unless given.
    """
    if job.is_test:  # a leaked test key fills no mailbox
        return []
    failed = job.status == Job.Status.FAILED
    return notify(
        organization=job.organization,
        kind=kind or (Kind.JOB_FAILED if failed else Kind.JOB_COMPLETED),
        title=title,
        body=body or (job.error if failed else ""),
        project_id=job.project_id,
        job_id=job.pk,
        data=data,
        users=[job.created_by] if job.created_by and job.created_by.is_active else None,
        key=f"job-ended:{job.pk}",
    )


def _recipients(organization: Organization, kind: Kind) -> list[User]:
    people = organization.users.active()
    return list(people.admins() if kind in FOR_ADMINS else people)


def mark_read(notification: Notification) -> Notification:
    """Mark it as read. A repeated call keeps the first time."""
    if notification.read_at is None:
        notification.read_at = timezone.now()
        notification.save(update_fields=["read_at"])
    return notification


def mark_all_read(user: User) -> int:
    return int(Notification.objects.visible_to(user).unread().update(read_at=timezone.now()))
