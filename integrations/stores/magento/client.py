"""Magento 2 and Adobe Commerce, REST V1: https://developer.adobe.com/commerce/webapi/rest/.

We page by entity id, because Magento answers a page past the end with the last one.
"""

import time
from collections.abc import Collection, Iterator, Sequence
from typing import Self

from django.utils.functional import cached_property

from integrations.stores import errors, paging, types
from integrations.stores.http import Pause
from integrations.stores.interface import Store, WithPlacement
from integrations.stores.magento import criteria, mapping, single_writes, translations
from integrations.stores.magento.attributes import KEPT, Attributes
from integrations.stores.magento.criteria import search
from integrations.stores.magento.http import GLOBAL, MagentoHTTP
from integrations.stores.magento.views import StoreViews
from integrations.stores.misshapen import each
from scribe.http.client import Params
from scribe.messages import _
from scribe.types import Json, JsonValue

TYPES = ("simple", "configurable", "virtual", "bundle", "grouped", "downloadable")
VISIBILITY = {"1": "Not visible individually", "2": "Catalog", "3": "Search", "4": "Catalog and search"}
STATUSES = {"1": "Enabled", "2": "Disabled"}
FIELDS = {
    "categories": "category_id",
    "statuses": "status",
    "types": "type_id",
    "visibility": "visibility",
    "attribute_sets": "attribute_set_id",
}


class MagentoStore(WithPlacement, Store):
    http: MagentoHTTP
    field_places = mapping.PLACES
    translations_inherit = True
    page_size = 200
    read_size = 100
    batch_size = 10  # single PUTs: bulk calls need a queue consumer and had scope faults in some versions
    concurrency = 2
    one_by_one = True

    def __init__(
        self,
        credentials: types.Credentials,
        *,
        placement: types.Placement = types.NO_PLACEMENT,
        pause: Pause = time.sleep,
        store_view: str = "",
    ) -> None:
        self.http = MagentoHTTP(credentials, pause)
        self.place(placement)
        self.store_view = "" if store_view == GLOBAL else store_view
        self._media = credentials.media_base_url.rstrip("/")
        self.attributes = Attributes(self._attribute_rows)
        self._views = StoreViews(self.http, self.attributes)

    @classmethod
    def opened(cls, credentials: types.Credentials, opening: types.Opening) -> Self:
        return cls(credentials, placement=opening.placement, pause=opening.pause, store_view=opening.store_view)

    def _get(self, route: str, params: Params = None, *, scope: str = "") -> JsonValue:
        return self.http.get(route, params, scope=scope or self.store_view)

    # --- connection test

    def test(self) -> types.StoreInfo:
        configs = self._get("/store/storeConfigs")
        if not isinstance(configs, list):
            raise errors.StorePermanentError(
                _("There is no Magento at this address. Check the address."), code="store_not_recognized"
            )
        views = {str(v.get("code")): str(v.get("name") or v.get("code")) for v in self._get("/store/storeViews") or []}
        self._get("/products", search({}, 1, fields="items[sku],total_count"))
        shown = [c for c in configs if str(c.get("code")) != "admin"] or configs
        first = next(
            (c for c in shown if str(c.get("code")) in (self.store_view, "default")), shown[0] if shown else {}
        )
        media = str(first.get("secure_base_media_url") or first.get("base_media_url") or "").rstrip("/")
        details = {
            "store_views": {k: v for k, v in views.items() if k != "admin"},
            "base_url": first.get("secure_base_url") or "",
        }
        return types.StoreInfo(views.get(str(first.get("code")), ""), media, details)

    @cached_property
    def _config(self) -> Json:
        """The settings of the project's store view, else of the first view."""
        configs = self._get("/store/storeConfigs")
        listed = [c for c in configs if isinstance(c, dict)] if isinstance(configs, list) else []
        return next((c for c in listed if c.get("code") == self.store_view), listed[0] if listed else {})

    @cached_property
    def media(self) -> str:
        return self._media or str(self._config.get("secure_base_media_url") or "").rstrip("/")

    @property
    def _weight_unit(self) -> str:
        unit = str(self._config.get("weight_unit") or "")
        return {"kgs": "kg", "lbs": "lb"}.get(unit, unit)

    def _attribute_rows(self) -> list[Json]:
        fields = "items[attribute_code,default_frontend_label,frontend_input,options],total_count"
        return self.http.listed("/products/attributes", fields, scope=self.store_view)

    @cached_property
    def category_names(self) -> dict[str, str]:
        return {
            str(c.get("id") or ""): str(c.get("name") or "") for c in self._category_rows("items[id,name],total_count")
        }

    def _category_rows(self, fields: str = "") -> list[Json]:
        return self.http.listed("/categories/list", fields, scope=self.store_view)

    # --- import

    def filter_keys(self) -> frozenset[str]:
        return frozenset((*FIELDS, "item_types"))

    def filters(self) -> dict[str, list[types.Option]]:
        sets = criteria.rows_of(self._get("/products/attribute-sets/sets/list", search({}, 300)))
        return {
            "categories": [types.Option(k, v) for k, v in self.category_names.items()],
            "statuses": [types.Option(k, v) for k, v in STATUSES.items()],
            "types": [types.Option(t, t.capitalize()) for t in TYPES],
            "visibility": [types.Option(k, v) for k, v in VISIBILITY.items()],
            "attribute_sets": [
                types.Option(str(s.get("attribute_set_id") or ""), str(s.get("attribute_set_name") or "")) for s in sets
            ],
            "item_types": [types.Option("product", "Products"), types.Option("category", "Categories")],
        }

    def _groups(self, filters: types.Filters) -> dict[str, tuple[str, str]]:
        return {FIELDS[k]: ("in", ",".join(v)) for k, v in filters.items() if k in FIELDS and v}

    def count(self, filters: types.Filters) -> int:
        kinds = filters.get("item_types") or ["product"]
        total = 0
        if "product" in kinds:
            found = self._get("/products", search(self._groups(filters), 1, fields="total_count"))
            total += criteria.total_of(found) or len(criteria.rows_of(found))
        return total + (len(self._category_rows("items[id],total_count")) if "category" in kinds else 0)

    def page(self, filters: types.Filters, cursor: str | None) -> types.ItemPage:
        """See the base class. `cursor` is the last entity id seen, or `categories`."""
        kinds = filters.get("item_types") or ["product"]
        if cursor == "categories" or "product" not in kinds:
            return types.ItemPage(each(self._category_rows(), "category", mapping.category), None)
        groups = self._groups(filters)
        last = cursor or "0"
        found = self._first({**groups, "entity_id": ("gt", last)})
        rows = criteria.rows_of(found)
        items = each(rows, "product", self._item)
        if groups:  # without filters the pages contain all children anyway
            items += self._children(rows)
        if len(rows) < self.page_size or criteria.is_last(found, len(rows), self.page_size):
            return types.ItemPage(items, "categories" if "category" in kinds else None)
        following = str(rows[-1].get("id") or "")
        if following in ("", last):
            raise errors.StorePermanentError(paging.SAME_PAGE, code="store_repeats_pages")
        return types.ItemPage(items, following)

    def _first(self, groups: dict[str, tuple[str, str]]) -> Json:
        """The first page of the matches. If the shop limits the size, this and all later pages become smaller."""
        while True:
            try:
                found = self._get("/products", search(groups, self.page_size, order="entity_id"))
            except (errors.TooMuch, errors.Rejected):
                if self.page_size <= 20:
                    raise
                self.page_size //= 2
            else:
                if not isinstance(found, dict) or "items" not in found:
                    raise errors.NotAStore(paging.NO_LIST)
                return found

    @cached_property
    def _parents(self) -> dict[str, str]:
        """Child's entity id -> SKU of its configurable parent. Only parents name the relation, so we read them all."""
        found: dict[str, str] = {}
        last = "0"
        for _number in paging.numbers():
            groups = {"type_id": ("eq", "configurable"), "entity_id": ("gt", last)}
            fields = "items[id,sku,extension_attributes[configurable_product_links]],total_count"
            rows = criteria.rows_of(self._get("/products", search(groups, 200, order="entity_id", fields=fields)))
            for row in rows:
                for child in (row.get("extension_attributes") or {}).get("configurable_product_links") or []:
                    found[str(child)] = str(row["sku"])
            if len(rows) < 200 or str(rows[-1].get("id") or last) == last:
                break
            last = str(rows[-1]["id"])
        return found

    def _item(self, row: Json) -> types.StoreItem:
        return mapping.product(
            row,
            self.attributes,
            categories=self.category_names,
            media=self.media,
            parent_sku=self._parents.get(str(row.get("id")), ""),
            scope=self.store_view,
            weight_unit=self._weight_unit,
        )

    def _children(self, rows: list[Json]) -> list[types.StoreItem]:
        """The children of a filtered page's configurable products, except children that are on the page."""
        here = {str(row.get("id")) for row in rows}
        parents = {str(row.get("sku")) for row in rows if row.get("type_id") == "configurable"}
        wanted = [child for child, sku in self._parents.items() if sku in parents and child not in here]
        items: list[types.StoreItem] = []
        for start in range(0, len(wanted), 100):
            ids = ",".join(wanted[start : start + 100])
            found = self._get("/products", search({"entity_id": ("in", ids)}, 100, order="entity_id"))
            items += [self._item(row) for row in criteria.rows_of(found)]
        return items

    # --- sync

    def missing_place(self, field: str, item_type: str) -> str:
        if item_type == "category":
            return (
                ""
                if field == "name" or field in mapping.CATEGORY_CODES
                else _("Magento categories have no field for it.")
            )
        if item_type in ("page", "post"):
            return _("This connection can't update Magento pages.")
        if field == "seo.focus_keyword":
            return _("Magento stores keywords together with tags.")
        return ""

    def fetch_texts(self, refs: Sequence[types.Ref], also: Collection[str] = ()) -> dict[types.Ref, types.Current]:
        """See the base class. Products are found by SKU and view, with all attributes, so that any can be compared."""
        found: dict[types.Ref, types.Current] = {}
        for ref, row in self._products(refs):
            stamp = str(row.get("updated_at") or "")
            found[ref] = types.Current(self._texts(row, also), row, stamp, names=self.attributes.names, kept=KEPT)
        for ref in refs:
            if ref.item_type == "category":
                try:
                    row = self._get(f"/categories/{ref.external_id}", scope=ref.scope)
                except errors.Missing:
                    continue
                found[ref] = types.Current(mapping.category_texts(row), row)
        return found

    def _products(self, refs: Sequence[types.Ref], fields: str = "") -> Iterator[tuple[types.Ref, Json]]:
        for scope in sorted({ref.scope for ref in refs}):
            products = {r.external_id: r for r in refs if r.scope == scope and r.item_type in ("product", "variant")}
            for params in criteria.by_sku(list(products), fields=fields):
                for row in criteria.rows_of(self._get("/products", params, scope=scope)):
                    if ref := products.get(str(row.get("sku"))):
                        yield ref, row

    def _texts(self, row: Json, also: Collection[str]) -> Json:
        wanted = {f"meta.{key}" for key in self.meta_keys(also)}
        known = self.attributes.by_code
        for code in mapping.custom(row):
            if code in known:
                wanted |= {f"attributes.{code}", f"attributes.{known[code].label}"}
        return mapping.texts(row, self.attributes, wanted)

    def stamps(self, refs: Sequence[types.Ref]) -> dict[types.Ref, str]:
        return {ref: str(row.get("updated_at") or "") for ref, row in self._products(refs, "items[sku,updated_at]")}

    def unwritable(self, push: types.Push) -> dict[str, str]:
        skipped: dict[str, str] = {}
        if push.ref.item_type != "category":
            mapping.update(push, self.attributes, skipped)
        return skipped

    def prepare(self, batch: Sequence[types.Push]) -> None:
        inside = [push for push in batch if (push.ref.scope or self.store_view) not in ("", GLOBAL)]
        self._views.learn([push for push in inside if push.ref.item_type != "category"])

    def push(self, batch: Sequence[types.Push]) -> list[types.Pushed]:
        """Write one by one. Each write can take seconds, so an item that changed meanwhile gets ConcurrentEdit."""
        return single_writes.write_each(batch, self._push, self.changed)

    def _push(self, push: types.Push) -> types.Pushed:
        skipped: dict[str, str] = {}
        scope = push.ref.scope or self.store_view
        try:
            if push.ref.item_type == "category":
                there = self.put_category(push, scope)
            else:
                written = self._views.write(push, scope, skipped)
                if written is None:
                    return types.Pushed(push.ref, skipped=skipped)
                there = written
        except (errors.Rejected, errors.Missing) as error:
            return types.Pushed(push.ref, skipped=skipped, error=_as_gone(error))
        return types.Pushed(push.ref, {f: there.get(f, "") for f in push.texts if f not in skipped}, skipped)

    def put_category(self, push: types.Push, scope: str) -> types.Texts:
        """Write a category's texts to a scope and return the texts there now."""
        body = {"category": {"id": int(push.ref.external_id), **_category_body(push)}}
        return mapping.category_texts(self.http.put(f"/categories/{push.ref.external_id}", body, scope=scope))

    # --- further languages

    def languages(self) -> list[types.ShopLanguage]:
        return translations.languages(self.http, self.store_view)

    def translated(self, into: Sequence[types.ShopLanguage]) -> translations.MagentoTranslations:
        return translations.MagentoTranslations(self, into)


def _as_gone(error: errors.StoreError) -> errors.StoreError:
    return errors.Missing(_("The product is no longer in the store.")) if isinstance(error, errors.Missing) else error


def _category_body(push: types.Push) -> Json:
    codes = mapping.CATEGORY_CODES
    body: Json = {"name": push.texts["name"]} if "name" in push.texts else {}
    attributes = [{"attribute_code": codes[f], "value": v} for f, v in push.texts.items() if f in codes]
    return {**body, "custom_attributes": attributes} if attributes else body
