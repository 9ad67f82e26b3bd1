"""Writing to WooCommerce: batches with a result for each entry, and the tags that they need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from integrations.stores import texts as reading
from integrations.stores.errors import Missing, Rejected, StoreError, TooMuch
from integrations.stores.http import StoreHTTP
from integrations.stores.types import Push, Pushed, Ref
from integrations.stores.woocommerce import mapping
from integrations.stores.woocommerce.own_attributes import OwnAttributes

API = "/wp-json/wc/v3"
Entry = Callable[[Push, dict[str, str]], dict[str, Any]]


class Writer:
    """One push. Writes are not repeated by themselves: whoever lost an answer looks first."""

    def __init__(self, http: StoreHTTP, *, plugin: str | None, meta_keys: list[str], own: OwnAttributes) -> None:
        self.http, self.plugin, self.meta_keys, self.own = http, plugin, meta_keys, own

    def products(self, pushes: list[Push]) -> dict[Ref, Pushed]:
        if not pushes:
            return {}
        tag_ids, own = self._tag_ids(pushes), self.own.for_pushes(pushes)
        return self._write(
            "/products",
            pushes,
            lambda push, skipped: mapping.update(push, plugin=self.plugin, tag_ids=tag_ids, own=own, skipped=skipped),
        )

    def categories(self, pushes: list[Push]) -> dict[Ref, Pushed]:
        return self._write("/products/categories", pushes, _category_update) if pushes else {}

    def _write(self, path: str, pushes: list[Push], entry: Entry) -> dict[Ref, Pushed]:
        """One batch; each entry has its own result, in order, also when it was refused. Too large: two halves."""
        skipped: dict[Ref, dict[str, str]] = {push.ref: {} for push in pushes}
        entries = [entry(push, skipped[push.ref]) for push in pushes]
        try:
            rows = self._batch(path, entries)
        except TooMuch:
            if len(pushes) == 1:
                raise
            half = len(pushes) // 2
            return self._write(path, pushes[:half], entry) | self._write(path, pushes[half:], entry)
        by_id = {mapping.text(row.get("id")): row for row in rows}
        nothing = {"error": {"message": "The store did not answer for this item."}}
        return {
            push.ref: self._result(push, by_id.get(mapping.text(push.current.raw["id"]), nothing), skipped[push.ref])
            for push in pushes
        }

    def _batch(self, path: str, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        try:
            answer = self.http.json(
                "POST", f"{API}{path}/batch", json={"update": entries}, timeout=120, repeatable=False
            )
        except Missing:  # a plugin has switched batches off
            return [self._single(path, entry) for entry in entries]
        return mapping.rows(answer.get("update"))

    def _single(self, path: str, entry: dict[str, Any]) -> dict[str, Any]:
        body = {k: v for k, v in entry.items() if k != "id"}
        try:
            row = self.http.json("PUT", f"{API}{path}/{entry['id']}", json=body, timeout=60, repeatable=False)
        except (Missing, Rejected) as error:
            code = "invalid_id" if isinstance(error, Missing) else error.code
            return {"id": entry["id"], "error": {"code": code, "message": error.message}}
        return row if isinstance(row, dict) else {}

    def _result(self, push: Push, row: dict[str, Any], skipped: dict[str, str]) -> Pushed:
        error = row.get("error")
        if isinstance(error, dict):
            return Pushed(push.ref, skipped=skipped, error=_item_error(error))
        held = mapping.texts(row, plugin=self.plugin, meta_keys=self.meta_keys)
        return Pushed(push.ref, {f: held.get(f, "") for f in push.texts if f not in skipped}, skipped)

    def _tag_ids(self, pushes: Sequence[Push]) -> dict[str, int]:
        """Ids by lower-case name of all tags wanted: those the products carry, and the rest made or found at once."""
        known: dict[str, int] = {}
        wanted: dict[str, str] = {}
        for push in pushes:
            for tag in mapping.rows(push.current.raw.get("tags")):
                known[mapping.name_of(tag.get("name")).casefold()] = int(tag["id"])
            for name in push.texts.get("tags", []):
                wanted[name.casefold()] = name
        missing = [name for key, name in wanted.items() if key not in known]
        for start in range(0, len(missing), 100):
            names = missing[start : start + 100]
            for name, row in zip(names, self._tags(names), strict=False):
                # An existing tag answers term_exists with its id, so one call makes and finds.
                found = row.get("id") or ((row.get("error") or {}).get("data") or {}).get("resource_id")
                if found:
                    known[name.casefold()] = int(found)
        return known

    def _tags(self, names: list[str]) -> list[dict[str, Any]]:
        body = {"create": [{"name": reading.as_html(name)} for name in names]}
        try:
            answer = self.http.json("POST", f"{API}/products/tags/batch", json=body, timeout=60)
        except Missing:
            return [self._tag(name) for name in names]
        return mapping.rows(answer.get("create"))

    def _tag(self, name: str) -> dict[str, Any]:
        try:
            row = self.http.json("POST", f"{API}/products/tags", json={"name": reading.as_html(name)})
        except Rejected as error:
            return {"id": 0, "error": {"data": error.details.get("data")}}
        return row if isinstance(row, dict) else {}


def _category_update(push: Push, skipped: dict[str, str]) -> dict[str, Any]:
    names = {"name": "name", "description": "description", "seo.slug": "slug"}
    skipped.update({f: "WooCommerce categories have no place for it." for f in push.texts if f not in names})
    body = {names[f]: mapping.wire(str(v)) for f, v in push.texts.items() if f in names}
    return {"id": int(push.current.raw["id"]), **body}


def _item_error(error: dict[str, Any]) -> StoreError:
    code, message = mapping.text(error.get("code")), mapping.text(error.get("message"))
    if "invalid_id" in code or "term_invalid" in code:
        return Missing("The product is no longer in the store.", store_code=code)
    return Rejected(message or "WooCommerce refused the change.", store_code=code)
