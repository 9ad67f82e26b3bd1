"""What a store view takes from the default: an undo gives such texts back to it ("use default").

A view's own value is taken away by `null`, and its text is the default's again; "" would be an empty value of its own. The API
does not tell an own value from the default's, so one that reads the same is taken for the default's. What became of it is read
back, since not every version does it. Names and addresses of pages have no such way that is certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from integrations.stores import texts
from integrations.stores.magento import lists, mapping
from integrations.stores.magento.attributes import Attributes
from integrations.stores.magento.criteria import by_length, search
from integrations.stores.magento.http import GLOBAL, MagentoHTTP
from integrations.stores.types import Push, Texts

OWN = frozenset(("name", "seo.slug"))


class StoreViews:
    def __init__(self, http: MagentoHTTP, attributes: Attributes) -> None:
        self.http, self.attributes = http, attributes
        self._defaults: dict[str, dict[str, Any]] = {}  # rows by SKU

    def learn(self, pushes: Sequence[Push]) -> None:
        """Read what is the default now of the texts that are to be put back."""
        for some in by_length([push.ref.external_id for push in pushes if push.back]):
            params = search({"sku": ("in", ",".join(some))}, len(some))
            for row in lists.rows_of(self.http.get("/products", params, scope=GLOBAL)):
                self._defaults[str(row.get("sku"))] = row

    def write(self, push: Push, scope: str, skipped: dict[str, str]) -> Texts | None:
        """Put a product's texts into its scope; what stands there then, None when nothing of them has a place."""
        inherited = self._inherited(push) if scope not in ("", GLOBAL) else frozenset()
        product = mapping.update(push, self.attributes, skipped, inherited)
        if set(product) == {"sku"}:
            return None
        there = self._put(product, push, scope)
        if inherited:
            row = self.http.get(_route(product), scope=scope)
            there = mapping.texts(row, self.attributes, set(push.texts))
            if not all(texts.same(f, there.get(f, ""), push.texts[f]) for f in inherited):
                there = self._put(mapping.update(push, self.attributes, {}), push, scope)  # as its own, then
        return there

    def _inherited(self, push: Push) -> frozenset[str]:
        """The texts to put back that are the default's."""
        row = self._defaults.get(push.ref.external_id) if push.back else None
        if row is None:
            return frozenset()
        default = mapping.texts(row, self.attributes, set(push.texts))
        return frozenset(f for f, v in push.texts.items() if f not in OWN and texts.same(f, default.get(f, ""), v))

    def _put(self, product: dict[str, Any], push: Push, scope: str) -> Texts:
        row = self.http.put(_route(product), {"product": product, "saveOptions": True}, scope=scope)
        return mapping.texts(row, self.attributes, set(push.texts))


def _route(product: dict[str, Any]) -> str:
    return f"/products/{quote(str(product['sku']), safe='')}"
