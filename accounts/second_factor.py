"""The second factor. The devices are django-otp's; the rules around them and the backup codes are ours."""

import base64
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_email.models import EmailDevice

from accounts import access, mail, mail_limits, notices, sessions
from accounts.models import BackupCode, TotpDevice, User
from scribe import audit
from scribe.crypto import digest
from scribe.errors import Conflict, Forbidden, InvalidInput, TooManyRequests
from scribe.messages import _

Device: TypeAlias = TotpDevice | EmailDevice
DEVICES: dict[str, type[TotpDevice] | type[EmailDevice]] = {"totp": TotpDevice, "email": EmailDevice}
BACKUP_CODES = 10
CODE_SECONDS = 600
CODE_SPACING = 60
#: django-otp doubles its delay with each failure. From this many on it stays (17 minutes), so users are never locked out for
#: good.
MOST_FAILURES = 11


@dataclass(frozen=True)
class Checked:
    """The result of a check: the code is right, wrong, or not looked at because the device is locked until some time."""

    right: bool
    locked_until: datetime | None = None

    def require(self) -> None:
        """Raises TooManyRequests when locked, InvalidInput `invalid_code` when wrong."""
        if self.locked_until is not None:
            wait = (self.locked_until - timezone.now()).total_seconds()
            raise TooManyRequests(
                _("Too many wrong codes. Please wait a few minutes, then try again."),
                code="too_many_attempts",
                retry_after=max(1, wait),
            )
        if not self.right:
            raise InvalidInput.at(
                "#/code", _("This code is wrong or has expired. Check it, or request a new one."), "invalid_code"
            )


@dataclass(frozen=True)
class Setup:
    """The data that the app shows to enrol a device. The secret is shown once, before the device is confirmed."""

    method: str
    secret: str | None
    otpauth_uri: str | None
    message: str


def device_of(user: User, *, confirmed: bool = True) -> Device | None:
    """The user's device; there is at most one confirmed one."""
    for model in DEVICES.values():
        device: Device | None = model.objects.filter(user=user, confirmed=confirmed).order_by("-pk").first()
        if device is not None:
            return device
    return None


def method_of(device: Device | None) -> str:
    return "" if device is None else "totp" if isinstance(device, TotpDevice) else "email"


@transaction.atomic
def set_up(*, user: User, method: str, replacing_suspended: bool = False) -> Setup:
    """Begin enrolment. Conflict `two_factor_active` while there is a confirmed device, which has to be disabled first.

    With `replacing_suspended` a device whose check is suspended may be replaced: a sign-in demands it where the
    organization enforces the second factor.
    """
    if method not in DEVICES:
        raise InvalidInput.at("#/method", _("Choose the method totp (authenticator app) or email."), "invalid_choice")
    user = User.objects.select_for_update().get(pk=user.pk)  # one enrolment at a time
    suspended = replacing_suspended and user.two_factor_suspended_at is not None
    if device_of(user) is not None and not suspended:
        raise Conflict(_("Two-factor authentication is already set up. Turn it off first."), code="two_factor_active")
    if method == "email":
        TotpDevice.objects.filter(user=user, confirmed=False).delete()
        device, _unused = EmailDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "email"})
        send_code(user=user, device=device)
        return Setup("email", None, None, _("We sent a code to your email address. Enter it to confirm."))
    EmailDevice.objects.filter(user=user, confirmed=False).delete()
    TotpDevice.objects.filter(user=user, confirmed=False).delete()
    totp = TotpDevice.objects.create(user=user, confirmed=False, name="totp")
    secret = base64.b32encode(totp.bin_key).decode()
    return Setup(
        "totp", secret, totp.config_url, _("Add the secret to your authenticator app, then confirm with a code.")
    )


def confirm(*, user: User, code: str) -> list[str]:
    """Finish enrolment with a first code, and return the backup codes, which cannot be read again.

    Raises Conflict `no_setup` when none was begun, InvalidInput `invalid_code`, TooManyRequests.
    """
    checked, codes = enrol(user=user, code=code)
    checked.require()  # outside the transaction: raising inside would forget the failure
    return codes


@transaction.atomic
def enrol(*, user: User, code: str) -> tuple[Checked, list[str]]:
    """As `confirm`, for a caller with a transaction of its own: what the code was is returned, so that a failure stays
    counted. Raises Conflict `no_setup`."""
    # The user's row first, as in `set_up`: two confirmations at once leave one device and one set of codes.
    locked = User.objects.select_for_update(of=("self",)).select_related("organization").get(pk=user.pk)
    pending = device_of(locked, confirmed=False)
    if pending is None:
        raise Conflict(_("Start the setup first."), code="no_setup")
    checked = _check_device(pending, code)
    if not checked.right:
        return checked, []
    for model in DEVICES.values():  # the suspended one that this one replaces
        model.objects.filter(user=locked, confirmed=True).delete()
    type(pending).objects.filter(pk=pending.pk).update(confirmed=True)
    codes = _renew_codes(locked)
    locked.two_factor_suspended_at, locked.two_factor_demanded = None, False
    locked.save(update_fields=["two_factor_suspended_at", "two_factor_demanded"])
    _notify(locked, _("Two-factor authentication was turned on"), by=locked, action="user.two_factor_enabled")
    return checked, codes


def check(*, user: User, code: str) -> Checked:
    """Check a code of the user's device, or one of their backup codes (used up). Counts failures; raises nothing."""
    device = device_of(user)
    if device is None:
        return Checked(right=False)
    code = code.strip()
    if re.fullmatch(r"[0-9]{6}", code):
        return _check_device(device, code)
    return Checked(right=_use_backup_code(user, code))


@transaction.atomic
def _check_device(device: Device, code: str) -> Checked:
    locked = type(device).objects.select_for_update().filter(pk=device.pk).first()  # guesses in parallel take turns
    if locked is None:
        return Checked(right=False)
    allowed, why = locked.verify_is_allowed()
    if not allowed:
        return Checked(right=False, locked_until=why.get("locked_until") or timezone.now())
    if not re.fullmatch(r"[0-9]{6}", code.strip()):
        return Checked(right=False)
    right = bool(locked.verify_token(code.strip()))
    if not right and locked.throttling_failure_count > MOST_FAILURES:
        locked.throttling_failure_count = MOST_FAILURES
        locked.save()
    return Checked(right=right)


def _use_backup_code(user: User, code: str) -> bool:
    """Use a code up by deleting its row. Of two requests at once, only one finds the row."""
    bare = re.sub(r"[^a-z0-9]", "", code.lower())
    deleted, _ = BackupCode.objects.filter(user=user, digest=digest(f"backup|{user.pk}|{bare}")).delete()
    return bool(deleted)


def _renew_codes(user: User) -> list[str]:
    """A new set of backup codes, instead of the old one; only digests are kept."""
    bare = [base64.b32encode(secrets.token_bytes(10)).decode().lower()[:10] for _ in range(BACKUP_CODES)]
    BackupCode.objects.filter(user=user).delete()
    BackupCode.objects.bulk_create(
        BackupCode(user=user, organization_id=user.organization_id, digest=digest(f"backup|{user.pk}|{code}"))
        for code in bare
    )
    return [f"{code[:5]}-{code[5:]}" for code in bare]


def renew_backup_codes(*, user: User, code: str) -> list[str]:
    """Replace the backup codes; the caller proves by a code that they hold the device."""
    if device_of(user) is None:
        raise Conflict(_("Two-factor authentication is not set up."), code="two_factor_not_active")
    check(user=user, code=code).require()
    with transaction.atomic():
        locked = User.objects.select_for_update().select_related("organization").get(pk=user.pk)
        codes = _renew_codes(locked)
        _notify(locked, _("Your backup codes were replaced"), by=locked, action="user.backup_codes_renewed")
    return codes


@transaction.atomic
def send_code(*, user: User, device: EmailDevice) -> None:
    """Mail a fresh 6-digit code that lives ten minutes, at most once a minute, to an address that nobody has proved yet a
    few times a day (TooManyRequests)."""
    if not user.email_verified:
        mail_limits.check_recipient(kind="code", address=user.email)
    device = EmailDevice.objects.select_for_update().get(pk=device.pk)  # two requests at once send one mail
    last, now = device.last_generated_timestamp, timezone.now()
    waited = (now - last).total_seconds() if last else CODE_SPACING
    if waited < CODE_SPACING:
        raise TooManyRequests(
            _("We just sent you a code. Please wait a moment before you request another."),
            code="code_sent_recently",
            retry_after=CODE_SPACING - waited,
        )
    device.cooldown_set(commit=False)
    device.generate_token(length=6, valid_secs=CODE_SECONDS)
    mail.send_to(user, "code", code=device.token, minutes=CODE_SECONDS // 60)


def send_code_of(user: User) -> None:
    """Mail a code to a user whose method is e-mail; Conflict for the others."""
    device = device_of(user)
    if not isinstance(device, EmailDevice):
        raise Conflict(_("Codes are sent by email only if you chose the email method."), code="not_email_method")
    send_code(user=user, device=device)


def code_is_under_way(device: EmailDevice) -> bool:
    """Whether a code was mailed less than a minute ago, so that another may not follow yet."""
    last = device.last_generated_timestamp
    return last is not None and (timezone.now() - last).total_seconds() < CODE_SPACING


def disable(*, user: User, code: str) -> None:
    """Remove the user's own second factor, after a code of it. Refused where the organization enforces the second factor."""
    if user.organization.enforce_2fa:
        raise Forbidden(_("Your organization requires two-factor authentication."), code="two_factor_enforced")
    if device_of(user) is None:
        raise Conflict(_("Two-factor authentication is not set up."), code="two_factor_not_active")
    check(user=user, code=code).require()
    with transaction.atomic():
        locked = User.objects.select_for_update().select_related("organization").get(pk=user.pk)
        _wipe(locked)
        locked.two_factor_suspended_at = None
        locked.save(update_fields=["two_factor_suspended_at"])
        _notify(locked, _("Two-factor authentication was turned off"), by=locked, action="user.two_factor_disabled")


@transaction.atomic
def reset(*, user: User, by: User | None) -> None:
    """Wipe the device and codes of a user who lost them. Every session ends, and the next sign-in demands set-up.

    Users cannot do this to themselves (Conflict `own_second_factor`), since a stolen token would be enough. `by` is None
    for a command at the server itself.
    """
    if by is not None:
        _check_not_own(by, user)
        access.check_may_manage(by, user)
    locked = User.objects.select_for_update().select_related("organization").get(pk=user.pk)
    _wipe(locked)
    locked.two_factor_demanded, locked.two_factor_suspended_at = True, None
    locked.save(update_fields=["two_factor_demanded", "two_factor_suspended_at"])
    sessions.end_all(user=locked, because="two_factor_reset")
    _notify(locked, _("An admin reset your two-factor authentication"), by=by, action="user.two_factor_reset")


@transaction.atomic
def suspend(*, user: User, by: User) -> None:
    """Stop asking for a user's second factor, keeping the device for `resume`. Conflict `own_second_factor` for one's own."""
    _check_not_own(by, user)
    access.check_may_manage(by, user)
    locked = User.objects.select_for_update().select_related("organization").get(pk=user.pk)
    if device_of(locked) is None:
        raise Conflict(_("Two-factor authentication is not set up for this user."), code="two_factor_not_active")
    if locked.two_factor_suspended_at is None:
        locked.two_factor_suspended_at = timezone.now()
        locked.save(update_fields=["two_factor_suspended_at"])
        _notify(
            locked,
            _("An admin suspended your two-factor authentication"),
            by=by,
            action="user.two_factor_suspended",
        )


@transaction.atomic
def resume(*, user: User, by: User) -> None:
    """Ask for the second factor again after `suspend`."""
    access.check_may_manage(by, user)
    locked = User.objects.select_for_update().select_related("organization").get(pk=user.pk)
    if device_of(locked) is None:
        raise Conflict(_("Two-factor authentication is not set up for this user."), code="two_factor_not_active")
    if locked.two_factor_suspended_at is not None:
        locked.two_factor_suspended_at = None
        locked.save(update_fields=["two_factor_suspended_at"])
        _notify(locked, _("Your two-factor authentication is active again"), by=by, action="user.two_factor_resumed")


def _check_not_own(by: User, user: User) -> None:
    if by.pk == user.pk:
        raise Conflict(
            _("Turn off your own two-factor authentication with a code, or ask another admin."),
            code="own_second_factor",
        )


def _wipe(user: User) -> None:
    for model in DEVICES.values():
        model.objects.filter(user=user).delete()
    BackupCode.objects.filter(user=user).delete()


def _notify(user: User, title: str, *, by: User | None, action: str) -> None:
    notices.security(
        user=user,
        title=title,
        body=_("If you did not expect this, change your password and contact your admin."),
    )
    audit.record(action=action, actor=by, target=user)
