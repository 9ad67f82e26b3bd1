"""WooCommerce's products and categories in further languages, by Polylang for WooCommerce or WPML's WooCommerce Multilingual."""

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING

from integrations.stores import paging
from integrations.stores.types import ShopLanguage
from integrations.stores.woocommerce.values import API
from integrations.stores.wordpress import translations as linking
from integrations.stores.wordpress.translations import LinkedTranslations
from scribe.types import Json

if TYPE_CHECKING:
    from integrations.stores.woocommerce.client import WooCommerceStore

SEEN = 100  # products whose languages are looked at
EVERYWHERE = {"lang": "all"}  # WPML lists the default language alone unless it is asked for all


def languages(store: "WooCommerceStore") -> list[ShopLanguage]:
    plugin = linking.plugin_of(store.site.namespaces)
    rows = _rows(store, per_page=SEEN, **(EVERYWHERE if plugin == linking.WPML else {}))
    reasons = {linking.POLYLANG: linking.POLYLANG_FREE, linking.WPML: linking.NO_WCML}
    linking.check_links(rows, plugin, without_links=reasons)
    if plugin == linking.POLYLANG and (listed := _polylang_languages(store)):
        return listed
    first = _rows(store, per_page=1) if plugin == linking.WPML else []  # without the parameter: the default language
    return linking.of_rows(rows, str(first[0].get("lang") or "") if first else "")


def linked_translations(store: "WooCommerceStore", into: Sequence[ShopLanguage]) -> LinkedTranslations:
    """The store's translations. The store itself goes on showing its main language."""
    rows = copy.copy(store)
    if linking.plugin_of(store.site.namespaces) == linking.WPML:
        rows.spoken = EVERYWHERE
    return LinkedTranslations(rows, into, rows.originals)


def _rows(store: "WooCommerceStore", **params: object) -> list[Json]:
    asked = {"status": "any", "orderby": "id", "order": "desc", "_fields": linking.FIELDS, **params}
    return paging.rows_of(store.http.json("GET", f"{API}/products", params=asked))


def _polylang_languages(store: "WooCommerceStore") -> list[ShopLanguage]:
    return linking.of_polylang(lambda route: store.http.json("GET", f"/wp-json{route}", signed=False))


def by_address(store: "WooCommerceStore") -> linking.ByAddress | None:
    """The languages of products by their addresses, if the shop has Polylang; judged by the newest products."""
    if linking.plugin_of(store.site.namespaces) != linking.POLYLANG:
        return None
    rows = _rows(store, per_page=SEEN, _fields="permalink")
    return linking.ByAddress.judged_by((row.get("permalink") for row in rows), _polylang_languages(store))
