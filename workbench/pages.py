"""The base of every page: who is signed in, what they may do, how rows are restricted to the reader's organization, and
failures as pages."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from accounts.models import User
from scribe import spending_limit
from scribe.api import rate_limits
from scribe.api.access import MEMBERS, PUBLIC, REVIEWERS, VIEWERS, Who, admits, check_role
from scribe.api.addresses import client_address, network_of
from scribe.errors import Forbidden
from scribe.fairness import callers
from scribe.rows import Model, Restricted, visible_row, visible_rows
from scribe.types import Json
from workbench import cookies, form_values, once, session
from workbench.form_values import is_fragment, page_before
from workbench.views import failures

THEMES = ("light", "dark")


class PageRequest(HttpRequest):
    """A request for a page, after `enter`."""

    if TYPE_CHECKING:
        user: User | None  # type: ignore[assignment]  # nobody, where nobody is signed in


class Page(View):
    """A page: parse, check rights, call one function of the rules, render. A row that the reader may not see answers as
    not found.

    `who` says who may open the page, and `may_submit` who may also send a form to it. `support` says whether staff who
    work as the customer may change things on it. `rate_scope` is the rate limit for forms of people who are not signed
    in. `saves`: whether a form that is sent here changes anything, so that it may count only once.
    """

    http_method_names = ["get", "post", "head"]
    who: ClassVar[Who] = VIEWERS
    may_submit: ClassVar[Who] = MEMBERS
    support: ClassVar[bool] = False
    rate_scope: ClassVar[str] = "public"
    saves: ClassVar[bool] = True
    request: PageRequest

    def dispatch(self, request: PageRequest, *args: object, **kwargs: object) -> HttpResponseBase:  # type: ignore[override]  # what Django hands on gets its user here
        try:
            answer = partial(super().dispatch, request, *args, **kwargs)
            with spending_limit.within():
                response = self.enter(request) or once.answer_once(
                    request, request.user if self.saves else None, answer
                )
        except Exception as error:
            response = failures.page(request, error)
        keep_language(request, response)
        response.headers.setdefault("Referrer-Policy", "same-origin")  # addresses of mailed links contain tokens
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def enter(self, request: PageRequest) -> HttpResponse | None:
        """Find out who asks. Returns a response only if a sign-in is needed first. Raises Forbidden when they may not
        open the page."""
        found = session.user_of(request)
        request.user = found
        if found is None:
            scope = self.rate_scope if request.method == "POST" else "public"
            rate_limits.check(scope, network_of(client_address(request)))
            return None if self.who is PUBLIC else self.sign_in_first(request)
        speak_to(found)
        callers.identify(found, str(found.pk))
        rate_limits.check("principal", str(found.pk))
        form_values.check(request.GET, request.POST)
        spending_limit.limit(form_values.max_xct(request.POST))
        check_role(found, self.who)
        if request.method == "POST" and self.who is not PUBLIC:
            check_role(found, self.may_submit)
        if request.method == "POST" and not self.support:
            self.refuse_support()
        return None

    def refuse_support(self) -> None:
        """Raises Forbidden if staff work as the customer."""
        if self.user.impersonated:
            raise Forbidden(
                gettext("This is not possible while support is signed in as this user."), code="blocked_for_support"
            )

    @staticmethod
    def sign_in_first(request: HttpRequest) -> HttpResponse:
        fragment = is_fragment(request)
        back = request.get_full_path() if request.method == "GET" and not fragment else page_before(request)
        url = reverse("workbench:sign-in") + (f"?{urlencode({'next': back})}" if back else "")
        if fragment:
            return HttpResponse(status=401, headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)

    def http_method_not_allowed(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return failures.not_found(request)

    @property
    def user(self) -> User:
        """The signed-in reader. Only for pages that require a sign-in."""
        assert self.request.user is not None
        return self.request.user

    def version(self) -> frozenset[int] | None:
        """The version of the row that the form was made from; None when the form names none."""
        return form_values.version(self.request.POST)

    def show(self, template: str, /, status: int = 200, **context: object) -> HttpResponse:
        """Render `templates/workbench/<template>.html` with `context`."""
        return render(self.request, f"workbench/{template}.html", {**frame(self.request), **context}, status=status)

    def row(self, queryset: Restricted[Model], pk: object, **filters: object) -> Model:
        return visible_row(queryset, self.user, pk, **filters)

    def rows(self, queryset: Restricted[Model], ids: Iterable[object]) -> list[Model]:
        return visible_rows(queryset, self.user, ids)


def frame(request: HttpRequest) -> Json:
    """The context of the frame around every page."""
    user = getattr(request, "user", None)
    theme = cookies.read(request, cookies.THEME)
    return {
        "reader": user,
        "may_review": user is not None and admits(REVIEWERS, user.role),
        "may_change": user is not None and admits(MEMBERS, user.role),
        "may_add": user is not None and admits(MEMBERS, user.role) and not user.project_limits,
        "wallet": user.organization.wallet if user else None,
        "theme": theme if theme in THEMES else "",
        "said": sentence(request.GET.get("said", "")),
    }


def go(name: str, *args: object, said: str = "", **query: str) -> HttpResponseRedirect:
    """Redirect to another of our pages. `said`, a key of SENTENCES, makes it show what was done."""
    query = {key: value for key, value in query.items() if value} | ({"said": said} if said else {})
    return HttpResponseRedirect(reverse(f"workbench:{name}", args=args) + (f"?{urlencode(query)}" if query else ""))


def following(request: HttpRequest, text: str) -> str:
    """The page to open after a sign-in: `text` if it is below `/app/` on this host, else the first page."""
    safe = text.startswith(cookies.PATH) and url_has_allowed_host_and_scheme(
        text, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return text if safe else reverse("workbench:home")


#: What a page says about the step before it. Addresses carry only a key, so a link cannot put other words on a page.
SENTENCES: dict[str, Promise] = {
    "signed-out": _("You are signed out."),
    "password-set": _("Your password was changed. Sign in with the new password."),
    "verified": _("Your email address is verified."),
    "link-sent": _("We sent you a new link. It expires in 48 hours."),
    "already-verified": _("Your email address is already verified."),
    "support-ended": _("The support session has ended."),
    "project-saved": _("Saved."),
    "languages-kept": _("Saved. The texts in the language you removed are kept and return if you add it again."),
    "project-trashed": _("The project was moved to the trash. You can restore it there."),
    "project-restored": _("The project was restored."),
    "imported": _("The file was imported. These are its items."),
    "source-deleted": _("The import and its items were deleted."),
    "cancelled": _("Stopped. Texts that were already generated are kept."),
    "connected": _("The store is connected."),
    "example-settled": _("Settled. It was an example: nothing was written to a shop."),
    "saved": _("Saved."),
    "profile-deleted": _("The profile was deleted. Projects that used it continue with their own settings."),
    "term-deleted": _("The term was deleted."),
    "memory-deleted": _("The imported sentences between these languages were deleted."),
    "evidence-removed": _("The evidence was removed. Texts that relied on it are flagged again."),
    "tone-deleted": _("The tone of voice was deleted."),
    "export-begun": _("We are preparing the export. You'll get a notification when it is ready to download."),
    "deletion-scheduled": _("The deletion is scheduled. All admins have been notified."),
    "deletion-cancelled": _("The deletion was cancelled. Nothing will be deleted."),
    "invited": _("The invitation was sent. Its link expires in seven days."),
    "invitation-revoked": _("The invitation was revoked. Its link no longer works."),
    "person-changed": _("Saved. If the role or the projects changed, the person was signed out."),
    "person-deactivated": _("The person was deactivated and can no longer sign in."),
    "person-signed-out": _("The person was signed out of all sessions."),
    "factor-reset": _(
        "Two-factor authentication was reset. The person will be asked to set it up at the next sign-in."
    ),
    "key-deactivated": _("The key was deactivated and no longer works."),
    "own-key-saved": _("The key was saved and will be used from now on."),
    "own-key-removed": _("The key was deleted."),
    "key-deleted": _("The key was deleted."),
    "test-sent": _("Test event sent. See the deliveries below for the reply."),
    "sent-again": _("The event is being sent again."),
    "endpoint-deleted": _("The endpoint was deleted."),
    "address-asked": _("We sent a link to the new address. Your address changes when you open it."),
    "own-password-set": _("Your password was changed, and you were signed out of all other devices."),
    "linked": _("The account is linked. You can now sign in with it."),
    "unlinked": _("The account was unlinked, and sessions that used it were signed out."),
    "factor-off": _("Two-factor authentication is off."),
    "code-sent": _("We have sent you a code."),
    "session-ended": _("The session was signed out."),
    "sessions-ended": _("All other sessions were signed out."),
    "plan-changed": _("Your plan was changed. Your XCT are added when the payment is confirmed."),
    "plan-scheduled": _("Your plan will change at the end of the billing period."),
    "plan-kept": _("You keep your current plan."),
    "plan-ended": _("Your subscription was cancelled. You keep your plan until the end of the billing period."),
    "no-portal": _("You have not paid by card yet, so there are no cards or receipts to manage."),
    "invoice-issued": _("The invoice was issued. Your order is added when the payment arrives."),
    "details-saved": _("Billing details saved."),
    "overage-on": _("Generation will continue when your XCT run out. It is invoiced at the end of the month."),
    "overage-off": _("Generation will stop when your XCT run out."),
    "post-saved": _("Saved."),
    "blog-deleted": _("The connection was deleted."),
    "post-merged": _("Saved. What had changed in other fields meanwhile was kept."),
    "post-translations-ordered": _("The translations are being generated. Each one is a separate post."),
    "post-translations-current": _(
        "Nothing to translate: the translations are up to date, have been edited, or are being generated."
    ),
    "post-deleted": _("The post was deleted. Anything already published on a site stays there."),
    "post-scheduled": _("Scheduled. The post is published within a minute of the chosen time."),
    "post-unscheduled": _("The schedule was cancelled. The post is a draft again."),
    "blog-connected": _("The blog is connected."),
    "looking": _("We are checking the site."),
}


def sentence(key: str) -> Promise | str:
    return SENTENCES.get(key, "")


LANGUAGE_KEPT = timedelta(days=365)
KNOWN_LANGUAGES = tuple(dict(settings.LANGUAGES))


def speak_to(user: User) -> None:
    """Speak the person's language for the rest of the request. Staff who work as a customer read in their own."""
    if user.language in KNOWN_LANGUAGES and not user.impersonated:
        translation.activate(user.language)


def keep_language(request: HttpRequest, response: HttpResponseBase) -> None:
    """Have this browser speak it, too, before the next sign-in."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.language not in KNOWN_LANGUAGES or user.impersonated:
        return
    response.headers["Content-Language"] = user.language
    if cookies.read(request, cookies.LANGUAGE) != user.language:
        cookies.write(response, cookies.LANGUAGE, user.language, lasts=LANGUAGE_KEPT)
