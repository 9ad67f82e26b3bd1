"""The shop platforms: what a connection to each needs, and what it can do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Platform:
    """`credential_fields` are the fields of a store connection; `capabilities` what works with it."""

    id: str
    name: str
    credential_fields: tuple[str, ...]
    capabilities: tuple[str, ...]


PLATFORMS = (
    Platform("woocommerce", "WooCommerce", ("consumer_key", "consumer_secret"), ("file", "import", "sync")),
    Platform("shopify", "Shopify", ("access_token",), ("file", "import", "sync", "blog", "app")),
    Platform(
        "magento2",
        "Magento 2",
        ("access_token", "consumer_key", "consumer_secret", "access_token_secret"),
        ("file", "import", "sync", "store_views"),
    ),
    Platform("wordpress", "WordPress", ("consumer_key", "consumer_secret"), ("file", "import", "sync", "blog")),
)


def listed() -> list[dict[str, Any]]:
    return [
        {
            **asdict(platform),
            "credential_fields": list(platform.credential_fields),
            "capabilities": list(platform.capabilities),
        }
        for platform in PLATFORMS
    ]
