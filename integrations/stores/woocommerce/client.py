"""WooCommerce, REST v3: https://woocommerce.github.io/woocommerce-rest-api-docs/."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.functional import cached_property

from integrations.stores.errors import Missing, NotAuthorized, PermanentError, Rejected
from integrations.stores.http import Pause, StoreHTTP
from integrations.stores.interface import Store, WithPlacement
from integrations.stores.types import (
    NO_PLACEMENT,
    Credentials,
    Current,
    Filters,
    Option,
    Page,
    Placement,
    Platform,
    Push,
    Pushed,
    Ref,
    StoreInfo,
    StoreItem,
    Text,
)
from integrations.stores.woocommerce import mapping
from integrations.stores.woocommerce.writing import API, Writer
from integrations.stores.wordpress import kses

STATUSES = ("publish", "draft", "pending", "private", "future")
TYPES = ("simple", "variable", "grouped", "external")
STOCK = {"instock": "In stock", "outofstock": "Out of stock", "onbackorder": "On backorder"}
ITEM_TYPES = {"product": "Products", "category": "Categories"}
PARAMETERS = {
    "categories": "category",
    "tags": "tag",
    "statuses": "status",
    "types": "type",
    "stock_statuses": "stock_status",
}
JOINED = frozenset(("categories", "tags"))  # one parameter takes several ids; the others are asked for one by one


class WooHTTP(StoreHTTP):
    """Basic authentication; where a server drops that header, the same pair goes in the query (over https)."""

    def __init__(self, credentials: Credentials, pause: Pause) -> None:
        pair = f"{credentials.consumer_key}:{credentials.consumer_secret}".encode()
        self.credentials = credentials
        self.in_query = False
        header = {"Authorization": "Basic " + base64.b64encode(pair).decode()}
        super().__init__(
            credentials.base_url, sign=lambda method, url, params: {} if self.in_query else header, pause=pause
        )

    def call(self, method: str, path: str, **kwargs: Any) -> Any:
        if self.in_query:
            return super().call(method, path, **{**kwargs, "params": self._with_keys(kwargs.get("params"))})
        try:
            return super().call(method, path, **kwargs)
        except NotAuthorized as error:
            # Signed in as nobody: the header did not arrive. With a wrong key the code is another.
            if (
                error.status != 401
                or error.details.get("store_code") not in UNSIGNED
                or not self.base_url.startswith("https")
            ):
                raise
        answer = super().call(method, path, **{**kwargs, "params": self._with_keys(kwargs.get("params"))})
        self.in_query = True
        return answer

    def _with_keys(self, params: Any) -> list[tuple[str, Any]]:
        pairs = list(params.items()) if hasattr(params, "items") else list(params or [])
        keys = self.credentials
        return [*pairs, ("consumer_key", keys.consumer_key), ("consumer_secret", keys.consumer_secret)]

    def refusal(self, status: int, code: str, text: str) -> str:
        if "write permission" in text or code in (
            "woocommerce_rest_cannot_edit",
            "woocommerce_rest_cannot_create",
            "woocommerce_rest_cannot_batch",
        ):
            return "The key may read but not write. Make a WooCommerce key with read/write permission."
        return "WooCommerce refuses the consumer key or secret."


LOOKED_UP_SINGLY = 10
UNSIGNED = frozenset(("woocommerce_rest_cannot_view", "rest_forbidden", "rest_not_logged_in"))


class WooCommerce(WithPlacement, Store):
    platform = Platform.WOOCOMMERCE
    html_fields = frozenset(("name", "description", "short_description"))

    def __init__(
        self, credentials: Credentials, *, placement: Placement = NO_PLACEMENT, pause: Pause = time.sleep
    ) -> None:
        self.http = WooHTTP(credentials, pause)
        self.place(placement)

    # --- who is there

    def test(self) -> StoreInfo:
        root = self._root
        namespaces = root.get("namespaces")
        if isinstance(namespaces, list) and not any(str(n).startswith("wc/v") for n in namespaces):
            raise PermanentError(
                "The site answers, but WooCommerce is not active on it.", code="woocommerce_not_active"
            )
        self._get("/products", per_page=1, _fields="id")
        home = mapping.text(root.get("home") or root.get("url")).rstrip("/")
        media = f"{home}/wp-content/uploads" if home else ""
        return StoreInfo(mapping.text(root.get("name")), media, {"seo_plugin": self.plugin or "none"})

    @cached_property
    def _root(self) -> dict[str, Any]:
        """The site's index: its name and what is installed; {} where a plugin hides it."""
        try:
            found = self.http.json("GET", "/wp-json/", params={"_fields": "name,url,home,namespaces"})
        except Missing:
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def plugin(self) -> str:
        """The SEO plugin that is active, "" when none shows; a project's setting decides over it."""
        if self.placement.seo_plugin in mapping.PLUGINS:
            return self.placement.seo_plugin
        names = [str(n) for n in self._root.get("namespaces") or []]
        if any(n.startswith("rankmath/") for n in names):
            return "rank_math"
        return "yoast" if any(n.startswith("yoast/") for n in names) else ""

    # --- import

    def filter_keys(self) -> frozenset[str]:
        return frozenset((*PARAMETERS, "item_types"))

    def filters(self) -> dict[str, list[Option]]:
        return {
            "categories": self._terms("/products/categories"),
            "tags": self._terms("/products/tags"),
            "statuses": [Option(s, s.capitalize()) for s in STATUSES],
            "types": [Option(t, t.capitalize()) for t in TYPES],
            "stock_statuses": [Option(k, v) for k, v in STOCK.items()],
            "item_types": [Option(k, v) for k, v in ITEM_TYPES.items()],
        }

    def _terms(self, path: str) -> list[Option]:
        found = self._all(path, per_page=100, _fields="id,name", orderby="name")
        return [Option(mapping.text(t.get("id")), mapping.text(t.get("name"))) for t in found]

    def count(self, filters: Filters) -> int:
        total = 0
        for path, params in self._parts(filters):
            _, response = self.http.call("GET", API + path, params={**params, "per_page": 1, "_fields": "id"})
            header = response.headers.get("X-WP-Total", "")
            # Some proxies strip the header; then only walking the pages tells.
            total += (
                int(header)
                if header.isdigit()
                else sum(1 for _ in self._all(path, **params, per_page=100, _fields="id"))
            )
        return total

    def _parts(self, filters: Filters) -> list[tuple[str, dict[str, Any]]]:
        """The walks that together give what the filters ask for: WooCommerce takes one status or type at a time."""
        kinds = filters.get("item_types") or ["product"]
        walks: list[dict[str, Any]] = [{"status": "any"}]
        for key, parameter in PARAMETERS.items():
            if values := filters.get(key):
                choices = [",".join(values)] if key in JOINED else values
                walks = [{**walk, parameter: choice} for walk in walks for choice in choices]
        parts = [("/products", walk) for walk in walks] if "product" in kinds else []
        return parts + ([("/products/categories", {})] if "category" in kinds else [])

    def page(self, filters: Filters, cursor: str | None) -> Page:
        """`cursor` is `part:page`. Ordered by id, so that nothing moves between pages when products are edited."""
        part, number = (int(n) for n in (cursor or "0:1").split(":"))
        parts = self._parts(filters)
        path, params = parts[part]
        products = path == "/products"
        order = {"orderby": "id", "order": "asc", "page": number, "per_page": self.page_size}
        trim = {"_fields": mapping.LIST_FIELDS, "context": "edit"} if products else {}
        found, response = self.http.call("GET", API + path, params={**params, **order, **trim})
        listed = mapping.rows(found)
        items = self._products(listed) if products else [mapping.category(row) for row in listed]
        pages = response.headers.get("X-WP-TotalPages", "")
        more = number < int(pages) if pages.isdigit() else len(listed) == self.page_size
        if more:
            return Page(items, f"{part}:{number + 1}")
        return Page(items, f"{part + 1}:1" if part + 1 < len(parts) else None)

    def _products(self, listed: list[dict[str, Any]]) -> list[StoreItem]:
        items: list[StoreItem] = []
        for row in listed:
            items.append(
                mapping.product(
                    row, plugin=self.placement.seo_plugin if self.placement.seo_plugin in mapping.PLUGINS else ""
                )
            )
            if row.get("variations"):
                path = f"/products/{row['id']}/variations"
                items += [mapping.variation(v, row) for v in self._all(path, per_page=100, context="edit")]
        return items

    # --- sync

    def missing_place(self, field: str, item_type: str) -> str:
        if item_type == "category" and field not in ("name", "description", "seo.slug"):
            return "WooCommerce categories have no place for it."
        if item_type == "variant" and field != "description":
            return "WooCommerce variations take their texts from their product."
        if item_type in ("page", "post"):
            return "WooCommerce has no pages or posts of its own."
        return ""

    def fetch_texts(self, refs: Sequence[Ref]) -> dict[Ref, Current]:
        """By id; what came from a file without ids is found by its SKU."""
        found: dict[Ref, Current] = {}
        products = [ref for ref in refs if ref.item_type == "product"]
        by_id = {ref.external_id: ref for ref in products if ref.external_id.isdigit()}
        by_sku = {ref.sku or ref.external_id: ref for ref in products if not ref.external_id.isdigit()}
        shown = {"status": "any", "context": "edit", "_fields": mapping.READ_FIELDS + ",sku"}
        if by_id:
            for row in self._rows("/products", include=",".join(by_id), per_page=len(by_id), **shown):
                self._found(found, by_id.get(mapping.text(row.get("id"))), row)
            missing = [ref for ref in by_id.values() if ref not in found]
            for ref in missing[:LOOKED_UP_SINGLY]:  # some plugins tamper with lists
                self._one(found, ref)
        if by_sku:
            for row in self._rows("/products", sku=",".join(by_sku), per_page=100, **shown):
                if row.get("type") != "variation":
                    self._found(found, by_sku.get(mapping.text(row.get("sku"))), row)
        categories = {ref.external_id: ref for ref in refs if ref.item_type == "category"}
        if categories:
            asked = {"include": ",".join(categories), "per_page": len(categories), "context": "edit"}
            for row in self._rows("/products/categories", **asked):
                self._found(found, categories.get(mapping.text(row.get("id"))), row)
        return found

    def _one(self, found: dict[Ref, Current], ref: Ref) -> None:
        try:
            row = self._get(f"/products/{ref.external_id}", context="edit")
        except (Missing, Rejected):
            return
        if isinstance(row, dict) and row.get("status") != "trash":
            self._found(found, ref, row)

    def _found(self, found: dict[Ref, Current], ref: Ref | None, row: dict[str, Any]) -> None:
        if ref is not None:
            found[ref] = mapping.current(row, plugin=self.plugin, meta_keys=self.placement.meta_keys)

    def stamps(self, refs: Sequence[Ref]) -> dict[Ref, str]:
        by_id = {ref.external_id: ref for ref in refs if ref.item_type == "product" and ref.external_id.isdigit()}
        if not by_id:
            return {}
        asked = {"include": ",".join(by_id), "per_page": len(by_id), "status": "any"}
        rows = self._rows("/products", **asked, _fields="id,date_modified_gmt")
        found = {by_id.get(mapping.text(row.get("id"))): mapping.text(row.get("date_modified_gmt")) for row in rows}
        return {ref: stamp for ref, stamp in found.items() if ref is not None}

    def unwritable(self, push: Push) -> dict[str, str]:
        skipped: dict[str, str] = {}
        wanted = {f.removeprefix("attributes."): v for f, v in push.texts.items() if f.startswith("attributes.")}
        if wanted and push.ref.item_type == "product":
            mapping.merge_attributes(push.current.raw, wanted, skipped)
        return skipped

    def lost(self, field: str, text: Text) -> str:
        return kses.lost(str(text)) if field in self.html_fields else ""

    def push(self, batch: Sequence[Push]) -> list[Pushed]:
        writer = Writer(self.http, plugin=self.plugin, meta_keys=self.placement.meta_keys)
        done = writer.products([p for p in batch if p.ref.item_type == "product"])
        done |= writer.categories([p for p in batch if p.ref.item_type == "category"])
        nowhere = Rejected("WooCommerce variations take their texts from their product.", code="no_place")
        return [done.get(p.ref) or Pushed(p.ref, error=nowhere) for p in batch]

    # --- calls

    def _get(self, path: str, **params: Any) -> Any:
        return self.http.json("GET", API + path, params=params)

    def _rows(self, path: str, **params: Any) -> list[dict[str, Any]]:
        return mapping.rows(self._get(path, **params))

    def _all(self, path: str, **params: Any) -> Iterable[dict[str, Any]]:
        number = 1
        while True:
            found = mapping.rows(self._get(path, **params, page=number))
            yield from found
            if len(found) < int(params["per_page"]):
                return
            number += 1
