"""A shop's address: `https://your-shop.myshopify.com`, or what `SHOPIFY_SHOP_URL` makes of the shop's name."""

from __future__ import annotations

import re

from django.conf import settings

from integrations.shopify.oauth import shop_url
from integrations.shopify.signatures import shop_domain
from scribe.errors import InvalidInput
from scribe.http.addresses import check_url


def canonical(text: str, *, pointer: str) -> str:
    """The address that is kept. Raises InvalidInput at `pointer` for anything but a shop's."""
    if _is_overridden(text):
        return check_url(text.strip(), pointer=pointer).rstrip("/")
    shop = shop_domain(text)
    if not shop:
        raise InvalidInput.at(pointer, "A Shopify address looks like https://your-shop.myshopify.com.", "invalid_shop")
    return f"https://{shop}"


def called(base_url: str) -> str:
    """The address that is called for the one that is kept."""
    shop = shop_domain(base_url)
    return shop_url(shop) if shop else base_url


def _is_overridden(text: str) -> bool:
    """Whether the address is one that `SHOPIFY_SHOP_URL` makes, in a deployment that points elsewhere."""
    template = str(settings.SHOPIFY_SHOP_URL).rstrip("/")
    pattern = re.escape(template).replace(re.escape("{shop}"), "[A-Za-z0-9.-]+")
    return template != "https://{shop}" and re.fullmatch(pattern, text.strip().rstrip("/")) is not None
