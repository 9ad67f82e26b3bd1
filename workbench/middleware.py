"""Django's middleware for the pages below `/app/`: the language, and CSRF protection with its own cookie."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware

from scribe.api.middleware import Below
from workbench import cookies


class WorkbenchOnly(Below):
    prefix = cookies.PATH


class PageLanguage(WorkbenchOnly):
    inner = LocaleMiddleware


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
