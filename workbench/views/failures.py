"""Failures as pages: what went wrong, in one sentence, and what to do about it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.csrf import csrf_failure

from scribe.api import problems
from scribe.errors import DomainError, NotFound
from workbench import cookies, details
from workbench.fragments import is_fragment

# By code, else by status: a title, and advice.
ADVICE: dict[str | int, tuple[Promise, Promise]] = {
    "insufficient_xct": (_("Not enough XCT"), _("Top up, or write fewer items at once. Nothing was charged.")),
    "max_xct_exceeded": (_("The price has changed"), _("Load the page again, look at the price, and start it then.")),
    "email_not_verified": (_("Verify your address first"), _("The link is in our mail; “Account” sends it again.")),
    "job_active": (_("The project is busy"), _("Wait until the work in this project has ended, or cancel it.")),
    "version_conflict": (_("Somebody was faster"), _("Load the page again to see what stands there now.")),
    "blocked_for_support": (_("Not for support"), _("Ask the customer to do this themselves.")),
    400: (_("That did not fit"), _("Go back, change what the sentence above names, and send it again.")),
    401: (_("Please sign in"), _("Sign in, and do it again.")),
    403: (_("This is not for you"), _("Ask an admin of your organization.")),
    404: (_("There is nothing here"), _("It may have been deleted, or belong to another organization.")),
    409: (_("This cannot be done now"), _("Load the page again to see how things stand.")),
    413: (_("Too large"), _("Split the file, and send its parts one after the other.")),
    415: (_("Not a file that we read"), _("Save it as CSV or XLSX, and send that.")),
    429: (_("A little slower, please"), _("Wait a moment, and try again.")),
    502: (_("Somebody else's server failed"), _("Try again in a few minutes. Nothing was lost.")),
    503: (_("A part of the service is down"), _("Try again in a minute. Nothing was lost.")),
    504: (_("Somebody else's server took too long"), _("Try again in a few minutes. Nothing was lost.")),
    500: (_("Something went wrong on our side"), _("It was recorded. Try again, or write to support with the number.")),
}


def page(request: Any, error: Exception) -> HttpResponse:
    """The response for `error`: a page, or a notice when htmx asked for a part of a page. The API's rules classify the
    error."""
    told = problems.handle(error)
    problem = json.loads(told.content)
    problem["detail"] = details.of(error) if isinstance(error, DomainError) else details.said(problem["detail"])
    title, advice = ADVICE.get(problem["code"]) or ADVICE.get(problem["status"]) or ADVICE[500]
    fragment = is_fragment(request)
    user = getattr(request, "user", None)
    context = {
        "problem": problem,
        "title": title,
        "advice": advice,
        "reader": user if getattr(user, "organization_id", None) else None,
        "theme": cookies.read(request, cookies.THEME),
        "retry_after": told.get("Retry-After", ""),
    }
    template = "workbench/parts/failure.html" if fragment else "workbench/failure.html"
    response = render(request, template, context, status=problem["status"])
    if "Retry-After" in told:
        response["Retry-After"] = told["Retry-After"]
    return response


def not_found(request: HttpRequest, path: str = "") -> HttpResponse:
    """The response for an address below `/app/` that has no page."""
    response = page(request, NotFound())
    response.headers.setdefault("Cache-Control", "no-store")
    return response


class StaleForm(DomainError):
    status = 403
    code = "stale_form"


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The response to a form without a valid CSRF token: one that is not ours, or too old. The admin has Django's own
    page."""
    if not request.path.startswith(cookies.PATH):
        return csrf_failure(request, reason=reason)  # type: ignore[no-any-return]
    text = (
        "This browser sent no cookie. Allow cookies for this site, and load the page again."
        if reason == REASON_NO_CSRF_COOKIE
        else "This form is too old, or was not sent from our page. Load the page again, and send it once more."
    )
    return page(request, StaleForm(text))
