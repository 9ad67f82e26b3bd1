"""The workbench's cookies: for its own pages alone, out of reach of scripts, and of the sending of forms by other sites."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PATH = "/app/"
SESSION = "workbench"  # which sign-in this browser has (workbench.session)
STEP = "workbench-step"  # a sign-in that waits for its second factor
DEVICE = "workbench-device"  # makes the device known at the next sign-in
CSRF = "workbench-csrf"
THEME = "workbench-theme"


def name_of(name: str) -> str:
    """The cookie's name: browsers take a `__Secure-` one over https alone."""
    return f"__Secure-{name}" if settings.HTTPS else name


def read(request: HttpRequest, name: str) -> str:
    return request.COOKIES.get(name_of(name), "")


def write(response: HttpResponse, name: str, value: str, *, lasts: timedelta) -> None:
    response.set_cookie(
        name_of(name),
        value,
        max_age=int(lasts.total_seconds()),
        path=PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse, name: str) -> None:
    response.set_cookie(name_of(name), "", max_age=0, path=PATH, secure=settings.HTTPS, httponly=True, samesite="Lax")
