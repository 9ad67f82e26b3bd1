"""Passwords: comparing in constant time, rules, changing, and the reset by mail."""

from datetime import timedelta
from functools import lru_cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import lockout, mail, mail_limits, notices, sessions, tokens
from accounts.models import Session, User
from accounts.models.user import normalize_email
from accounts.sessions import Client
from scribe import audit, queue
from scribe.errors import Forbidden, InvalidInput, NotConfigured
from scribe.messages import _, join

#: A sign-in this fresh confirms an action as a password does.
RECENT = timedelta(minutes=10)
RESET_LINKS = (tokens.Purpose.RESET_PASSWORD, tokens.Purpose.SET_PASSWORD)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """A hash of the usual cost that no password opens."""
    return make_password("a password that nobody has")


def matches(user: User | None, password: str) -> bool:
    """Whether `password` is this user's. Without a user, or for users without a password, it takes the same time."""
    if user is None or not user.has_usable_password():
        check_password(password, _nobodys_hash())
        return False
    return user.check_password(password)


def validate(password: str, *, user: User | None = None, pointer: str = "#/password") -> None:
    """Raises InvalidInput with every rule that `password` breaks."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        faults = [
            {"pointer": pointer, "detail": " ".join(fault.messages), "code": fault.code or "invalid"}
            for fault in error.error_list
        ]
        raise InvalidInput(faults[0]["detail"], code="weak_password", errors=faults) from None


def confirm(*, user: User, password: str, client: Client) -> None:
    """Check by the password that the owner is asking. Raises Forbidden when it is wrong. Guesses are locked out as at
    sign-in."""
    with lockout.attempt(email=user.email, address=client.address) as attempt:
        if not matches(user, password):
            raise Forbidden(_("The current password is wrong."), code="wrong_password")
        attempt.succeeded()


def confirm_recent_or_password(*, user: User, password: str, client: Client) -> None:
    """As `confirm`. Users without a password (Google, Apple) confirm by a sign-in of the last ten minutes."""
    if user.has_usable_password():
        confirm(user=user, password=password, client=client)
    elif user.session is None or timezone.now() - user.session.created_at > RECENT:
        raise Forbidden(_("Please sign in again to confirm this."), code="recent_sign_in_required")


def confirm_unless_recent(*, user: User, password: str, client: Client) -> None:
    """Check that the owner is asking, by the password if one is sent, or else by a sign-in of the last ten minutes.

    Raises Forbidden `wrong_password`, or `recent_sign_in_required` when neither is there. A session of support does
    not count as a sign-in of the owner.
    """
    if password:
        confirm(user=user, password=password, client=client)
    elif user.session is None or user.impersonated or timezone.now() - user.session.created_at > RECENT:
        raise Forbidden(_("Send your password, or sign in again, to confirm this."), code="recent_sign_in_required")


@transaction.atomic
def change(*, user: User, password: str, keep: Session | None = None, by: User | None = None) -> None:
    """Set a new password. It ends every session but `keep`, and kills what the old password may have begun: the reset
    links that are under way, and a change of address that nobody has confirmed yet."""
    validate(password, user=user)
    user = User.objects.select_for_update().get(pk=user.pk)  # a sign-in with the old password waits, then fails
    dropped, user.pending_email = user.pending_email, ""
    user.set_password(password)
    user.save(update_fields=["password", "pending_email"])
    tokens.discard(user=user, purposes=(*RESET_LINKS, tokens.Purpose.CHANGE_EMAIL))
    sessions.end_all(user=user, because="password_changed", keep=keep)
    body = _("The password of your account was changed, and all other devices were signed out.")
    if dropped:
        body = join(
            [
                body,
                _(
                    "Your pending change of email address to {email} was cancelled. If you still want it, enter the "
                    "address again.",
                    email=dropped,
                ),
            ]
        )
    notices.security(user=user, title=_("Your password was changed"), body=body)
    audit.record(action="user.password_changed", actor=by or user, target=user)


def ask_for_reset(*, email: str) -> None:
    """Have a reset link mailed, if the address is somebody's. The look-up happens in a task, so that the answer takes the
    same time for every address."""
    if not queue.send("accounts.tasks.request_password_reset", email):
        raise NotConfigured(
            _("Part of our service is unavailable. Please try again in a moment."),
            code="service_unavailable",
            retry_after=5,
        )


@transaction.atomic
def request_reset(*, email: str) -> None:
    """Mail a reset link, if the address is somebody's; a newer one kills the older ones."""
    user = User.objects.active().select_related("organization").filter(email=normalize_email(email)).first()
    if user is None or mail_limits.resets_are_used_up(user.email):
        return
    tokens.discard(user=user, purposes=(tokens.Purpose.RESET_PASSWORD,))
    token = tokens.issue(user=user, purpose=tokens.Purpose.RESET_PASSWORD, data={"email": user.email})
    mail.send_to(user, "reset_password", link=mail.frontend_link("reset-password", token))


def reset(*, token: str, password: str, client: Client) -> None:
    """Set a new password by the token of a mailed link. The link proves the mailbox, so the address counts as verified.

    Raises InvalidInput `invalid_token` for a token that is forged, expired, used or superseded.
    """
    dead = InvalidInput.at("#/token", _("This link is no longer valid. Please request a new one."), "invalid_token")
    row = tokens.find(token, *RESET_LINKS)
    if row is None or row.data.get("email") != row.user.email:
        raise dead
    validate(password, user=row.user, pointer="#/new_password")
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=row.user_id)
        if not tokens.spend(row):
            raise dead
        if not user.email_verified:
            user.email_verified_at = timezone.now()
            user.save(update_fields=["email_verified_at"])
        change(user=user, password=password)
    lockout.forgive(email=user.email, address=client.address)
