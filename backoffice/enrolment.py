"""The admin's own page for setting up a second factor: the same devices as `/auth/2fa`.

It asks for the password before it shows a secret. Otherwise a thief with a session's cookie could enrol a device of
their own. A signed field of the page proves that the password was given; the session cannot, since the thief shares it.
"""

import base64
from collections.abc import Callable
from io import BytesIO
from typing import cast

import segno
from django import forms
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect
from django_otp import login as otp_login
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from accounts import passwords, second_factor
from accounts.models import TotpDevice, User
from accounts.sessions import Client
from backoffice.sign_in import is_staff
from scribe import crypto
from scribe.errors import DomainError
from scribe.types import Json

PROOF = "admin-enrolment"
PROOF_SECONDS = 600


class PasswordForm(forms.Form):
    password = forms.CharField(
        label="Your password, once more",
        max_length=1024,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class CodeForm(forms.Form):
    proof = forms.CharField(widget=forms.HiddenInput())
    code = forms.CharField(
        label="Code of your authenticator",
        max_length=6,
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


def second_factor_page(site: AdminSite) -> Callable[[HttpRequest], HttpResponse]:
    """Asks for the password, shows the secret, takes the first code, shows the backup codes once."""

    @csrf_protect
    def page(request: HttpRequest) -> HttpResponse:
        if not is_staff(request):
            return HttpResponseRedirect(reverse("admin:login"))
        user = cast(User, request.user)  # is_staff saw it
        if second_factor.device_of(user) is not None:
            return HttpResponseRedirect(reverse("admin:index"))
        proof = crypto.unsign(PROOF, request.POST.get("proof", ""), max_age=PROOF_SECONDS)
        if request.method == "POST" and proof == state_of(user) and secret(user):
            found = with_code(request, user)
        else:
            found = with_password(request, user)
        return TemplateResponse(
            request,
            "admin/backoffice/second_factor.html",
            {**site.each_context(request), "title": "Second factor", **found},
        )

    return page


def with_password(request: HttpRequest, user: User) -> Json:
    """The first step: the password again, under the lock-out of every sign-in; then a fresh secret."""
    form = PasswordForm(request.POST if "password" in request.POST else None)
    if form.is_valid():
        try:
            passwords.confirm(user=user, password=form.cleaned_data["password"], client=Client.of(request))
        except DomainError as error:
            form.add_error("password", error.detail)
        else:
            second_factor.set_up(user=user, method="totp")
            return {"form": CodeForm(initial={"proof": prove(user)}), **secret(user)}
    return {"form": form, "asks_password": True}


def with_code(request: HttpRequest, user: User) -> Json:
    """The second step: a first code confirms the device; after a wrong one the same secret again."""
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            codes = second_factor.confirm(user=user, code=form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", error.detail)
        else:
            request.session.cycle_key()  # a copy of the cookie stays without the second factor
            otp_login(request, second_factor.device_of(user))
            return {"codes": codes}
    return {"form": form, **secret(user)}


def prove(user: User) -> str:
    """The proof that the page carries after a right password. It becomes invalid when the user's sessions end."""
    return crypto.sign(PROOF, state_of(user))


def state_of(user: User) -> Json:
    return {"user": str(user.pk), "sessions": crypto.digest(user.get_session_auth_hash())}


def secret(user: User) -> Json:
    """The data for an authenticator app; empty when the set-up was taken back meanwhile."""
    device = second_factor.device_of(user, confirmed=False)
    if not isinstance(device, TotpDevice):
        return {}
    image = BytesIO()
    segno.make(device.config_url, error="m").save(image, kind="png", scale=5, border=2)
    return {
        "secret": base64.b32encode(device.bin_key).decode(),
        "qr": base64.b64encode(image.getvalue()).decode(),
    }
