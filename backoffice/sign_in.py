"""The sign-in of staff to the admin: address, password and a code, under the same lock-out as every sign-in."""

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django_otp import login as otp_login
from django_otp.plugins.otp_email.models import EmailDevice
from unfold.forms import AuthenticationForm
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts import lockout, second_factor
from accounts.models import User
from scribe import audit
from scribe.api import rate_limits
from scribe.api.addresses import client_address
from scribe.errors import DomainError
from scribe.types import Json

WRONG = "The e-mail address, the password or the code is wrong."


class StaffSignIn(AuthenticationForm):  # type: ignore[misc]  # it has no types
    """The form of the sign-in. Every mistake gets the same answer, so it does not show which addresses are staff."""

    code = forms.CharField(
        label="Code",
        required=False,
        max_length=32,
        help_text="Six digits of your authenticator, or a backup code. Leave it empty if you have not set one up.",
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
    )
    request: HttpRequest

    def __init__(self, request: HttpRequest | None = None, *args: object, **kwargs: object) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "E-mail"

    def clean(self) -> Json:
        email, password = self.cleaned_data.get("username") or "", self.cleaned_data.get("password") or ""
        address = client_address(self.request)
        try:
            rate_limits.check("sign_in", address)
            with lockout.attempt(email=email, address=address) as attempt:
                user = authenticate(self.request, username=email, password=password)
                if not isinstance(user, User) or not user.is_staff:
                    raise ValidationError(WRONG, code="invalid_login")
                self.check_code(user, self.cleaned_data.get("code") or "")
                attempt.succeeded()
        except DomainError as error:
            raise ValidationError(error.detail, code=error.code) from error
        self.user_cache = user
        return dict(self.cleaned_data)

    def check_code(self, user: User, code: str) -> None:
        """Check the code of the user's device, if they have one, whatever the settings say."""
        device = second_factor.device_of(user)
        if device is None:
            return
        if not code and isinstance(device, EmailDevice):
            if not second_factor.code_is_under_way(device):
                second_factor.send_code(user=user, device=device)
            raise ValidationError("We have mailed you a code. Enter it together with your password.", code="code_sent")
        checked = second_factor.check(user=user, code=code)
        if checked.locked_until is not None:
            checked.require()
        if not checked.right:
            raise ValidationError(WRONG, code="invalid_login")
        user.otp_device = device  # type: ignore[attr-defined]  # `login` below puts it into the session


def signed_in(sender: object, request: HttpRequest, user: User, **kwargs: object) -> None:
    """Django has begun the session: note the device in it, and tell the audit log."""
    device = getattr(user, "otp_device", None)
    if device is not None:
        otp_login(request, device)
    if user.is_staff:
        audit.record(
            action="staff.signed_in",
            actor=user,
            target=user,
            after={"second_factor": device is not None, "address": client_address(request)},
        )


def is_staff(request: HttpRequest) -> bool:
    """Whether a member of staff gave their password in this session."""
    user = request.user
    return bool(user.is_active and user.is_staff)


def is_verified(request: HttpRequest) -> bool:
    """Whether they gave a code of their device as well."""
    check = getattr(request.user, "is_verified", None)
    return bool(check and check())
