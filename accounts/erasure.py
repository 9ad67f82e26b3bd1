"""The right to be forgotten: a deletion is requested, and carried out 14 days later.

`scribe.gdpr` says what to do with each kind of row: delete it, reduce it to what the law asks for, or keep it
because it holds no personal data. The organization itself and its users stay as empty shells, so that ledger and audit log
still refer to a row; the shells do not tell who they were.
"""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts import mail, passwords
from accounts.models import Organization, User
from accounts.sessions import Client
from scribe import audit, gdpr, jobs, storage
from scribe.errors import Conflict
from scribe.jobs.models import Job
from scribe.messages import _
from scribe.types import Json
from scribe.unforeseen import keep_going

GRACE = timedelta(days=14)
BATCH = 2000


def request(*, organization: Organization, by: User, password: str, client: Client) -> Organization:
    """Schedule the deletion. The user confirms it by their password or, without one, by a sign-in of the last ten minutes."""
    if organization.deletion_pending:
        raise Conflict(_("The deletion is already scheduled."), code="deletion_pending")
    passwords.confirm_recent_or_password(user=by, password=password, client=client)
    with transaction.atomic():
        row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        if row.deletion_pending:
            raise Conflict(_("The deletion is already scheduled."), code="deletion_pending")
        row.deletion_requested_at = timezone.now()
        row.deletion_scheduled_for = row.deletion_requested_at + GRACE
        row.save(update_fields=["deletion_requested_at", "deletion_scheduled_for"])
        # An export may finish: people make one before they leave.
        jobs.cancel_all(Job.objects.of(row).active().exclude(job_type="gdpr_export"))
        _mail(row, "deletion_scheduled", by)
        audit.record(action="organization.deletion_requested", actor=by, target=row)
    return row


@transaction.atomic
def cancel(*, organization: Organization, by: User) -> Organization:
    """Take the request back. Conflict when there is none, or when its day has come."""
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if row.deletion_scheduled_for is None or row.deletion_scheduled_for <= timezone.now():
        raise Conflict(_("No deletion is scheduled."), code="no_deletion_pending")
    row.deletion_requested_at = row.deletion_scheduled_for = None
    row.save(update_fields=["deletion_requested_at", "deletion_scheduled_for"])
    _mail(row, "deletion_cancelled", by)
    audit.record(action="organization.deletion_cancelled", actor=by, target=row)
    return row


def _mail(organization: Organization, template: str, by: User) -> None:
    for user in organization.users.active().admins():
        mail.send_to(user, template, organization=organization, by=by, when=organization.deletion_scheduled_for)


def erase_due(now: datetime | None = None) -> int:
    """Erase every organization whose day has come, and return their number. The next run tries a failed one again."""
    count = 0
    for organization in Organization.objects.due_for_deletion(now or timezone.now()):
        with keep_going("erasure not finished", organization_id=str(organization.pk)):
            erase(organization)
            count += 1
    return count


def erase(organization: Organization) -> None:
    """Carry the deletion out. It may be killed anywhere: each step commits alone and does nothing when repeated."""
    _close(organization)
    _erase_rows(organization)
    for key in list(storage.below(f"organizations/{organization.pk}/")):
        storage.delete(key)
    with transaction.atomic():
        _shell(organization)
        audit.record(action="organization.erased", organization=organization.pk)


def _close(organization: Organization) -> None:
    """Deactivate the users and cancel all jobs, before the first row is deleted."""
    User.objects.of(organization).update(is_active=False)
    jobs.cancel_all(Job.objects.of(organization).active())


def _erase_rows(organization: Organization) -> None:
    """Erase kinds with an erasing function of their own first (the ledger opens only for its own), then the rest. Rows that
    others point at come after those; the order is found by trying, not kept in a list."""
    waiting = sorted(gdpr.kinds().values(), key=lambda kind: kind.reduce is None)
    while waiting:
        left = []
        refusal: Exception | None = None
        for kind in waiting:
            try:
                _erase_kind(kind, organization)
            except (models.ProtectedError, IntegrityError) as error:
                left.append(kind)
                refusal = error
        if refusal is not None and len(left) == len(waiting):
            raise refusal
        waiting = left


def _erase_kind(kind: gdpr.PersonalRows, organization: Organization) -> None:
    rows = kind.rows(organization.pk)
    if kind.reduce:
        with transaction.atomic():
            kind.reduce(rows)
    elif kind.deleted:
        while batch := list(rows.order_by().values_list("pk", flat=True)[:BATCH]):
            with transaction.atomic():
                kind.model._base_manager.filter(pk__in=batch).delete()


def _shell(organization: Organization) -> None:
    """Reduce the organization to a shell: its id and dates, without any name."""
    empty: Json = {
        field.name: ""
        for field in Organization._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and field.name not in ("slug",)
    }
    Organization.objects.filter(pk=organization.pk).update(
        **{
            **empty,
            "name": "Erased organization",
            "slug": f"erased-{organization.pk}",
            "settings": {},
            "byok_enabled": False,
            "deletion_requested_at": None,
            "deletion_scheduled_for": None,
            "erased_at": timezone.now(),
        }
    )


def erase_users(users: models.QuerySet[User]) -> None:
    """Reduce users to shells: an id that audit log and ledger may name, without personal data."""
    for user in users:
        User.objects.filter(pk=user.pk).update(
            email=f"erased-{user.pk}@erased.invalid",
            email_verified_at=None,
            pending_email="",
            first_name="",
            last_name="",
            phone_number="",
            password=UNUSABLE_PASSWORD_PREFIX,
            is_active=False,
            is_super_admin=False,
            last_login=None,
            two_factor_suspended_at=None,
        )
