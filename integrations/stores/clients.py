"""Opening a store: the client for a platform."""

from __future__ import annotations

import time
from collections.abc import Callable

from integrations.shopify.client import Shopify
from integrations.stores.http import Pause
from integrations.stores.interface import Store
from integrations.stores.magento.client import Magento
from integrations.stores.types import NO_PLACEMENT, Credentials, Placement
from integrations.stores.woocommerce.client import WooCommerce
from integrations.stores.wordpress.client import WordPress


def open_store(
    platform: str,
    credentials: Credentials,
    *,
    placement: Placement = NO_PLACEMENT,
    pause: Pause = time.sleep,
    store_view: str = "",
    renew: Callable[[], str] | None = None,
) -> Store:
    """The client for `platform`. Nothing is called yet. `store_view` is Magento's, `renew` refreshes a Shopify token."""
    if platform == "woocommerce":
        return WooCommerce(credentials, placement=placement, pause=pause)
    if platform == "shopify":
        return Shopify(credentials, placement=placement, pause=pause, renew=renew)
    if platform == "magento2":
        return Magento(credentials, placement=placement, pause=pause, store_view=store_view)
    if platform == "wordpress":
        return WordPress(credentials, placement=placement, pause=pause)
    raise ValueError(f"unknown platform {platform}")
