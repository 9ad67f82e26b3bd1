"""Paddle's checkout, which opens inside a page of ours: the only page that loads Paddle's script."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse

from billing.models import Checkout, PaymentProviderName
from scribe.api.access import ADMINS
from scribe.errors import NotFound
from workbench.views.account import AccountPage

#: What Paddle.js loads and opens: https://developer.paddle.com/paddlejs/include-paddlejs
SCRIPTS = "https://cdn.paddle.com"
FRAMES = "https://buy.paddle.com https://sandbox-buy.paddle.com"
POLICY = (
    f"default-src 'none'; script-src 'self' {SCRIPTS}; style-src 'self' {SCRIPTS} 'unsafe-inline'; "
    f"img-src 'self' data: {SCRIPTS}; font-src 'self'; connect-src 'self' {SCRIPTS}; frame-src {FRAMES}; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class CheckoutPage(AccountPage):
    """Opens the transaction that the address names as `_ptxn`. Paddle's own mails lead here as well."""

    tab = "plans"
    who = ADMINS

    def get(self, request: Any) -> HttpResponse:
        transaction = request.GET.get("_ptxn", "")
        if not transaction:
            return self.show_account("checkout", token="")
        if not settings.PADDLE_CLIENT_TOKEN:
            raise NotFound("Checkouts do not open on this page here.")
        own = Checkout.objects.visible_to(self.user).filter(provider=PaymentProviderName.PADDLE)
        if not own.filter(external_id=transaction[:120]).exists():
            raise NotFound("There is no such checkout.")
        response = self.show_account(
            "checkout",
            token=settings.PADDLE_CLIENT_TOKEN,
            environment="sandbox" if "sandbox" in settings.PADDLE_API_URL else "production",
            transaction=transaction,
        )
        response["Content-Security-Policy"] = POLICY
        return response
