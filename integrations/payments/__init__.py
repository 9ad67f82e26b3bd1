"""Payment providers behind one interface: checkouts, plan changes, portals, and their webhooks as plain facts."""

from __future__ import annotations

from django.conf import settings

from integrations.payments.dodo.client import Dodo
from integrations.payments.paddle.client import Paddle
from integrations.payments.types import PaymentProvider

PROVIDERS: dict[str, type[PaymentProvider]] = {"dodo": Dodo, "paddle": Paddle}


def provider(name: str) -> PaymentProvider:
    """The provider of this name, whether it is configured or not: see its `configured`."""
    return PROVIDERS[name]()


def default() -> PaymentProvider | None:
    """The provider that new checkouts go to: PAYMENT_PROVIDER if it is configured, else the first that is; Dodo first."""
    order = [name for name in (settings.PAYMENT_PROVIDER, "dodo", "paddle") if name in PROVIDERS]
    return next((found for name in order if (found := provider(name)).configured), None)
