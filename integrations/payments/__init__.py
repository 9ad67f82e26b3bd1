"""Payment providers behind one interface: checkouts, plan changes, portals, and their webhooks as plain facts."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from integrations.payments.types import PaymentProvider

#: Loaded when first asked for: their SDKs are a third of what a process would otherwise load at its start.
PROVIDERS = {"dodo": "integrations.payments.dodo.client.Dodo", "paddle": "integrations.payments.paddle.client.Paddle"}


def provider(name: str) -> PaymentProvider:
    """The provider of this name, whether it is configured or not: see its `configured`."""
    found: PaymentProvider = import_string(PROVIDERS[name])()
    return found


def default() -> PaymentProvider | None:
    """The provider that new checkouts go to: PAYMENT_PROVIDER if it is configured, else the first that is; Dodo first."""
    order = [name for name in (settings.PAYMENT_PROVIDER, "dodo", "paddle") if name in PROVIDERS]
    return next((found for name in order if (found := provider(name)).configured), None)
