"""Middleware for the pages below `/app/`: the language, the time zone, and CSRF protection with its own cookie."""

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request

from scribe.api.middleware import Below
from workbench import cookies

ZONE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(/[A-Za-z0-9_+-]{1,30}){0,2}")


class WorkbenchOnly(Below):
    prefix = cookies.PATH


class ChosenLanguage:
    """Show pages in the language that this browser's user chose, else in the one that the browser asks for. The choice
    ends with the request, since the API answers in English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = cookies.read(request, cookies.LANGUAGE)
        language = chosen if chosen in dict(settings.LANGUAGES) else get_language_from_request(request)
        with translation.override(language):
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response


class PageLanguage(WorkbenchOnly):
    inner = ChosenLanguage


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
