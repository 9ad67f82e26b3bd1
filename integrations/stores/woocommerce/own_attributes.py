"""The shop's own attributes (WooCommerce's global ones), which its filters work by: their names, and their values.

https://woocommerce.github.io/woocommerce-rest-api-docs/#product-attributes
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from integrations.stores.errors import StorePermanentError
from integrations.stores.types import Push
from integrations.stores.woocommerce.values import name_of, rows, text


class OwnAttributes:
    """Read once per client; the values only of those that a push needs. `every(path)` yields all rows of a list."""

    def __init__(self, every: Callable[[str], Iterable[dict[str, Any]]]) -> None:
        self._every = every
        self._found: dict[str, dict[str, Any]] | None = None
        self._lock = threading.Lock()  # several batches are written at a time

    @property
    def by_name(self) -> dict[str, dict[str, Any]]:
        """`{id, name, slug}` by lower-case name; none where the key may not see them."""
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
        """Names and slugs in lower case, each with the text that it stands for."""
        found: dict[str, str] = {}
        for key, own in self.by_name.items():
            field = f"attributes.{own['name']}"
            found |= {name: field for name in (own["slug"], own["slug"].removeprefix("pa_"), key) if name}
        return found

    def for_pushes(self, pushes: Iterable[Push]) -> dict[str, dict[str, Any]]:
        """The attributes that these pushes put on products that lack them, with `terms`, their values by lower-case name."""
        wanted: set[str] = set()
        for push in pushes:
            there = {name_of(a.get("name")).casefold() for a in rows(push.current.raw.get("attributes"))}
            given = {f.removeprefix("attributes.").casefold() for f, v in push.texts.items() if _attribute(f) and v}
            wanted |= given - there
        return {name: self._with_terms(own) for name in wanted if (own := self.by_name.get(name))} if wanted else {}

    def _with_terms(self, own: dict[str, Any]) -> dict[str, Any]:
        if "terms" not in own:
            listed = [name_of(t.get("name")) for t in self._every(f"/products/attributes/{own['id']}/terms")]
            own["terms"] = {name.casefold(): name for name in listed}
        return own


def _attribute(field: str) -> bool:
    return field.startswith("attributes.")
