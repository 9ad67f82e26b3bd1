"""The admin's own page for setting up a second factor: the same devices as `/auth/2fa`."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO
from typing import Any

import segno
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts import second_factor
from scribe.api.errors import DomainError


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code of your authenticator",
        max_length=6,
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


def second_factor_page(site: Any) -> Callable[[HttpRequest], HttpResponse]:
    """Shows the secret, takes the first code, shows the backup codes once."""

    @csrf_protect
    def page(request: HttpRequest) -> HttpResponse:
        from backoffice.site import is_staff

        if not is_staff(request):
            return HttpResponseRedirect(reverse("admin:login"))
        user: Any = request.user
        if second_factor.device_of(user) is not None:
            return HttpResponseRedirect(reverse("admin:index"))
        form = CodeForm(request.POST or None)
        codes: list[str] = []
        if request.method == "POST" and form.is_valid():
            try:
                codes = second_factor.confirm(user=user, code=form.cleaned_data["code"])
                otp_login(request, second_factor.device_of(user))
            except DomainError as error:
                form.add_error("code", error.detail)
        return TemplateResponse(request, "admin/backoffice/second_factor.html", {
            **site.each_context(request), "title": "Second factor", "form": form, "codes": codes,
            **({} if codes else secret(user, fresh=request.method != "POST")),
        })  # fmt: skip

    return page


def secret(user: Any, *, fresh: bool) -> dict[str, Any]:
    """What an authenticator app needs; after a wrong code the same secret again."""
    device = second_factor.device_of(user, confirmed=False)
    if fresh or not isinstance(device, TOTPDevice):
        second_factor.set_up(user=user, method="totp")
        device = second_factor.device_of(user, confirmed=False)
    assert isinstance(device, TOTPDevice)
    picture = BytesIO()
    segno.make(device.config_url, error="m").save(picture, kind="png", scale=5, border=2)
    return {
        "secret": base64.b32encode(device.bin_key).decode(),
        "qr": base64.b64encode(picture.getvalue()).decode(),
    }
