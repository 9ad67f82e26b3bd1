"""Support works as a customer. The back office's link carries the token in its fragment, which does not appear in
logs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from accounts import authentication
from scribe.api.access import PUBLIC
from scribe.errors import NotAuthenticated
from workbench import session
from workbench.pages import Page, go


class SupportSessionPage(Page):
    who = PUBLIC
    support = True
    rate_scope = "sign_in"

    def get(self, request: Any) -> HttpResponse:
        return self.show("support_session")

    def post(self, request: Any) -> HttpResponse:
        token = request.POST.get("token", "").strip()
        user, _ = authentication.authenticate_token(token)
        if not user.impersonated:
            raise NotAuthenticated("This is no token of a support session.", code="not_a_support_session")
        return session.begin(go("home"), token)
