"""Adapters: how the rows of each platform's files become items."""

from __future__ import annotations

from projects.files.adapters.base import Adapter
from projects.files.adapters.generic import Generic
from projects.files.adapters.magento2 import Magento2
from projects.files.adapters.shopify import Shopify
from projects.files.adapters.woocommerce import WooCommerce
from projects.files.adapters.wordpress import WordPress

ADAPTERS: dict[str, Adapter] = {
    adapter.name: adapter for adapter in (WooCommerce(), Shopify(), Magento2(), WordPress(), Generic())
}


def get(name: str) -> Adapter:
    return ADAPTERS[name]
