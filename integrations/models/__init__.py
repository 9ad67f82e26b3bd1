from integrations.models.shopify import ShopifyGrant, ShopifyInstall, ShopifyState, WebhookDelivery
from integrations.models.store_connection import StoreConnection

__all__ = ["ShopifyGrant", "ShopifyInstall", "ShopifyState", "StoreConnection", "WebhookDelivery"]
