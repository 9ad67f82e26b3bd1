"""The pages to which other sites send the browser back: after a checkout, and after Shopify's consent."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from billing.models import Entry
from integrations.shopify import installs
from scribe.api.access import ADMINS
from workbench.pages import Page, go

MOST_ENTRIES = 50


class BillingPage(Page):
    """The balance, the part of it that is held, and the latest entries. Shown after a checkout, and at any time."""

    def get(self, request: Any) -> HttpResponse:
        entries = Entry.objects.visible_to(self.user).order_by("-number")[:MOST_ENTRIES]
        return self.show("billing", section="billing", entries=entries)


class ShopifyCallbackPage(Page):
    """Finishes an installation that the reader began here or in Shopify."""

    who = ADMINS

    def get(self, request: Any) -> HttpResponse:
        found = {name: request.GET.get(name, "") for name in ("shop", "code", "install", "status", "reason")}
        return self.show("shopify_callback", found=found)

    def post(self, request: Any) -> HttpResponse:
        installs.finalize(by=self.user, **{name: request.POST.get(name, "") for name in ("shop", "code", "install")})
        return go("home", said="connected")
