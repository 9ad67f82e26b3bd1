"""Notifications: each is shown by the app's bell and, if the person's preferences allow it, also mailed."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import mail, mail_limits
from accounts.models import Notification, Organization, User
from scribe import outbox
from scribe.jobs.models import Job
from scribe.messages import _
from scribe.outbox.types import EVENTS, EventType
from scribe.types import Json


@transaction.atomic
def notify(
    *,
    organization: Organization,
    event: str,
    title: str = "",
    body: str = "",
    objects: Mapping[UUID, Mapping[str, object]] | None = None,
    event_key: str | None = None,
    project_id: UUID | None = None,
    job_id: UUID | None = None,
    data: Json | None = None,
    users: Iterable[User] | None = None,
    key: str | None = None,
    always_mail: bool = False,
    link: tuple[str, str] | None = None,
) -> list[Notification]:
    """Tell programs and people of `event`, one of `EVENTS`, in the caller's transaction: programs of what happened to
    `objects` (`outbox.record`, with the key `event_key`), people by a notice and, as they prefer, a mail.

    People are `users`, by default the organization's admins or all its people who see the
    project, as the event demands. With a `key` each
    person is told once, however often this is called. `always_mail` is for what no customer can cause: it is mailed
    whatever the preferences say, and to an address that is not verified, too. `link` is an address of the app, and what
    the mail calls it."""
    row = EVENTS[event]
    title = title or row.title
    if objects:
        outbox.record(organization=organization, event=event, objects=objects, key=event_key)
    told = []
    for user in _recipients(organization, row, project_id) if users is None else users:
        fields: Json = {
            "organization_id": user.organization_id,
            "notification_type": row.notice,
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
        wanted = not row.mail or getattr(user, row.mail)
        if always_mail or (wanted and not mail_limits.unproven_is_full(user)):
            # An unverified address may be a stranger's, so the subject must not hold a customer's words.
            subject = title if not row.mail or user.email_verified else row.title
            mail.send(
                template="notification" if row.mail else "security",
                to=[user.email],
                context={
                    "user": user,
                    "title": title,
                    "subject_line": subject,
                    "body": body,
                    "data": data or {},
                    "link": link and link[0],
                    "link_label": link and link[1],
                },
                organization=organization,
                user=user,
            )
    return told


def job_ended(job: Job, *, title: str, body: str = "", event: str = "", data: Json | None = None) -> list[Notification]:
    """Tell the person who started `job` how it ended, once. Without such a person, tell the recipients of the event.

    `event` is `job.failed` for a job that failed and else `job.completed`, unless given. `body` of a failed job is its error,
    unless given.
    """
    if job.is_test:  # a leaked test key fills no mailbox
        return []
    failed = job.status == Job.Status.FAILED
    return notify(
        organization=job.organization,
        event=event or ("job.failed" if failed else "job.completed"),
        title=title,
        body=body or (job.error if failed else ""),
        project_id=job.project_id,
        job_id=job.pk,
        data=data,
        users=[job.created_by] if job.created_by and job.created_by.is_active else None,
        key=f"job-ended:{job.pk}",
        link=_result_of(job),
    )


def _result_of(job: Job) -> tuple[str, str] | None:
    """Where the result of the job is looked at, and what a mail calls it."""
    if not job.project_id:
        return None
    project = f"{settings.FRONTEND_URL}/projects/{job.project_id}"
    if flagged := job.result.get("flagged"):
        text = _("Review 1 flagged text") if flagged == 1 else _("Review {number} flagged texts", number=flagged)
        return f"{project}/review?status=flagged", text
    if job.result.get("generated"):
        return f"{project}/review", _("Review the texts")
    return f"{project}/jobs/{job.pk}", _("See the result")


def _recipients(organization: Organization, event: EventType, project_id: UUID | None) -> list[User]:
    people = organization.users.active().seeing(project_id)
    return list(people.admins() if event.admins else people)


def mark_read(notification: Notification) -> Notification:
    """Mark it as read. A repeated call keeps the first time."""
    if notification.read_at is None:
        notification.read_at = timezone.now()
        notification.save(update_fields=["read_at"])
    return notification


def mark_all_read(user: User) -> int:
    return int(Notification.objects.visible_to(user).unread().update(read_at=timezone.now()))
