"""Writing to WooCommerce: batches with a result for each entry."""

import time
from collections.abc import Callable

from integrations.stores.errors import ConcurrentEdit, LostAnswer, Missing, Rejected, StoreError, TooMuch
from integrations.stores.http import StoreHTTP
from integrations.stores.types import Push, Pushed, Ref
from integrations.stores.woocommerce import mapping, places
from integrations.stores.woocommerce.own_attributes import OwnAttributes
from integrations.stores.woocommerce.tags import Tags
from integrations.stores.woocommerce.values import API
from integrations.stores.wordpress import guard
from scribe.messages import _
from scribe.types import Json

LONGEST_TURN = 1.0  # seconds between the read of an item and its write; after more, ask again whether it changed
CHANGED = _("It was changed in the store while we were updating it. Sync again.")
Entry = Callable[[Push, dict[str, str]], Json]


class Writer:
    """The writes of one push. They are never repeated here: after a lost answer the caller reads the store first."""

    def __init__(self, http: StoreHTTP, *, plugin: str | None, own: OwnAttributes, tags: Tags) -> None:
        self.http, self.plugin, self.own, self.tags = http, plugin, own, tags

    def products(self, pushes: list[Push]) -> dict[Ref, Pushed]:
        if not pushes:
            return {}
        tag_ids, own = self.tags.ids(pushes), self.own.for_pushes(pushes)
        return self._write(
            "/products",
            pushes,
            lambda push, skipped: mapping.update(push, plugin=self.plugin, tag_ids=tag_ids, own=own, skipped=skipped),
        )

    def categories(self, pushes: list[Push]) -> dict[Ref, Pushed]:
        return self._write("/products/categories", pushes, _category_update) if pushes else {}

    def _write(self, path: str, pushes: list[Push], entry: Entry) -> dict[Ref, Pushed]:
        """Write one batch and return each item's result. If the batch is too large, write two halves."""
        skipped: dict[Ref, dict[str, str]] = {push.ref: {} for push in pushes}
        entries = [entry(push, skipped[push.ref]) | guard.condition_of(push.current.raw) for push in pushes]
        try:
            rows = self._batch(path, entries)
        except Missing:  # a plugin has switched batches off
            rows = self._singly(path, pushes, entries)
        except TooMuch:
            if len(pushes) == 1:
                raise
            half = len(pushes) // 2
            return self._write(path, pushes[:half], entry) | self._write(path, pushes[half:], entry)
        by_id = {mapping.text(row.get("id")): row for row in rows}
        nothing = {"error": {"message": _("The store did not answer for this item."), "data": {"status": 500}}}
        return {
            push.ref: self._result(push, by_id.get(mapping.text(push.current.raw["id"]), nothing), skipped[push.ref])
            for push in pushes
        }

    def _batch(self, path: str, entries: list[Json]) -> list[Json]:
        answer = self.http.json("POST", f"{API}{path}/batch", json={"update": entries}, timeout=120, repeatable=False)
        return mapping.rows(answer.get("update"))

    def _singly(self, path: str, pushes: list[Push], entries: list[Json]) -> list[Json]:
        """Write one by one. That takes a while, so an item that was read too long ago is checked before its write."""
        began = time.monotonic()
        rows = []
        for push, entry in zip(pushes, entries, strict=True):
            late = time.monotonic() - began > LONGEST_TURN and not guard.holds([push])
            rows.append(
                {"id": entry["id"], "moved": True} if late and self._moved(path, push) else self._single(path, entry)
            )
        return rows

    def _moved(self, path: str, push: Push) -> bool:
        """Whether somebody changed the item since it was read: by a product's stamp, or by a category's texts."""
        before = push.current.raw
        shown = "date_modified_gmt" if push.current.modified else "name,description,slug"
        try:
            row = self.http.json("GET", f"{API}{path}/{before['id']}", params={"context": "edit", "_fields": shown})
        except (Missing, Rejected):
            return True
        return not isinstance(row, dict) or any(row.get(key) != before.get(key) for key in shown.split(","))

    def _single(self, path: str, entry: Json) -> Json:
        body = {k: v for k, v in entry.items() if k != "id"}
        try:
            row = self.http.json("PUT", f"{API}{path}/{entry['id']}", json=body, timeout=60, repeatable=False)
        except (Missing, Rejected) as error:
            code = "invalid_id" if isinstance(error, Missing) else str(error.details.get("store_code") or error.code)
            return {"id": entry["id"], "error": {"code": code, "message": error.message}}
        return row if isinstance(row, dict) else {}

    def _result(self, push: Push, row: Json, skipped: dict[str, str]) -> Pushed:
        if row.get("moved"):
            return Pushed(push.ref, error=ConcurrentEdit(CHANGED))
        error = row.get("error")
        if isinstance(error, dict):
            return Pushed(push.ref, skipped=skipped, error=_item_error(error))
        there = mapping.texts(row, plugin=self.plugin, meta_keys=places.chosen_keys(push))
        return Pushed(push.ref, {f: there.get(f, "") for f in push.texts if f not in skipped}, skipped)


def _category_update(push: Push, skipped: dict[str, str]) -> Json:
    names = {"name": "name", "description": "description", "seo.slug": "slug"}
    skipped.update({f: _("WooCommerce categories have no field for it.") for f in push.texts if f not in names})
    body = {names[f]: mapping.wire(str(v)) for f, v in push.texts.items() if f in names}
    return {"id": int(push.current.raw["id"]), **body}


def _item_error(error: Json) -> StoreError:
    code, message = mapping.text(error.get("code")), mapping.text(error.get("message"))
    if refusal := guard.refusal(code, error.get("data")):
        return refusal
    if "invalid_id" in code or "term_invalid" in code:
        return Missing(_("The product is no longer in the store."), store_code=code)
    data = error.get("data")
    if isinstance(data, dict) and str(data.get("status") or "").startswith(
        "5"
    ):  # the change may have been saved nevertheless
        return LostAnswer(message or _("The store had an internal error."), sent=True, store_code=code)
    return Rejected(message or _("WooCommerce rejected the change."), store_code=code)
