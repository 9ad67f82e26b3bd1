"""Staff working as a customer's user: with a reason, for half an hour, and with notice to the organization.

The session is a row like any other, with the member of staff on it, so every audit entry names both. What may be changed
meanwhile is decided in scribe.api.views (`check_impersonation`): content, but no money, keys, people or deletions.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import notices, tokens
from accounts.models import Session, User
from scribe import audit
from scribe.errors import Conflict, Forbidden, InvalidInput
from scribe.logs import context
from scribe.messages import _

MINUTES = 30


@transaction.atomic
def start(*, user: User, by: User, reason: str) -> str:
    """Start to work as `user`, and return the access token. Earlier such sessions of the same member of staff end.

    Raises Forbidden for a caller who is no staff, or who is working as somebody already; Conflict `protected_user` for
    staff as the target, `user_inactive` for somebody who cannot sign in.
    """
    if not (by.is_super_admin and by.is_active) or by.impersonated or context().get("impersonator"):
        raise Forbidden(_("Only platform staff, as themselves, may work as a customer."), code="staff_required")
    reason = reason.strip()
    if not reason:
        raise InvalidInput.at("#/reason", _("Enter a reason."), "required")
    user = User.objects.select_for_update().select_related("organization").get(pk=user.pk)
    if user.is_super_admin:
        raise Conflict(_("Nobody works as a member of staff."), code="protected_user")
    if not user.is_active:
        raise Conflict(_("This user is not active."), code="user_inactive")
    for earlier in Session.objects.live().filter(impersonator=by):
        end(session=earlier, by=by, recorded=False)
    session = Session.objects.create(
        user=user,
        organization_id=user.organization_id,
        via=Session.Via.SUPPORT,
        second_factor=True,
        impersonator=by,
        reason=reason,
        expires_at=timezone.now() + timedelta(minutes=MINUTES),
    )
    audit.record(
        action="user.impersonated",
        actor=by,
        target=user,
        reason=reason,
        after={"user": user.pk, "staff": by.pk, "session": session.pk, "minutes": MINUTES},
    )
    notices.support_visit(
        user=user,
        body=_(
            "For up to {minutes} minutes, a member of our support team can see your account as {name}. "
            "Reason: {reason}. They can't change billing, keys or people, or delete anything.",
            minutes=MINUTES,
            name=user.name,
            reason=reason,
        ),
    )
    return tokens.access_token(session)


@transaction.atomic
def end(*, session: Session, by: User, recorded: bool = True) -> None:
    """Stop working as a customer. A repeated call changes nothing."""
    changed = Session.objects.filter(pk=session.pk, ended_at=None).update(
        ended_at=timezone.now(), ended_because="support_ended"
    )
    if changed and recorded:
        audit.record(
            action="user.impersonation_ended", actor=by, target=session, before={"ended": False}, after={"ended": True}
        )
