"""The variations of a page of products, by as few calls as the shop allows.

WooCommerce lists the variations of one product at a time; a list for all products came to its API with 10.3, and its
own admin pages have had one since 4.0, which takes the same keys and gives the same rows.
"""

from collections.abc import Callable, Mapping, Sequence

from integrations.stores import paging
from integrations.stores.errors import StorePermanentError
from integrations.stores.woocommerce.keys import WooHTTP
from integrations.stores.woocommerce.values import API
from scribe.types import Json

ROUTES = (f"{API}/variations", "/wp-json/wc-analytics/variations")
MOST = 100  # rows of a page
Row = dict[str, Json]


class Variations:
    """`one` lists the variations of one product, by its id."""

    def __init__(self, http: WooHTTP, one: Callable[[int], Sequence[Row]]) -> None:
        self.http, self.one = http, one
        self._routes = list(ROUTES)

    def of(self, products: Sequence[Mapping[str, Json]], spoken: Mapping[str, str]) -> dict[int, Sequence[Row]]:
        """The variations of each of these products, by the product's id. `spoken` are the parameters that have a plugin
        show all languages. Of a product some of whose variations no list has, its own list is read."""
        named = {paging.id_of(row.get("id")): paging.ids_of(row.get("variations")) for row in products}
        named = {pk: ids for pk, ids in named.items() if ids}
        wanted = [pk for ids in named.values() for pk in ids]
        found = self._listed(wanted, spoken) if len(named) > 1 else {}
        return {
            pk: [found[one] for one in ids] if all(one in found for one in ids) else self.one(pk)
            for pk, ids in named.items()
        }

    def _listed(self, ids: Sequence[int], spoken: Mapping[str, str]) -> dict[int, Row]:
        """The variations with these ids, as far as the shop lists them for all products."""
        found: dict[int, Row] = {}
        for start in range(0, len(ids), MOST):
            asked = {"include": ",".join(map(str, ids[start : start + MOST])), "per_page": MOST, "context": "edit"}
            while self._routes:
                try:
                    rows = paging.rows_of(self.http.json("GET", self._routes[0], params={**spoken, **asked}))
                except StorePermanentError:
                    self._routes.pop(0)  # this shop has no such list, or closes it
                    continue
                found |= {paging.id_of(row.get("id")): row for row in rows}
                break
        return found
