"""The page to which Shopify sends the browser back after the merchant's consent."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from integrations.shopify import installs
from scribe.api.access import ADMINS
from workbench.pages import Page, go


class ShopifyCallbackPage(Page):
    """Finishes an installation that the reader began here or in Shopify."""

    who = ADMINS

    def get(self, request: Any) -> HttpResponse:
        found = {name: request.GET.get(name, "") for name in ("shop", "code", "install", "status", "reason")}
        return self.show("shopify_callback", found=found)

    def post(self, request: Any) -> HttpResponse:
        installs.finalize(by=self.user, **{name: request.POST.get(name, "") for name in ("shop", "code", "install")})
        return go("home", said="connected")
