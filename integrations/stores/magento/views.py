"""Texts that a store view inherits from the default: an undo makes the view inherit them again ("use default").

Writing `null` removes a view's own value, so that it shows the default's text; "" would be an empty value of its own.
The API does not tell an own value from an inherited one, so we count a text that equals the default's as inherited. We
read the result back, since not every version obeys. For names and addresses of pages, `null` is not reliable.
"""

from collections.abc import Sequence
from urllib.parse import quote

from integrations.stores import texts
from integrations.stores.magento import criteria, mapping
from integrations.stores.magento.attributes import Attributes
from integrations.stores.magento.http import GLOBAL, MagentoHTTP
from integrations.stores.types import Push, Texts
from scribe.types import Json

OWN = frozenset(("name", "seo.slug"))


class StoreViews:
    def __init__(self, http: MagentoHTTP, attributes: Attributes) -> None:
        self.http, self.attributes = http, attributes
        self._defaults: dict[str, Json] = {}  # rows by SKU

    def learn(self, pushes: Sequence[Push]) -> None:
        """Read the defaults of the products whose texts are to be put back."""
        for params in criteria.by_sku([push.ref.external_id for push in pushes if push.is_undo]):
            for row in criteria.rows_of(self.http.get("/products", params, scope=GLOBAL)):
                self.know(row)

    def know(self, row: Json) -> None:
        """Take a product's row in the default scope as the texts that its views inherit."""
        self._defaults[str(row.get("sku"))] = row

    def write(self, push: Push, scope: str, skipped: dict[str, str]) -> Texts | None:
        """Write a product's texts to its scope and return the texts there now; None if none of them has a place."""
        inherited = self._inherited(push) if scope not in ("", GLOBAL) else frozenset()
        product = mapping.update(push, self.attributes, skipped, inherited)
        if set(product) == {"sku"}:
            return None
        there = self._put(product, push, scope)
        if inherited:
            row = self.http.get(_route(product), scope=scope)
            there = mapping.texts(row, self.attributes, set(push.texts))
            if not all(texts.same(f, there.get(f, ""), push.texts[f]) for f in inherited):
                there = self._put(
                    mapping.update(push, self.attributes, {}), push, scope
                )  # the view did not inherit: write own values
        return there

    def _inherited(self, push: Push) -> frozenset[str]:
        """The texts to put back that equal the default's."""
        row = self._defaults.get(push.ref.external_id) if push.is_undo else None
        if row is None:
            return frozenset()
        default = mapping.texts(row, self.attributes, set(push.texts))
        return frozenset(f for f, v in push.texts.items() if f not in OWN and texts.same(f, default.get(f, ""), v))

    def _put(self, product: Json, push: Push, scope: str) -> Texts:
        row = self.http.put(_route(product), {"product": product, "saveOptions": True}, scope=scope)
        return mapping.texts(row, self.attributes, set(push.texts))


def _route(product: Json) -> str:
    return f"/products/{quote(str(product['sku']), safe='')}"
