"""A shop's address: `https://your-shop.myshopify.com`, or the shop's name put into `SHOPIFY_SHOP_URL`."""

from __future__ import annotations

import re

from django.conf import settings

from integrations.shopify.oauth import shop_url
from integrations.shopify.signatures import shop_domain
from scribe.errors import InvalidInput
from scribe.http.addresses import check_url


def canonical(text: str, *, pointer: str) -> str:
    """The shop's address in the form that we keep. Raises InvalidInput at `pointer` for any other text."""
    if _is_overridden(text):
        return check_url(text.strip(), pointer=pointer).rstrip("/")
    shop = shop_domain(text)
    if not shop:
        raise InvalidInput.at(pointer, "A Shopify address looks like https://your-shop.myshopify.com.", "invalid_shop")
    return f"https://{shop}"


def called(base_url: str) -> str:
    """The address to call for a kept address."""
    shop = shop_domain(base_url)
    return shop_url(shop) if shop else base_url


def _is_overridden(text: str) -> bool:
    """Whether the address is one that `SHOPIFY_SHOP_URL` makes, in a deployment that points elsewhere."""
    template = str(settings.SHOPIFY_SHOP_URL).rstrip("/")
    pattern = re.escape(template).replace(re.escape("{shop}"), "[A-Za-z0-9.-]+")
    return template != "https://{shop}" and re.fullmatch(pattern, text.strip().rstrip("/")) is not None
