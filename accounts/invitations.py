"""Invitations: sent, opened, accepted, taken back."""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from accounts import access, mail, mail_limits, memberships, passwords, registration, sessions
from accounts.memberships import MembershipChoice
from accounts.models import Invitation, Session, User
from accounts.models.user import normalize_email
from accounts.sessions import Client
from scribe import audit, crypto
from scribe.errors import Conflict
from scribe.messages import _
from scribe.types import Json

LIFETIME = timedelta(days=7)
PURPOSE = "accept-invitation"
Status = Invitation.Status
ROLES: dict[str, str] = {
    User.Role.ADMIN: _("admin"),
    User.Role.MEMBER: _("member"),
    User.Role.REVIEWER: _("reviewer"),
    User.Role.TRANSLATOR: _("translator"),
    User.Role.VIEWER: _("viewer"),
}


def create(*, by: User, email: str, membership: Json) -> Invitation:
    """Invite an address that has neither an account nor a pending invitation here. `membership` as for `users.create`."""
    access.check_verified(by)
    chosen = memberships.choose(membership, by=by)
    email = normalize_email(email)
    access.check_can_join(email, by=by)
    mail_limits.check(by=by, kind="invitation", address=email)
    try:
        with transaction.atomic():
            # A pending invitation that has expired makes room for a new one.
            old = Invitation.objects.of(by.organization_id).filter(email=email, state=Status.PENDING)
            old.filter(expires_at__lte=timezone.now()).update(state=Status.EXPIRED)
            secret = secrets.token_urlsafe(24)
            invitation = Invitation.objects.create(
                organization=by.organization,
                email=email,
                **chosen.as_columns(),
                digest=crypto.digest(secret),
                invited_by=by,
                expires_at=timezone.now() + LIFETIME,
            )
            _send(invitation, secret, by)
            audit.record(action="invitation.created", actor=by, target=invitation, after=chosen.as_record())
    except IntegrityError:
        raise Conflict(_("This address already has a pending invitation."), code="invitation_pending") from None
    return invitation


def _send(invitation: Invitation, secret: str, by: User) -> None:
    token = crypto.sign(PURPOSE, {"t": secret})
    with translation.override(mail.language_of(by)):
        mail.send(
            template="invitation",
            to=[invitation.email],
            context={
                "organization": invitation.organization,
                "invited_by": by,
                "role": ROLES[invitation.role],
                "days": LIFETIME.days,
                "link": mail.frontend_link("accept-invitation", token),
            },
            organization=invitation.organization,
        )


def resend(*, invitation: Invitation, by: User) -> Invitation:
    """Mail a pending invitation anew. The earlier token becomes invalid, and the seven days begin again."""
    access.check_verified(by)
    if invitation.status == Status.PENDING:
        mail_limits.check(by=by, kind="invitation", address=invitation.email)
    with transaction.atomic():
        row = _pending(invitation)
        secret = secrets.token_urlsafe(24)
        row.digest, row.expires_at = crypto.digest(secret), timezone.now() + LIFETIME
        row.save(update_fields=["digest", "expires_at"])
        _send(row, secret, by)
        audit.record(action="invitation.resent", actor=by, target=row)
    return row


@transaction.atomic
def revoke(*, invitation: Invitation, by: User) -> Invitation:
    """Take a pending invitation back."""
    row = _pending(invitation)
    row.state = Status.REVOKED
    row.save(update_fields=["state"])
    audit.record(action="invitation.revoked", actor=by, target=row)
    return row


def _pending(invitation: Invitation) -> Invitation:
    """Lock the row against a simultaneous acceptance. Conflict when it is no longer pending."""
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("organization", "invited_by")
    row = locked.get(pk=invitation.pk)
    if row.status != Status.PENDING:
        raise Conflict(_("This invitation is {state}.", state=row.status), code="invitation_not_pending")
    return row


def find(token: str) -> Invitation | None:
    """The invitation that `token` opens while it is pending, or None."""
    payload = crypto.unsign(PURPOSE, token, max_age=LIFETIME.total_seconds())
    if payload is None or not isinstance(payload.get("t"), str):
        return None
    found = Invitation.objects.select_related("organization").filter(digest=crypto.digest(payload["t"])).first()
    return found if found and found.status == Status.PENDING and found.organization.erased_at is None else None


def accept(*, token: str, password: str, client: Client, first_name: str = "", last_name: str = "") -> tuple[User, str]:
    """Create the invited person's account, verified since the link came by mail, and an access token. Conflict for a dead
    token."""
    dead = Conflict(_("This invitation is no longer valid. Ask for a new one."), code="invitation_not_pending")
    invitation = find(token)
    if invitation is None:
        raise dead
    passwords.validate(password, user=User(email=invitation.email, first_name=first_name, last_name=last_name))
    with transaction.atomic():
        won = Invitation.objects.filter(pk=invitation.pk, state=Status.PENDING, digest=invitation.digest)
        # Of two acceptances, or an acceptance and a revocation, the first to update wins.
        if not won.update(state=Status.ACCEPTED, accepted_at=timezone.now()):
            raise dead
        user = registration.create_user(
            organization=invitation.organization,
            email=invitation.email,
            password=password,
            first_name=first_name,
            last_name=last_name,
            **MembershipChoice.of(invitation).as_columns(),
            email_verified_at=timezone.now(),
        )
        access_token = sessions.start(user=user, via=Session.Via.INVITATION, client=client)
        audit.record(action="invitation.accepted", actor=user, target=invitation, after={"user": user.pk})
    return user, access_token


def mark_expired() -> int:
    """Mark pending invitations past their time as expired."""
    return Invitation.objects.filter(state=Status.PENDING, expires_at__lte=timezone.now()).update(state=Status.EXPIRED)
