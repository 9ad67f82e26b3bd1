"""WooCommerce's products and categories in further languages, by Polylang for WooCommerce or WPML's WooCommerce Multilingual."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from integrations.stores import walks
from integrations.stores.types import ShopLanguage
from integrations.stores.woocommerce.values import API
from integrations.stores.wordpress import translations as linking
from integrations.stores.wordpress.translations import LinkedTranslations

if TYPE_CHECKING:
    from integrations.stores.woocommerce.client import WooCommerceStore

SEEN = 100  # products whose languages are looked at
EVERYWHERE = {"lang": "all"}  # WPML lists the default language alone unless it is asked for all


def languages(store: WooCommerceStore) -> list[ShopLanguage]:
    plugin = linking.plugin_of(store.site.namespaces)
    rows = _rows(store, per_page=SEEN, **(EVERYWHERE if plugin == linking.WPML else {}))
    reasons = {linking.POLYLANG: linking.POLYLANG_FREE, linking.WPML: linking.NO_WCML}
    linking.checked(rows, plugin, without_links=reasons)
    if plugin == linking.POLYLANG and (listed := linking.of_polylang(lambda route: _public(store, route))):
        return listed
    first = _rows(store, per_page=1) if plugin == linking.WPML else []  # without the parameter: the default language
    return linking.of_rows(rows, str(first[0].get("lang") or "") if first else "")


def of(store: WooCommerceStore, into: Sequence[ShopLanguage]) -> LinkedTranslations:
    """The store's translations. The store itself goes on showing its main language."""
    rows = copy.copy(store)
    if linking.plugin_of(store.site.namespaces) == linking.WPML:
        rows.spoken = EVERYWHERE
    return LinkedTranslations(rows, into, rows.originals)


def _rows(store: WooCommerceStore, **params: Any) -> list[dict[str, Any]]:
    asked = {"status": "any", "orderby": "id", "order": "desc", "_fields": linking.FIELDS, **params}
    return walks.rows_of(store.http.json("GET", f"{API}/products", params=asked))


def _public(store: WooCommerceStore, route: str) -> Any:
    return store.http.json("GET", f"/wp-json{route}", signed=False)
