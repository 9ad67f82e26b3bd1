"""Which rows of the integrations hold customers' data, and how they are exported and erased.
Secrets are not exported."""

from __future__ import annotations

from integrations.models import (
    BlogConnection,
    Prospect,
    ShopifyGrant,
    ShopifyInstall,
    ShopifyState,
    StoreConnection,
    WebhookDelivery,
)
from scribe import gdpr


def register() -> None:
    gdpr.register(
        StoreConnection,
        export=["id", "name", "platform", "base_url", "media_base_url", "status", "last_connected_at", "created_at"],
    )
    gdpr.register(
        BlogConnection,
        export=["id", "name", "site_url", "username", "is_active", "site_name", "created_at", "updated_at"],
    )
    gdpr.register(
        ShopifyGrant, export=["id", "connection_id", "shop", "purpose", "scopes", "installed_at", "uninstalled_at"]
    )
    gdpr.register(ShopifyState)
    gdpr.register(ShopifyInstall)
    gdpr.holds_none(Prospect, "People staff write to; none of them is a customer's data.")
    gdpr.holds_none(WebhookDelivery, "Ids and topics of deliveries; Shopify's payloads about people are not kept.")
