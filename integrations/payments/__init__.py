"""Payment providers behind one interface: checkouts, plan changes, portals, and their webhooks as plain facts."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from integrations.payments.types import PaymentProvider


@dataclass(frozen=True, slots=True)
class PaymentProviderRow:
    """A payment provider. `client` is loaded when first asked for: the SDKs are a third of what a process would otherwise
    load at its start. `sold_as` is what the provider calls a thing with a price: the columns and the setting with its ids
    are named after it."""

    id: str
    client: str
    sold_as: str

    @property
    def price_ids(self) -> dict[str, str]:
        """The ids that the deployment's settings name, for plans and packs whose own column is empty."""
        found: dict[str, str] = getattr(settings, f"{self.id}_{self.sold_as}_ids".upper())
        return found


#: In the order in which they are looked for.
PROVIDERS: dict[str, PaymentProviderRow] = {
    row.id: row
    for row in (
        PaymentProviderRow("dodo", "integrations.payments.dodo.client.Dodo", "product"),
        PaymentProviderRow("paddle", "integrations.payments.paddle.client.Paddle", "price"),
    )
}


def provider(name: str) -> PaymentProvider:
    """The provider of this name, whether it is configured or not: see its `configured`."""
    found: PaymentProvider = import_string(PROVIDERS[name].client)()
    return found


def default() -> PaymentProvider | None:
    """The provider that new checkouts go to: PAYMENT_PROVIDER if it is configured, else the first that is."""
    order = [name for name in (settings.PAYMENT_PROVIDER, *PROVIDERS) if name in PROVIDERS]
    return next((found for name in order if (found := provider(name)).configured), None)
