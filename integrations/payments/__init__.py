"""Payment providers behind one interface: checkouts, plan changes, portals, and webhooks read as facts."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from integrations.payments.types import PaymentProvider


@dataclass(frozen=True, slots=True)
class PaymentProviderRow:
    """A payment provider. `client` is imported on first use: the SDKs would make up a third of what a process loads at
    its start. `sold_as` is the provider's word for a thing with a price: the columns and the setting for its ids are
    named after it. `makes_customers`: it makes a customer itself at somebody's first checkout; otherwise we create the
    customer.
    `gives_invoices`: its API gives each payment's invoice as a PDF; those of the others are in its portal."""

    id: str
    client: str
    sold_as: str
    makes_customers: bool = False
    gives_invoices: bool = False

    @property
    def price_ids(self) -> dict[str, str]:
        """The ids from the deployment's settings. They serve plans and packs whose own column is empty."""
        found: dict[str, str] = getattr(settings, f"{self.id}_{self.sold_as}_ids".upper())
        return found


#: The first configured one, in this order, is the default.
PROVIDERS: dict[str, PaymentProviderRow] = {
    row.id: row
    for row in (
        PaymentProviderRow(
            "dodo", "integrations.payments.dodo.client.Dodo", "product", makes_customers=True, gives_invoices=True
        ),
        PaymentProviderRow("paddle", "integrations.payments.paddle.client.Paddle", "price"),
    )
}


def provider(name: str) -> PaymentProvider:
    """The provider of this name. It may lack its settings: check `configured`. Raises KeyError for an unknown name."""
    found: PaymentProvider = import_string(PROVIDERS[name].client)()
    return found


def default() -> PaymentProvider | None:
    """The provider for new checkouts: PAYMENT_PROVIDER if it is configured, else the first configured one, or None."""
    order = [name for name in (settings.PAYMENT_PROVIDER, *PROVIDERS) if name in PROVIDERS]
    return next((found for name in order if (found := provider(name)).configured), None)
