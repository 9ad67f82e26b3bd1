"""Signing in: first the password or a provider's token, then the second factor, then a session."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django_otp.plugins.otp_email.models import EmailDevice

from accounts import lockout, passwords, second_factor, sessions, tokens
from accounts.models import OneTimeToken, Session, User
from accounts.models.user import normalize_email
from accounts.sessions import Client
from scribe.errors import NotAuthenticated
from scribe.messages import _

Purpose = tokens.Purpose


@dataclass(frozen=True)
class SignIn:
    """The state of a sign-in: done (`access_token`), or waiting for a second factor (`temp_token`)."""

    access_token: str | None = None
    device_token: str | None = None
    two_factor_required: bool = False
    two_factor_setup_required: bool = False
    two_factor_method: str | None = None
    temp_token: str | None = None

    @property
    def token_type(self) -> str:
        return "bearer"


def with_password(*, email: str, password: str, client: Client, device_token: str = "") -> SignIn:
    """Sign in with a password. Unknown address, wrong password and deactivated user get the same answer in the same time."""
    with lockout.attempt(email=email, address=client.address, device_token=device_token) as attempt:
        user = User.objects.select_related("organization").filter(email=normalize_email(email)).first()
        right = passwords.matches(user, password)
        if user is None or not right or not user.is_active:
            raise NotAuthenticated(_("The email address or password is wrong."), code="invalid_credentials")
        attempt.succeeded()
    return proceed(user=user, via=Session.Via.PASSWORD, client=client)


@transaction.atomic
def proceed(*, user: User, via: str, client: Client) -> SignIn:
    """Go on after a right first factor: ask for the second, have it set up, or begin the session."""
    device = second_factor.device_of(user)
    if user.two_factor_suspended_at is not None:
        device = None  # a suspended device is not asked for, so it does not satisfy an enforced second factor
    if device is not None and not user.two_factor_demanded:
        token = tokens.issue(user=user, purpose=Purpose.SECOND_FACTOR, data={"via": via})
        if isinstance(device, EmailDevice) and not second_factor.code_is_under_way(device):
            second_factor.send_code(user=user, device=device)
        return SignIn(two_factor_required=True, two_factor_method=second_factor.method_of(device), temp_token=token)
    if user.two_factor_demanded or (user.organization.enforce_2fa and device is None):
        token = tokens.issue(user=user, purpose=Purpose.SECOND_FACTOR_SETUP, data={"via": via})
        return SignIn(two_factor_setup_required=True, temp_token=token)
    return complete(user=user, access_token=sessions.start(user=user, via=via, client=client))


def complete(*, user: User, access_token: str | None) -> SignIn:
    """The sign-in is complete: from now on the device is known."""
    return SignIn(access_token=access_token, device_token=lockout.device_token(user))


def verify_second_factor(*, temp_token: str, code: str, client: Client) -> SignIn:
    """The second step. A temp token opens one session, and dies after five wrong codes."""
    user, _no_codes, access_token = _finish(
        temp_token, Purpose.SECOND_FACTOR, client, lambda user: (second_factor.check(user=user, code=code), [])
    )
    return complete(user=user, access_token=access_token)


def resend_code(*, temp_token: str) -> None:
    """Mail another code during the second step."""
    second_factor.send_code_of(_step(temp_token, Purpose.SECOND_FACTOR).user)


def set_up_second_factor(*, temp_token: str, method: str) -> second_factor.Setup:
    """Begin the enrolment that the sign-in demands."""
    row = _step(temp_token, Purpose.SECOND_FACTOR_SETUP)
    return second_factor.set_up(user=row.user, method=method, replacing_suspended=True)


def confirm_second_factor(*, temp_token: str, code: str, client: Client) -> tuple[list[str], str]:
    """Finish that enrolment: the backup codes, and the access token of the sign-in that waited for it."""
    _user, codes, access_token = _finish(
        temp_token, Purpose.SECOND_FACTOR_SETUP, client, lambda user: second_factor.enrol(user=user, code=code)
    )
    return codes, access_token


def _finish(
    temp_token: str, purpose: str, client: Client, check: Callable[[User], tuple[second_factor.Checked, list[str]]]
) -> tuple[User, list[str], str]:
    """Take the step for which the sign-in waits, and begin the session: the user, what `check` made, the access token.

    The token is locked before the code is looked at, and all is kept together: a token that died meanwhile enrols nothing,
    and one that dies after five wrong codes tries no more.
    """
    access_token = ""
    with transaction.atomic():
        step = _step(temp_token, purpose)
        # The user's row first: whoever ends all sessions locks it, and then the tokens.
        User.objects.select_for_update().get(pk=step.user_id)
        row = _lock(step)
        checked, made = check(row.user)
        if checked.right:
            tokens.spend(row)
            access_token = sessions.start(user=row.user, via=row.data["via"], client=client, second_factor=True)
        elif checked.locked_until is None:
            tokens.count_failure(row)
    checked.require()  # outside the transaction, which has to keep the failure
    return row.user, made, access_token


def _step(temp_token: str, purpose: str) -> OneTimeToken:
    row = tokens.find(temp_token, purpose)
    if row is None:
        raise _dead()
    return row


def _lock(row: OneTimeToken) -> OneTimeToken:
    """Lock the row, if it is still live. Guesses with one temp token take turns, so that each of them is counted."""
    live = OneTimeToken.objects.select_for_update(of=("self",)).select_related("user__organization")
    found = live.filter(pk=row.pk, used_at=None, failures__lt=tokens.MAX_WRONG_CODES).first()
    if found is None:
        raise _dead()
    return found


def _dead() -> NotAuthenticated:
    return NotAuthenticated(_("This sign-in has expired. Please sign in again."), code="invalid_temp_token")
