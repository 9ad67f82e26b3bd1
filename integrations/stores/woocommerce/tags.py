"""The shop's tags: ids for names. Missing tags are created, and deleted again when no product has them after an undo.

https://woocommerce.github.io/woocommerce-rest-api-docs/#product-tags
"""

from collections.abc import Mapping, Sequence

from integrations.stores import texts
from integrations.stores.errors import Missing, Rejected
from integrations.stores.http import StoreHTTP
from integrations.stores.types import Push
from integrations.stores.woocommerce.values import API, name_of, rows, text
from scribe.types import Json

AT_ONCE = 100
MOST_USES = 100  # products on one page; after a full page there may be more


class Tags:
    def __init__(self, http: StoreHTTP) -> None:
        self.http = http
        self.made: dict[str, str] = {}  # ids by lower-case name of the tags that this client has created
        self.found: dict[str, int] = {}  # ids by lower-case name of the tags that it has created or found

    def ids(self, pushes: Sequence[Push]) -> dict[str, int]:
        """Ids by lower-case name of the products' tags and all wanted ones. Creates missing tags. May be repeated."""
        known = dict(self.found)
        wanted: dict[str, str] = {}
        for push in pushes:
            for tag in rows(push.current.raw.get("tags")):
                known[name_of(tag.get("name")).casefold()] = int(tag["id"])
            for name in push.texts.get("tags", []):
                wanted[name.casefold()] = name
        missing = [name for key, name in wanted.items() if key not in known]
        for start in range(0, len(missing), AT_ONCE):
            names = missing[start : start + AT_ONCE]
            for name, row in zip(names, self._create(names), strict=False):
                key = name.casefold()
                # For an existing tag the answer is term_exists with its id, so one call creates or finds a tag.
                found = row.get("id") or ((row.get("error") or {}).get("data") or {}).get("resource_id")
                if found:
                    known[key] = self.found[key] = int(found)
                if row.get("id"):
                    self.made[key] = text(row["id"])
        return known

    def _create(self, names: list[str]) -> list[Json]:
        body = {"create": [{"name": texts.as_html(name)} for name in names]}
        try:
            answer = self.http.json("POST", f"{API}/products/tags/batch", json=body, timeout=60)
        except Missing:
            return [self._create_one(name) for name in names]
        return rows(answer.get("create"))

    def _create_one(self, name: str) -> Json:
        try:
            row = self.http.json("POST", f"{API}/products/tags", json={"name": texts.as_html(name)})
        except Rejected as error:
            return {"id": 0, "error": {"data": error.details.get("data")}}
        return row if isinstance(row, dict) else {}

    def drop(self, made: Mapping[str, str]) -> None:
        """Delete those of these tags (id -> name) that are unchanged and that no product has, even in the trash."""
        ids = list(made)
        for start in range(0, len(ids), AT_ONCE):
            free = self._unused(ids[start : start + AT_ONCE], made)
            if free:
                self._delete(free)

    def _unused(self, ids: list[str], made: Mapping[str, str]) -> list[int]:
        asked = {"include": ",".join(ids), "per_page": len(ids), "_fields": "id,name,description"}
        found = rows(self.http.json("GET", f"{API}/products/tags", params=asked))
        same = [
            text(row.get("id"))
            for row in found
            if name_of(row.get("name")).casefold() == made.get(text(row.get("id")), "").casefold()
            and not row.get("description")
        ]
        used = {pk for status in ("any", "trash") for pk in self._used(same, status)}
        return [int(pk) for pk in same if pk not in used]

    def _used(self, ids: list[str], status: str) -> set[str]:
        """Those of `ids` that products with this status have."""
        if not ids:
            return set()
        asked = {"tag": ",".join(ids), "status": status, "per_page": MOST_USES, "_fields": "id,tags"}
        found = rows(self.http.json("GET", f"{API}/products", params=asked))
        if len(found) < MOST_USES:
            return {text(tag.get("id")) for row in found for tag in rows(row.get("tags"))}
        if len(ids) == 1:
            return set(ids)
        half = len(ids) // 2
        return self._used(ids[:half], status) | self._used(ids[half:], status)

    def _delete(self, ids: list[int]) -> None:
        try:
            self.http.json("POST", f"{API}/products/tags/batch", json={"delete": ids}, timeout=60)
        except Missing:  # a plugin has switched batches off
            for pk in ids:
                self._delete_one(pk)

    def _delete_one(self, pk: int) -> None:
        try:
            self.http.json("DELETE", f"{API}/products/tags/{pk}", params={"force": "true"})
        except Missing:
            return
