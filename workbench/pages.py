"""The base of every page: who is signed in, what they may do, how rows are restricted to the reader's organization, and
failures as pages."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from accounts.models import User
from scribe import spending_limit
from scribe.api import rate_limits
from scribe.api.access import ADMINS, MEMBERS, PUBLIC, Who
from scribe.api.addresses import client_address, network_of
from scribe.errors import Forbidden
from scribe.fairness import callers
from scribe.rows import visible_row, visible_rows
from workbench import cookies, once, sent, session, speech
from workbench.fragments import is_fragment
from workbench.said import sentence
from workbench.views import failures

Model = TypeVar("Model", bound=models.Model)
THEMES = ("light", "dark")


class Page(View):
    """A page: parse, check rights, call one function of the rules, render. A row that the reader may not see answers as
    not found.

    `who` says who may open the page. `support` says whether staff who work as the customer may change things on it.
    `rate_scope` is the rate limit for forms of people who are not signed in. `saves`: whether a form that is sent here
    changes anything, so that it may count only once.
    """

    http_method_names = ["get", "post", "head"]
    who: ClassVar[Who] = MEMBERS
    support: ClassVar[bool] = False
    rate_scope: ClassVar[str] = "public"
    saves: ClassVar[bool] = True
    request: Any

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            answer = partial(super().dispatch, request, *args, **kwargs)
            with spending_limit.within():
                response = self.enter(request) or once.answered(request, request.user if self.saves else None, answer)
        except Exception as error:
            response = failures.page(request, error)
        speech.keep(request, response)
        response.headers.setdefault("Referrer-Policy", "same-origin")  # addresses of mailed links contain tokens
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def enter(self, request: Any) -> HttpResponse | None:
        """Find out who asks. Returns a response only if a sign-in is needed first. Raises Forbidden when they may not
        open the page."""
        found = session.user_of(request)
        request.user = found
        if found is None:
            scope = self.rate_scope if request.method == "POST" else "public"
            rate_limits.check(scope, network_of(client_address(request)))
            return None if self.who is PUBLIC else self.sign_in_first(request)
        speech.speak_to(found)
        callers.identify(found, str(found.pk))
        rate_limits.check("principal", str(found.pk))
        sent.check(request.GET, request.POST)
        spending_limit.limit(sent.max_xct(request.POST))
        if self.who is ADMINS and not found.is_admin:
            raise Forbidden("This page is for the organization's admins. Ask one of them.", code="admin_required")
        if request.method == "POST" and not self.support:
            self.refuse_support()
        return None

    def refuse_support(self) -> None:
        """Raises Forbidden if staff work as the customer."""
        if self.user.impersonated:
            raise Forbidden("This is not possible while support works as this user.", code="blocked_for_support")

    def sign_in_first(self, request: HttpRequest) -> HttpResponse:
        back = request.get_full_path() if request.method == "GET" and not is_fragment(request) else ""
        url = reverse("workbench:sign-in") + (f"?{urlencode({'next': back})}" if back else "")
        if is_fragment(request):
            return HttpResponse(status=401, headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return failures.not_found(request)

    @property
    def user(self) -> User:
        """The signed-in reader. Only for pages that require a sign-in."""
        found: User = self.request.user
        return found

    def version(self) -> frozenset[int] | None:
        """The version of the row that the form was made from; None when the form names none."""
        return sent.version(self.request.POST)

    def show(self, template: str, /, status: int = 200, **context: Any) -> HttpResponse:
        """Render `templates/workbench/<template>.html` with `context`."""
        return render(self.request, f"workbench/{template}.html", {**frame(self.request), **context}, status=status)

    def row(self, queryset: models.QuerySet[Model], pk: object, **filters: Any) -> Model:
        return visible_row(queryset, self.user, pk, **filters)

    def rows(self, queryset: models.QuerySet[Model], ids: list[Any]) -> list[Model]:
        return visible_rows(queryset, self.user, ids)


def frame(request: Any) -> dict[str, Any]:
    """The context of the frame around every page."""
    user = getattr(request, "user", None)
    theme = cookies.read(request, cookies.THEME)
    return {
        "reader": user,
        "wallet": user.organization.wallet if user else None,
        "theme": theme if theme in THEMES else "",
        "said": sentence(request.GET.get("said", "")),
    }


def go(name: str, *args: Any, said: str = "", **query: str) -> HttpResponseRedirect:
    """Redirect to another of our pages. `said`, a key of `workbench.said`, makes it show what was done."""
    query = {key: value for key, value in query.items() if value} | ({"said": said} if said else {})
    return HttpResponseRedirect(reverse(f"workbench:{name}", args=args) + (f"?{urlencode(query)}" if query else ""))


def following(request: HttpRequest, text: str) -> str:
    """The page to open after a sign-in: `text` if it is below `/app/` on this host, else the first page."""
    safe = text.startswith(cookies.PATH) and url_has_allowed_host_and_scheme(
        text, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return text if safe else reverse("workbench:home")
