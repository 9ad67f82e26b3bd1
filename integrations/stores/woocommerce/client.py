"""WooCommerce, REST v3: https://woocommerce.github.io/woocommerce-rest-api-docs/."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Self

from django.utils.functional import cached_property

from integrations.stores import paging, types
from integrations.stores.errors import Missing, Rejected, StorePermanentError
from integrations.stores.http import Pause
from integrations.stores.interface import Store, WithPlacement
from integrations.stores.misshapen import each
from integrations.stores.woocommerce import attributes, mapping, places, translations
from integrations.stores.woocommerce.keys import WooHTTP
from integrations.stores.woocommerce.own_attributes import OwnAttributes
from integrations.stores.woocommerce.site import WooSite
from integrations.stores.woocommerce.tags import Tags
from integrations.stores.woocommerce.terms import as_lines
from integrations.stores.woocommerce.values import API
from integrations.stores.woocommerce.variations import Variations
from integrations.stores.woocommerce.writer import Writer
from integrations.stores.wordpress import custom_fields, guard, kses
from integrations.stores.wordpress.translations import FIELDS, ByAddress, LinkedTranslations, note_language
from scribe.messages import _
from scribe.types import Json, JsonValue
from scribe.written import whole

NO_TEXTS = _("WooCommerce variations use their product's texts.")
VARIATION = _("This SKU belongs to a variation, which uses its product's texts. Use the product's SKU or ID.")
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
JOINED = frozenset(
    ("categories", "tags")
)  # one parameter takes several ids; the other filters need a call for each value


class WooCommerceStore(WithPlacement, Store):
    field_places = mapping.PLACES
    category_fields = frozenset(("name", "description", "seo.slug"))
    translates_by_rows = True
    http: WooHTTP
    html_fields = frozenset(("name", "description", "short_description"))

    def __init__(
        self,
        credentials: types.Credentials,
        *,
        placement: types.Placement = types.NO_PLACEMENT,
        pause: Pause = time.sleep,
    ) -> None:
        self.http = WooHTTP(credentials, pause)
        self.place(placement)
        self.own = OwnAttributes(self._named)
        self.tags = Tags(self.http)
        self.site = WooSite(self.http)
        self._walk = paging.Pager()
        self._variations = Variations(self.http, self._variations_of)
        self.spoken: dict[str, str] = {}  # parameters that have the language plugin show rows of all languages

    @classmethod
    def opened(cls, credentials: types.Credentials, opening: types.Opening) -> Self:
        return cls(credentials, placement=opening.placement, pause=opening.pause)

    # --- who is there

    def test(self) -> types.StoreInfo:
        """See the base class. An empty write, a read of one id and the site's index: at most three calls."""
        self.site.check_keys()
        plugin = "unknown" if self.plugin is None else self.plugin or "none"
        self.guarded = guard.has_guard(self.site.looked_at, self.site.namespaces)
        info = self.site.info({"seo_plugin": plugin}, guarded=self.guarded)
        return replace(info, missing_places=self.missing_places)

    @cached_property
    def plugin(self) -> str | None:
        """The active SEO plugin; "" for none, None if the index does not tell.
        A project's setting overrides the index."""
        if self.placement.seo_plugin in mapping.PLUGINS:
            return self.placement.seo_plugin
        names = self.site.namespaces
        if names is not None:
            shows = any(name.startswith(space) for name in names for space in mapping.SPACES.values())
            self.missing_places = {} if shows else dict.fromkeys(mapping.YOAST, mapping.NO_PLUGIN)
        if names is None:
            return None
        return next((key for key, space in mapping.SPACES.items() if any(n.startswith(space) for n in names)), "")

    # --- import

    def filter_keys(self) -> frozenset[str]:
        return frozenset((*PARAMETERS, "item_types"))

    def filters(self) -> dict[str, list[types.Option]]:
        return {
            "categories": self._terms("/products/categories"),
            "tags": self._terms("/products/tags"),
            "statuses": [types.Option(s, s.capitalize()) for s in STATUSES],
            "types": [types.Option(t, t.capitalize()) for t in TYPES],
            "stock_statuses": [types.Option(k, v) for k, v in STOCK.items()],
            "item_types": [types.Option(k, v) for k, v in ITEM_TYPES.items()],
        }

    def custom_fields(self) -> list[types.CustomField]:
        """See the base class: of the newest products, and of the oldest."""
        asked = {"per_page": 50, "status": "any", "context": "edit", "_fields": "id,meta_data"}
        found = {
            row["id"]: row for order in custom_fields.ORDERS for row in self._rows("/products", **asked, order=order)
        }
        return custom_fields.custom_fields_in(
            map(mapping.custom, found.values()), (*mapping.SEO_KEYS, *places.INTERNAL)
        )

    def _terms(self, path: str) -> list[types.Option]:
        found = self._all(path, per_page=100, _fields="id,name", orderby="name")
        return [types.Option(mapping.text(t.get("id")), mapping.name_of(t.get("name"))) for t in found]

    def count(self, filters: types.Filters) -> int:
        total = 0
        for path, params in self._parts(filters):
            _unused, response = self.http.call("GET", API + path, params={**params, "per_page": 1, "_fields": "id"})
            many = whole(response.headers.get("X-WP-Total", ""), digits=paging.DIGITS)
            if many is None:  # some proxies strip the header; then we have to walk the pages
                many = sum(1 for _unused in self._all(path, **params, per_page=100, _fields="id"))
            total += many
        return total

    def _parts(self, filters: types.Filters) -> list[tuple[str, Json]]:
        """The walks that together find all matches: WooCommerce accepts only one status or type at a time."""
        kinds = filters.get("item_types") or ["product"]
        walks: list[Json] = [{"status": "any"}]
        for key, parameter in PARAMETERS.items():
            if values := filters.get(key):
                choices = [",".join(values)] if key in JOINED else values
                walks = [{**walk, parameter: choice} for walk in walks for choice in choices]
        parts = [("/products", walk) for walk in walks] if "product" in kinds else []
        return parts + ([("/products/categories", {})] if "category" in kinds else [])

    def page(self, filters: types.Filters, cursor: str | None) -> types.ItemPage:
        """See the base class. `cursor` is `part:page`. The order is by id, so edits move no product to another page."""
        part, number = (int(n) for n in (cursor or "0:1").split(":"))
        parts = self._parts(filters)
        path, params = parts[part]
        products = path == "/products"
        order = {"orderby": "id", "order": "asc", "page": number, "per_page": self.page_size}
        trim = {"_fields": mapping.LIST_FIELDS, "context": "edit", **guard.asking(())} if products else {}
        found, response = self.http.call("GET", API + path, params={**params, **order, **trim})
        listed = paging.rows_of(found)
        self._walk.step(str(part), number, listed)
        if products:
            self._note_language(listed)
            variations = self._variations.of(listed, self.spoken)
            items = each(listed, "product", lambda row: self._family(row, variations.get(row["id"], ())))
        else:
            items = each(listed, "category", mapping.category)
        pages = whole(response.headers.get("X-WP-TotalPages", ""), digits=paging.DIGITS)
        more = len(listed) == self.page_size if pages is None else number < pages
        if more:
            return types.ItemPage(items, f"{part}:{number + 1}")
        return types.ItemPage(items, f"{part + 1}:1" if part + 1 < len(parts) else None)

    @cached_property
    def _addresses(self) -> ByAddress | None:
        """The languages of products by their addresses, if Polylang's free version has them translated."""
        judged = translations.by_address(self)
        return judged if judged and judged.told else None

    def _note_language(self, rows: Sequence[Json]) -> None:
        note_language(rows, "permalink", self._addresses if any(not row.get("lang") for row in rows) else None)

    def _family(self, row: Json, variations: Sequence[Json]) -> list[types.StoreItem]:
        """A product and its variations."""
        items = [mapping.product(row, plugin=self.plugin, units=self._units, facts=self.placement.facts)]
        return items + each(variations, "variant", lambda variation: mapping.variation(variation, row, self._units))

    def _variations_of(self, product: int) -> list[Json]:
        return list(self._all(f"/products/{product}/variations", per_page=100, context="edit"))

    @cached_property
    def _units(self) -> dict[str, str]:
        """The units of the shop's weights and sizes; empty if the key may not see the settings."""
        try:
            found = {
                mapping.text(row.get("id")): mapping.text(row.get("value")) for row in self._rows("/settings/products")
            }
        except StorePermanentError:
            return {}
        units = {"weight": "woocommerce_weight_unit", "dimensions": "woocommerce_dimension_unit"}
        return {key: found[name] for key, name in units.items() if found.get(name)}

    # --- sync

    def missing_place(self, field: str, item_type: str) -> str:
        if item_type == "category" and field not in self.category_fields:
            return _("WooCommerce categories have no field for it.")
        if item_type == "variant" and field != "description":
            return NO_TEXTS
        if item_type in ("page", "post"):
            return _("WooCommerce has no pages or posts of its own.")
        if field in mapping.YOAST and self.plugin == "":
            return mapping.NO_PLUGIN
        return ""

    def in_platform_form(self, field: str, item_type: str, text: types.Text, current: types.Current) -> types.Text:
        """See the base class. WordPress removes paragraphs and lists from a category's description on save, so it gets
        blank lines: the shop's theme shows them as paragraphs."""
        if item_type == "category" and field == "description" and isinstance(text, str):
            return as_lines(text)
        return text

    def fetch_texts(self, refs: Sequence[types.Ref], also: Collection[str] = ()) -> dict[types.Ref, types.Current]:
        """See the base class. Items are found by id, items from a file without ids by their SKU."""
        found: dict[types.Ref, types.Current] = {}
        keys = self.meta_keys(also)
        products = [ref for ref in refs if ref.item_type == "product"]
        by_id = {ref.external_id: ref for ref in products if ref.has_number}
        by_sku = {ref.sku or ref.external_id: ref for ref in products if not ref.has_number}
        asked = guard.asking([*mapping.SEO_KEYS, *keys])
        shown = {"status": "any", "context": "edit", "_fields": f"{mapping.READ_FIELDS},sku,{guard.PARAM}", **asked}
        if by_id:
            for row in self._rows("/products", include=",".join(by_id), per_page=len(by_id), **shown):
                self._found(found, keys, by_id.get(mapping.text(row.get("id"))), row)
            missing = [ref for ref in by_id.values() if ref not in found]
            for ref in missing[:10]:  # some plugins hide rows from lists
                self._one(found, keys, ref, asked)
        for ref, row in self._by_sku(by_sku, shown).items():
            self._found(found, keys, ref, row)
        categories = {ref.external_id: ref for ref in refs if ref.item_type == "category"}
        if categories:
            listed = {"include": ",".join(categories), "per_page": len(categories), "context": "edit"}
            for row in self._rows("/products/categories", **listed, **asked):
                self._found(found, keys, categories.get(mapping.text(row.get("id"))), row)
        if found:
            self.guarded = guard.has_guard((current.raw for current in found.values()), None)
        return found

    def _one(
        self, found: dict[types.Ref, types.Current], keys: list[str], ref: types.Ref, asked: dict[str, str]
    ) -> None:
        try:
            row = self._get(f"/products/{ref.external_id}", context="edit", **asked)
        except (Missing, Rejected):
            return
        if isinstance(row, dict) and row.get("status") != "trash":
            self._found(found, keys, ref, row)

    def _found(self, found: dict[types.Ref, types.Current], keys: list[str], ref: types.Ref | None, row: Json) -> None:
        if ref is None:
            return
        if ref.item_type == "product":
            self._note_language([row])
        current = mapping.current(row, plugin=self.plugin, meta_keys=keys)
        if ref.item_type == "product":
            names = {**self.own.names(), **current.names}
            current = replace(current, names=names, refused=VARIATION if row.get("type") == "variation" else "")
        found[ref] = current

    def stamps(self, refs: Sequence[types.Ref]) -> dict[types.Ref, str]:
        by_id = {ref.external_id: ref for ref in refs if ref.item_type == "product" and ref.has_number}
        if not by_id:
            return {}
        asked = {"include": ",".join(by_id), "per_page": len(by_id), "status": "any"}
        rows = self._rows("/products", **asked, _fields="id,date_modified_gmt")
        found = {mapping.text(row.get("id")): mapping.text(row.get("date_modified_gmt")) for row in rows}
        return {by_id[pk]: stamp for pk, stamp in found.items() if pk in by_id}

    def writes_are_conditional(self, batch: Sequence[types.Push]) -> bool:
        return guard.holds(batch)

    def unwritable(self, push: types.Push) -> dict[str, str]:
        skipped: dict[str, str] = {}
        if push.ref.item_type != "product":
            return skipped
        wanted = {f.removeprefix("attributes."): v for f, v in push.texts.items() if f.startswith("attributes.")}
        if wanted:
            attributes.merge_attributes(push.current.raw, wanted, {}, skipped)
        if self.plugin is None:
            keys = mapping.seo_keys(None, mapping.meta_of(push.current.raw))
            skipped |= {f: mapping.UNKNOWN_PLUGIN for f in push.texts if f in mapping.YOAST and f not in keys}
        return skipped | places.no_texts(push)

    def removed_by_filter(self, field: str, text: types.Text) -> str:
        return kses.first_removal(str(text)) if field in self.html_fields else ""

    @property
    def made_tags(self) -> Mapping[str, str]:
        return self.tags.made

    def drop_tags(self, made: Mapping[str, str]) -> None:
        self.tags.drop(made)

    def prepare(self, batch: Sequence[types.Push]) -> None:
        self.tags.ids(products := [push for push in batch if push.ref.item_type == "product"])
        self.own.for_pushes(products)

    def push(self, batch: Sequence[types.Push]) -> list[types.Pushed]:
        writer = Writer(self.http, plugin=self.plugin, own=self.own, tags=self.tags)
        done = writer.products([p for p in batch if p.ref.item_type == "product"])
        done |= writer.categories([p for p in batch if p.ref.item_type == "category"])
        nowhere = Rejected(NO_TEXTS, code="no_place")
        return [done.get(p.ref) or types.Pushed(p.ref, error=nowhere) for p in batch]

    # --- further languages

    def languages(self) -> list[types.ShopLanguage]:
        return translations.languages(self)

    def translated(self, into: Sequence[types.ShopLanguage]) -> LinkedTranslations:
        return translations.linked_translations(self, into)

    def originals(self, refs: Sequence[types.Ref]) -> dict[types.Ref, Json]:
        """The rows of these items with their language and the ids of their translations."""
        found: dict[types.Ref, Json] = {}
        products = [ref for ref in refs if ref.item_type == "product"]
        by_id = {ref.external_id: ref for ref in products if ref.has_number}
        by_sku = {ref.sku or ref.external_id: ref for ref in products if not ref.has_number}
        shown = {"status": "any", "_fields": f"{FIELDS},sku"}
        rows: list[Json] = []
        if by_id:
            rows = self._rows("/products", include=",".join(by_id), per_page=len(by_id), **shown)
            found |= {ref: row for row in rows if (ref := by_id.get(mapping.text(row.get("id"))))}
        found |= self._by_sku(by_sku, shown)
        categories = {ref.external_id: ref for ref in refs if ref.item_type == "category"}
        if categories:
            listed = {"include": ",".join(categories), "per_page": len(categories), "_fields": FIELDS}
            rows = self._rows("/products/categories", **listed)
            found |= {ref: row for row in rows if (ref := categories.get(mapping.text(row.get("id"))))}
        return found

    def _by_sku(self, refs: Mapping[str, types.Ref], shown: Json) -> dict[types.Ref, Json]:
        """The rows with these SKUs. Of several with one, in several languages or as drafts, the first that
        visitors see stands for it."""
        rows: list[Json] = []
        for skus in _asked_together(refs):
            asked = {**shown, "_fields": f"{shown['_fields']},status"}
            rows += self._rows("/products", sku=skus, per_page=100, orderby="id", order="asc", **asked)
        found: dict[types.Ref, Json] = {}
        for row in sorted(rows, key=lambda row: row.get("status") != "publish"):
            if ref := refs.get(mapping.text(row.get("sku"))):
                found.setdefault(ref, row)
        return found

    # --- calls

    def _get(self, path: str, **params: object) -> JsonValue:
        return self.http.json("GET", API + path, params={**self.spoken, **params})

    def _named(self, path: str) -> Iterable[Json]:
        return self._all(path, per_page=100, _fields="id,name,slug")

    def _rows(self, path: str, **params: object) -> list[Json]:
        return mapping.rows(self._get(path, **params))

    def _all(self, path: str, **params: JsonValue) -> Iterable[Json]:
        walk = paging.Pager()
        for number in paging.numbers():
            found = paging.rows_of(self._get(path, **params, page=number))
            walk.step(path, number, found)
            yield from found
            if len(found) < int(params["per_page"]):
                return


def _asked_together(skus: Collection[str]) -> list[str]:
    """The values of the parameter `sku` that find these SKUs. WooCommerce splits it at commas, and looks for the whole
    as well."""
    plain = [sku for sku in skus if "," not in sku]
    return [*([",".join(plain)] if plain else []), *(sku for sku in skus if "," in sku)]
