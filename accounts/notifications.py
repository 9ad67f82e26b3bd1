"""Notifications: each is shown by the app's bell and, if the person's preferences allow it, also mailed."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import mail, mail_limits
from accounts.models import Notification, Organization, User
from scribe import outbox
from scribe.jobs import JobNotice
from scribe.jobs.models import Job
from scribe.messages import _
from scribe.outbox.types import EVENTS, NOTICES, EventType
from scribe.types import Json


def notify(
    *,
    organization: Organization | UUID,
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
    is_test: bool = False,
    kind: str = "",
) -> list[Notification]:
    """Tell programs and people of `event`, one of `EVENTS`, in the caller's transaction. The event's row says who gets it:
    programs what happened to `objects` (`outbox.record`, with the key `event_key`), people a notice and, as they prefer, a
    mail. Of test work (`is_test`) people get nothing.

    People are `users`, by default the organization's admins or all its people who see the project, as the row demands;
    the project is that of the `objects`, unless given. With a `key` each person is told once, however often this is
    called; people are told of several objects by a key alone, since one change may take many calls. `always_mail` is for what no customer can cause:
    it is mailed whatever the preferences say, and to an address that is not verified, too. `link` is an address of the
    app, and what the mail calls it. `kind` is another kind of notice than the row's."""
    row = EVENTS[event]
    kind = "" if is_test else kind or row.notice
    if kind and objects:
        if len(objects) > 1 and key is None:
            raise ValueError("A notice about several objects needs a `key` that names their one cause.")
        project_id = project_id or _project_of(objects)
    if objects:
        outbox.record(organization=organization, event=event, objects=objects, key=event_key, is_test=is_test)
    if not kind:
        return []
    if not isinstance(organization, Organization):
        organization = Organization.objects.get(pk=organization)
    fields: Json = {
        "notification_type": kind,
        "title": (title or NOTICES[kind])[:200],
        "body": body,
        "project_id": project_id,
        "job_id": job_id,
        "data": data or {},
    }
    told = []
    with transaction.atomic():
        for user in _recipients(organization, row, project_id) if users is None else users:
            if notification := _write(user, fields, key):
                told.append(notification)
                _mail(notification, row, organization, always=always_mail, link=link)
    return told


def _write(user: User, fields: Json, key: str | None) -> Notification | None:
    """The new notice, or None if the person has one with the `key`."""
    fields = {**fields, "organization_id": user.organization_id}
    if key is None:
        return Notification.objects.create(user=user, **fields)
    notification, is_new = Notification.objects.get_or_create(user=user, key=key[:120], defaults=fields)
    return notification if is_new else None


def _mail(
    notification: Notification,
    row: EventType,
    organization: Organization,
    *,
    always: bool,
    link: tuple[str, str] | None,
) -> None:
    """Mail a notice to its person, if they want it."""
    user = notification.user
    wanted = not row.mail or getattr(user, row.mail)
    if not (always or (wanted and not mail_limits.unproven_is_full(user))):
        return
    # An unverified address may be a stranger's, so the subject must not hold a customer's words.
    is_safe = not row.mail or user.email_verified
    mail.send(
        template="notification" if row.mail else "security",
        to=[user.email],
        context={
            "user": user,
            "title": notification.title,
            "subject_line": notification.title if is_safe else NOTICES[notification.notification_type],
            "body": notification.body,
            "data": notification.data,
            "link": link and link[0],
            "link_label": link and link[1],
        },
        organization=organization,
        user=user,
    )


def notify_of_end(job: Job, notice: JobNotice) -> list[Notification]:
    """Tell the person who started `job` how it ended, once. Without such a person, tell the recipients of the event."""
    failed = job.status == Job.Status.FAILED
    return notify(
        organization=job.organization,
        event=notice.event,
        kind="job_failed" if failed and notice.event == "job.finished" else "",
        title=notice.title,
        body=notice.body or (job.error if failed else ""),
        project_id=job.project_id,
        job_id=job.pk,
        data=notice.data,
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


def _project_of(objects: Mapping[UUID, Mapping[str, object]]) -> UUID | None:
    named = {data["project_id"] for data in objects.values() if data.get("project_id")}
    if len(named) > 1:
        raise ValueError("These objects are of several projects: tell people of each project by itself.")
    return UUID(str(named.pop())) if named else None


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
