"""Failures as pages: what went wrong, in one sentence, and what to do about it."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scribe import messages
from scribe.api import problems
from scribe.errors import DomainError, NotFound
from workbench import cookies
from workbench.form_values import is_fragment, page_before

# No wait helps.
NOT_SET_UP = (_("Not set up"), _("Nothing was lost or charged."))
# By code, else by status: a title, and advice.
ADVICE: dict[str | int, tuple[Promise, Promise]] = {
    "insufficient_xct": (_("Not enough XCT"), _("Top up, or generate fewer items at once. Nothing was charged.")),
    "max_xct_exceeded": (_("The price has changed"), _("Reload the page, check the new price and start again.")),
    "email_not_verified": (
        _("Verify your email address first"),
        _("Open the link in the email we sent you. To get a new one, choose “Send again” at the top of any page."),
    ),
    "job_active": (_("Something is still running in this project"), _("Wait until it has finished, or cancel it.")),
    "version_conflict": (_("Someone else made a change"), _("Reload the page to see the current version.")),
    "stale_form": (_("Your form was not sent"), _("Nothing was changed.")),
    "blocked_for_support": (_("Not available to support"), _("Ask the customer to do this themselves.")),
    400: (_("Please check your input"), _("Go back, correct what is named above, and try again.")),
    401: (_("Please sign in"), _("Sign in and try again.")),
    403: (_("You don't have access"), _("Ask an admin of your organization for access.")),
    404: (_("Page not found"), _("It may have been deleted, or it belongs to another organization.")),
    "stock_photos_not_configured": NOT_SET_UP,
    "image_generation_not_configured": NOT_SET_UP,
    "image_prices_not_configured": NOT_SET_UP,
    "invoices_not_configured": NOT_SET_UP,
    "payments_not_configured": NOT_SET_UP,
    "provider_not_configured": NOT_SET_UP,
    "shopify_not_configured": NOT_SET_UP,
    "google_sign_in_not_configured": NOT_SET_UP,
    "apple_sign_in_not_configured": NOT_SET_UP,
    409: (_("This is not possible right now"), _("Reload the page to see the current status.")),
    413: (_("File too large"), _("Split the file and upload the parts one by one.")),
    415: (_("File type not supported"), _("Save it as CSV or XLSX and upload it again.")),
    429: (_("Too many requests"), _("Wait a moment and try again.")),
    502: (_("Another service returned an error"), _("Try again in a few minutes. Nothing was lost.")),
    503: (_("Part of our service is unavailable"), _("Try again in a minute. Nothing was lost.")),
    504: (_("Another service took too long to respond"), _("Try again in a few minutes. Nothing was lost.")),
    500: (
        _("Something went wrong on our side"),
        _("We have recorded the error. Try again, or contact support with the reference below."),
    ),
}


def page(request: HttpRequest, error: Exception) -> HttpResponse:
    """The response for `error`: a page, or a notice when htmx asked for a part of a page. The API's rules classify the
    error."""
    told = problems.handle(error)
    problem = json.loads(told.content)
    problem["detail"] = error.render() if isinstance(error, DomainError) else messages.render(told.detail)
    title, advice = ADVICE.get(problem["code"]) or ADVICE.get(problem["status"]) or ADVICE[500]
    fragment = is_fragment(request)
    user = getattr(request, "user", None)
    context = {
        "problem": problem,
        "title": title,
        "advice": "" if str(advice) in problem["detail"] else advice,
        "reader": user if getattr(user, "organization_id", None) else None,
        "theme": cookies.read(request, cookies.THEME),
        "back": page_before(request),
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
