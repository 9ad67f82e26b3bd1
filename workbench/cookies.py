"""The workbench's cookies. They are sent only to its own pages, scripts cannot read them, and other sites' forms do not
send them."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

PATH = "/app/"
SESSION = "workbench"  # identifies the browser's sign-in (workbench.session)
STEP = "workbench-step"  # a sign-in that waits for its second factor
CONSENT = "workbench-consent"  # a sign-in that is at Google or Apple
DEVICE = "workbench-device"  # marks the device as known at the next sign-in
CSRF = "workbench-csrf"
THEME = "workbench-theme"
LANGUAGE = "workbench-language"
STEPS = "workbench-steps"  # whether the first steps are hidden
ZONE = "workbench-zone"  # the browser's time zone, written by the page's script


def name_of(name: str) -> str:
    """The cookie's full name. Over HTTPS it starts with `__Secure-`, which browsers accept only over HTTPS."""
    return f"__Secure-{name}" if settings.HTTPS else name


def read(request: HttpRequest, name: str) -> str:
    return request.COOKIES.get(name_of(name), "")


def write(response: HttpResponseBase, name: str, value: str, *, lasts: timedelta) -> None:
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
