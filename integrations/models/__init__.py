from integrations.models.blog_connection import BlogConnection
from integrations.models.prospect import Prospect
from integrations.models.shopify import ShopifyGrant, ShopifyInstall, ShopifyState, WebhookDelivery
from integrations.models.store_connection import StoreConnection

__all__ = [
    "BlogConnection",
    "Prospect",
    "ShopifyGrant",
    "ShopifyInstall",
    "ShopifyState",
    "StoreConnection",
    "WebhookDelivery",
]
