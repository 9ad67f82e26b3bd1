"""The shop's own attributes (WooCommerce's global ones): their names and values. The shop's filters use them.

https://woocommerce.github.io/woocommerce-rest-api-docs/#product-attributes
"""

import threading
from collections.abc import Callable, Iterable

from integrations.stores.errors import StorePermanentError
from integrations.stores.types import Push
from integrations.stores.woocommerce.values import name_of, rows, text
from scribe.types import Json


class OwnAttributes:
    """The attributes are read once per client, the values only when a push needs them.
    `every(path)` yields a list's rows."""

    def __init__(self, every: Callable[[str], Iterable[Json]]) -> None:
        self._every = every
        self._found: dict[str, Json] | None = None
        self._lock = threading.Lock()  # several threads may write batches at once

    @property
    def by_name(self) -> dict[str, Json]:
        """`{id, name, slug}` by lower-case name; empty if the key may not see them."""
        with self._lock:
            if self._found is None:
                try:
                    listed = list(self._every("/products/attributes"))
                except StorePermanentError:
                    listed = []
                self._found = {
                    name_of(row.get("name")).casefold(): {
                        "id": row["id"],
                        "name": name_of(row.get("name")),
                        "slug": text(row.get("slug")).casefold(),
                    }
                    for row in listed
                    if row.get("id") and row.get("name")
                }
            return self._found

    def names(self) -> dict[str, str]:
        """Lower-case names and slugs, each with the name of its text (`attributes.<name>`)."""
        found: dict[str, str] = {}
        for key, own in self.by_name.items():
            field = f"attributes.{own['name']}"
            found |= {name: field for name in (own["slug"], own["slug"].removeprefix("pa_"), key) if name}
        return found

    def for_pushes(self, pushes: Iterable[Push]) -> dict[str, Json]:
        """The attributes that these pushes add to products, by lower-case name.
        `terms` are their values by such names."""
        wanted: set[str] = set()
        for push in pushes:
            there = {name_of(a.get("name")).casefold() for a in rows(push.current.raw.get("attributes"))}
            given = {f.removeprefix("attributes.").casefold() for f, v in push.texts.items() if _attribute(f) and v}
            wanted |= given - there
        return {name: self._with_terms(own) for name in wanted if (own := self.by_name.get(name))} if wanted else {}

    def _with_terms(self, own: Json) -> Json:
        if "terms" not in own:
            listed = [name_of(t.get("name")) for t in self._every(f"/products/attributes/{own['id']}/terms")]
            own["terms"] = {name.casefold(): name for name in listed}
        return own


def _attribute(field: str) -> bool:
    return field.startswith("attributes.")
