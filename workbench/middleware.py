"""Middleware for the pages below `/app/`: the language, the time zone, and CSRF protection with its own cookie."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone

from scribe.api.middleware import Below
from workbench import cookies

ZONE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(/[A-Za-z0-9_+-]{1,30}){0,2}")


class WorkbenchOnly(Below):
    prefix = cookies.PATH


class PageLanguage(WorkbenchOnly):
    inner = LocaleMiddleware


class Clock:
    """Show and read times in the browser's time zone, which the page's script tells in a cookie. UTC without one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_of(request.COOKIES.get(cookies.ZONE, ""))):
            return self.get_response(request)


def zone_of(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if ZONE_NAME.fullmatch(name) else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


class PageClock(WorkbenchOnly):
    inner = Clock


class Csrf(WorkbenchOnly):
    """CSRF protection with the workbench's cookie. Django knows only one cookie name and path, and those are the
    admin's."""

    inner = CsrfViewMiddleware

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(self.prefix):
            return super().__call__(request)
        request.COOKIES.pop(settings.CSRF_COOKIE_NAME, None)
        if own := cookies.read(request, cookies.CSRF):
            request.COOKIES[settings.CSRF_COOKIE_NAME] = own
        response = super().__call__(request)
        if made := response.cookies.pop(settings.CSRF_COOKIE_NAME, None):
            cookies.write(response, cookies.CSRF, made.value, lasts=timedelta(seconds=settings.CSRF_COOKIE_AGE))
        return response
