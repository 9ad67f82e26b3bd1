"""Verification of e-mail addresses: that of the account, and a new one before it replaces the old."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import access, mail, mail_limits, notices, tokens
from accounts.models import User
from accounts.models.user import normalize_email
from scribe import audit
from scribe.errors import InvalidInput
from scribe.messages import _

Purpose = tokens.Purpose


def resend_link(*, user: User) -> None:
    """As `send_link`, but limited for one mailbox (TooManyRequests), since it may be a stranger's."""
    mail_limits.check_recipient(kind="verification", address=user.email)
    send_link(user=user)


@transaction.atomic
def send_link(*, user: User) -> None:
    """Mail a link that proves the present address."""
    token = tokens.issue(user=user, purpose=Purpose.VERIFY_EMAIL, data={"email": user.email})
    mail.send_to(user, "verify_email", link=mail.frontend_link("verify-email", token))


@transaction.atomic
def request_change(*, user: User, email: str, by: User) -> None:
    """Begin a change of address. The new address gets a link, and counts once it is followed; the old address is told.

    Users with an unverified address may correct their own, but not another user's (Forbidden). TooManyRequests when the
    sender, the mailbox or the account had too many of these mails.
    """
    if by.pk != user.pk:
        access.check_verified(by)
    email = normalize_email(email)
    user = User.objects.select_for_update().select_related("organization").get(pk=user.pk)
    if email == user.email:
        user.pending_email = ""
        user.save(update_fields=["pending_email"])
        tokens.discard(user=user, purposes=(Purpose.CHANGE_EMAIL,))
        return
    if User.objects.filter(email=email).exists():
        raise access.email_taken(of_another=True)
    mail_limits.check(by=by, kind="address", address=email)
    mail_limits.check_recipient(kind="address-told", address=user.email)
    tokens.discard(user=user, purposes=(Purpose.CHANGE_EMAIL,))  # the latest request counts
    user.pending_email = email
    user.save(update_fields=["pending_email"])
    token = tokens.issue(user=user, purpose=Purpose.CHANGE_EMAIL, data={"email": email})
    mail.send(
        template="change_email",
        to=[email],
        context={"user": user, "link": mail.frontend_link("verify-email", token), "new_email": email},
        organization=user.organization,
        user=user,
    )
    who = _("you") if by.pk == user.pk else _("an admin of your organization")
    notices.security(
        user=user,
        title=_("A new email address was entered for your account"),
        body=_(
            "{who} asked to change the email address of your account to {email}. The change takes effect "
            "when it is confirmed from that address. If you did not expect this, sign in, change your "
            "password and set your email address again.",
            email=email,
            who=who,
        ),
    )
    audit.record(action="user.email_change_requested", actor=by, target=user)


def verify(*, token: str) -> User:
    """Follow a link: verify the address that it was sent to. Raises InvalidInput `invalid_token` for a dead one."""
    dead = InvalidInput.at("?token", _("This link is no longer valid. Please request a new one."), "invalid_token")
    row = tokens.find(token, Purpose.VERIFY_EMAIL, Purpose.CHANGE_EMAIL)
    if row is None:
        raise dead
    with transaction.atomic():
        user: User = User.objects.select_for_update().select_related("organization").get(pk=row.user_id)
        if not tokens.spend(row):
            raise dead
        if row.purpose == Purpose.VERIFY_EMAIL:
            if row.data.get("email") != user.email:
                raise dead
            _mark_verified(user)
        else:
            if row.data.get("email") != user.pending_email:
                raise dead
            _take_over(user)
    return user


def _mark_verified(user: User) -> None:
    if not user.email_verified:
        user.email_verified_at = timezone.now()
        user.save(update_fields=["email_verified_at"])
    # The other links that were mailed to this address are not needed any more.
    tokens.discard(user=user, purposes=(Purpose.VERIFY_EMAIL,))


def _take_over(user: User) -> None:
    """Replace the address by the pending one. Links mailed to the old address die, and it is told."""
    notices.security(
        user=user,
        title=_("The email address of your account was changed"),
        body=_(
            "Your account now uses {pending_email}. We no longer send emails to this address.",
            pending_email=user.pending_email,
        ),
    )
    user.email, user.pending_email, user.email_verified_at = user.pending_email, "", timezone.now()
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "pending_email", "email_verified_at"])
    except IntegrityError:  # another user registered with it meanwhile
        raise access.email_taken(of_another=True) from None
    tokens.discard(user=user, purposes=(Purpose.VERIFY_EMAIL, Purpose.RESET_PASSWORD, Purpose.SET_PASSWORD))
    audit.record(action="user.email_changed", actor=user, target=user)
