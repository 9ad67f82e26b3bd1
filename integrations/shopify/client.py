"""Shopify by its GraphQL Admin API, at a pinned version: https://shopify.dev/docs/api/admin-graphql."""

import contextlib
import math
import re
import time
from collections.abc import Callable, Collection, Sequence
from typing import Self

from django.conf import settings

from integrations.shopify import bulk, documents, mapping, metafields, registrations, translations
from integrations.shopify.documents import quote
from integrations.shopify.graphql import ERRORS, Cursors, ShopifyHTTP
from integrations.shopify.metafields import BAD_NAME, MARK, PREFIX, Definitions, Places, is_misnamed
from integrations.shopify.oauth import shop_url
from integrations.shopify.signatures import shop_domain
from integrations.stores import types
from integrations.stores.errors import Missing, Rejected, StoreError, StorePermanentError, TooMuch
from integrations.stores.http import Pause
from integrations.stores.interface import Store, WithPlacement
from integrations.stores.misshapen import each
from scribe.errors import InvalidInput
from scribe.http.addresses import check_url
from scribe.messages import _
from scribe.types import Json, JsonValue

STATUSES = ("active", "draft", "archived", "unlisted")
# From this many products on, a bulk operation is fewer calls (at most ten, against one for each 18 products and more for their
# long lists) and sooner done: a page costs up to 1,000 points, and a standard shop gets back 100 a second.
BULK_FROM = 250
TERMS = {"collections": "collection_id", "product_types": "product_type", "vendors": "vendor", "tags": "tag"}


class ShopifyStore(WithPlacement, Store):
    field_places = mapping.PLACES
    html_fields = frozenset(("description",))
    http: ShopifyHTTP
    page_size = 18  # the largest that one document's cost limit allows, since each product brings its own lists
    read_size = 60
    batch_size = (
        60  # an aliased update costs 10 points and some for its answer, of the 1,000 that one document may cost
    )

    def __init__(
        self,
        credentials: types.Credentials,
        *,
        placement: types.Placement = types.NO_PLACEMENT,
        pause: Pause = time.sleep,
        renew: Callable[[], str] | None = None,
    ) -> None:
        self.http = ShopifyHTTP(credentials, pause, renew)
        self.place(placement)
        self.places = Places.of(placement)
        self.definitions = Definitions(self._definitions)
        self._defined = False
        self.bulk = bulk.Bulk(self.http, self._product)
        if self.places.namespace:  # each product brings its attributes along, and one document's cost is limited
            self.read_size = self.batch_size = 25

    @classmethod
    def opened(cls, credentials: types.Credentials, opening: types.Opening) -> Self:
        return cls(credentials, placement=opening.placement, pause=opening.pause, renew=opening.renew)

    @classmethod
    def address(cls, text: str) -> str:
        """`https://your-shop.myshopify.com`, or the shop's name put into `SHOPIFY_SHOP_URL`."""
        if _is_overridden(text):
            return check_url(text.strip(), pointer="#/base_url").rstrip("/")
        if not (shop := shop_domain(text)):
            raise InvalidInput.at(
                "#/base_url",
                _("Enter the store's address in the form https://your-store.myshopify.com."),
                "invalid_shop",
            )
        return f"https://{shop}"

    @classmethod
    def called_at(cls, base_url: str) -> str:
        shop = shop_domain(base_url)
        return shop_url(shop) if shop else base_url

    def test(self) -> types.StoreInfo:
        found = self.http.ask(documents.SHOP, timeout=10)
        shop = found.get("shop") or {}
        scopes = [s["handle"] for s in (found.get("currentAppInstallation") or {}).get("accessScopes") or []]
        domain = (shop.get("primaryDomain") or {}).get("url") or ""
        return types.StoreInfo(str(shop.get("name") or ""), "", {"domain": domain, "scopes": scopes})

    # --- import

    def filter_keys(self) -> frozenset[str]:
        return frozenset((*TERMS, "statuses", "item_types"))

    def filters(self) -> dict[str, list[types.Option]]:
        found = self.http.ask(documents.FACETS, {"after": None})
        collections = mapping.nodes(found.get("collections"))
        cursors, more = Cursors(), found
        while after := cursors.after(more.get("collections")):
            more = self.http.ask(documents.FACETS, {"after": after})
            collections += mapping.nodes(more.get("collections"))

        def plain(name: str) -> list[types.Option]:
            values = (found.get(name) or {}).get("nodes") or []
            return [types.Option(str(v), str(v)) for v in values if v]

        return {
            "collections": [types.Option(mapping.number(c["id"]), str(c.get("title") or "")) for c in collections],
            "product_types": plain("productTypes"),
            "vendors": plain("productVendors"),
            "tags": plain("productTags"),
            "statuses": [types.Option(s, s.capitalize()) for s in STATUSES],
            "item_types": [types.Option("product", "Products"), types.Option("category", "Collections")],
        }

    def _query(self, filters: types.Filters) -> str:
        """The search string. It always contains the status, since Shopify would otherwise choose one."""
        parts = ["status:" + ",".join(filters.get("statuses") or STATUSES)]
        for key, term in TERMS.items():
            values = [
                f"{term}:{v}" if term == "collection_id" else f"{term}:{quote(v)}" for v in filters.get(key) or []
            ]
            if values:
                parts.append(values[0] if len(values) == 1 else "(" + " OR ".join(values) + ")")
        return " ".join(parts)

    def count(self, filters: types.Filters) -> int:
        kinds = filters.get("item_types") or ["product"]
        total = 0
        if "product" in kinds:
            found = self.http.ask(documents.COUNT, {"q": self._query(filters)})
            total += int((found.get("productsCount") or {}).get("count") or 0)
        if "category" in kinds:
            found = self.http.ask(documents.COLLECTIONS_COUNT)
            total += int((found.get("collectionsCount") or {}).get("count") or 0)
        return total

    def page(self, filters: types.Filters, cursor: str | None) -> types.ItemPage:
        kinds: list[str] = [k for k in ("product", "category") if k in (filters.get("item_types") or ["product"])]
        kind, _, after = (cursor or f"{kinds[0]}:").partition(":")
        last = f"{kinds[-1]}:" if kinds[-1] != "product" else None
        if kind == bulk.KIND:
            return self.bulk.page(self._query(filters), after, instead="product:", following=last)
        if kind == "category":
            found = self._first(documents.COLLECTIONS, {"after": after or None})["collections"]
            items = each(mapping.nodes(found), "category", mapping.collection)
        else:
            found = self._first(documents.PRODUCTS, {"after": after or None, "q": self._query(filters)})["products"]
            items = each(mapping.nodes(found), "product", self._product)
        if onward := Cursors(after).after(found):
            return types.ItemPage(items, f"{kind}:{onward}")
        return types.ItemPage(items, last if kind == "product" else None)

    def first_cursor(self, filters: types.Filters, count: int) -> str | None:
        """See the base class. Many products are read by a bulk operation, collections always by pages."""
        return bulk.BEGIN if count >= BULK_FROM and "product" in (filters.get("item_types") or ["product"]) else None

    def batches(self, count: int) -> int:
        return math.ceil(count / (bulk.PAGE if count >= BULK_FROM else self.page_size))

    def _first(self, document: str, variables: Json) -> Json:
        """Ask for a page. If it costs too much for the shop, this and all later pages become smaller."""
        while True:
            try:
                return self.http.ask(document, {"n": self.page_size, **variables}, timeout=60)
            except TooMuch:
                if self.page_size <= 5:
                    raise
                self.page_size //= 2

    def _product(self, row: Json) -> list[types.StoreItem]:
        """A product and its variants, with the entries of its lists that did not fit in the page."""
        for name in documents.LISTS:
            cursors, found = Cursors(), row.get(name)
            while after := cursors.after(found):
                more = self.http.ask(documents.rest(name), {"id": row["id"], "after": after})
                found = (more.get("product") or {}).get(name)
                row[name]["nodes"] += mapping.nodes(found)
        item = mapping.product(mapping.with_metafields(row, self.places), self.placement, self.places)
        if row.get("hasOnlyDefaultVariant"):
            return [item]
        return [item, *(mapping.variant(v, item) for v in mapping.nodes(row.get("variants")))]

    # --- sync

    def missing_place(self, field: str, item_type: str) -> str:
        if item_type not in ("product", "category"):
            return _("Shopify variants use their product's texts.")
        if field in mapping.BOTH:
            return ""
        if item_type == "product" and (field == "tags" or field.startswith("meta.")):
            return BAD_NAME if is_misnamed(field) else ""
        if field == "short_description":
            return _("Shopify has no short description. You can choose a metafield for it in the project settings.")
        return _("Shopify has no field for it. You can choose a metafield in the project settings.")

    def attribute_place(self, name: str, known: str | None, placement: types.Placement, *, key: str) -> tuple[str, str]:
        namespace = placement.of("attributes").removeprefix("meta.")
        if known is not None:
            return known, ""
        if namespace == "none":
            return "", _("Shopify stores attributes in metafields. Choose them in the project settings.")
        if not key:
            return "", _("Its name can't be written in Latin letters, which a metafield key needs.")
        return f"meta.{namespace}.{key if len(key) > 1 else f'attribute_{key}'}", ""

    def fetch_texts(self, refs: Sequence[types.Ref], also: Collection[str] = ()) -> dict[types.Ref, types.Current]:
        """See the base class. Items are found by id in one call, items that came from a file by their handle, which may be a
        number as well."""
        places = self.places.and_of(also)
        for namespace in places.namespaces:
            self.definitions.of(namespace)
        by_id = _by_gid(refs)
        rows: list[tuple[types.Ref | None, Json]] = []
        rows += [(by_id.get(row["id"]), row) for row in self._by_id(list(by_id), places) if row and row.get("id")]
        there = {ref for ref, _unused in rows}
        by_handle = {r.external_id: r for r in refs if r not in there and r.item_type == "product"}
        if by_handle:
            query = " OR ".join(f"handle:{quote(handle)}" for handle in by_handle)
            answer = self.http.ask(documents.texts_by_handle(places), {"n": len(by_handle), "q": f"({query})"})
            rows += [(by_handle.get(row["handle"]), row) for row in mapping.nodes(answer.get("products"))]
        for _unused, row in rows:
            self._rest(row, places)
        return {ref: mapping.current(row, places, self.definitions) for ref, row in rows if ref is not None}

    def _by_id(self, ids: list[str], places: Places) -> list[JsonValue]:
        """The rows of these ids. A call that costs too much for the shop is split into halves."""
        if not ids:
            return []
        try:
            return self.http.ask(documents.texts(places), {"ids": ids}).get("nodes") or []
        except TooMuch:
            if len(ids) == 1:
                raise
            half = len(ids) // 2
            return self._by_id(ids[:half], places) + self._by_id(ids[half:], places)

    def _rest(self, row: Json, places: Places) -> None:
        """Add to `row` the attributes of its product that did not fit in the first answer."""
        cursors, more = Cursors(), row.get("own")
        while after := cursors.after(more):
            asked = {"id": row["id"], "ns": places.namespace, "after": after}
            more = (self.http.ask(documents.OWN, asked).get("product") or {}).get("own")
            row["own"]["nodes"] += mapping.nodes(more)

    def _definitions(self, namespace: str) -> list[Json]:
        rows: list[Json] = []
        cursors, after = Cursors(), None
        while True:
            answer = self.http.ask(documents.DEFINITIONS, {"ns": namespace, "after": after})
            found = answer.get("metafieldDefinitions")
            rows += mapping.nodes(found)
            after = cursors.after(found)
            if after is None:
                return rows

    def stamps(self, refs: Sequence[types.Ref]) -> dict[types.Ref, str]:
        by_id = _by_gid(refs)
        rows = self.http.ask(documents.STAMPS, {"ids": list(by_id)}).get("nodes") if by_id else []
        return {
            by_id[row["id"]]: str(row.get("updatedAt") or "") for row in rows or [] if row and row.get("id") in by_id
        }

    def prepare(self, batch: Sequence[types.Push]) -> None:
        """See the base class. A storefront shows programs a metafield that has a definition. A shop that allows none
        keeps the metafield all the same."""
        place = self.placement.of(MARK).removeprefix(PREFIX)
        if place == "none" or self._defined or self.definitions.kind(place):
            return
        self._defined = True
        namespace, _, key = place.rpartition(".")
        about = {"name": "AI disclosure", "namespace": namespace, "key": key, "type": "json", "ownerType": "PRODUCT"}
        with contextlib.suppress(StorePermanentError):
            self.http.ask(documents.DEFINE, {"definition": {**about, "access": {"storefront": "PUBLIC_READ"}}})

    def unwritable(self, push: types.Push) -> dict[str, str]:
        if push.ref.item_type != "product":
            return {}
        found = {f: metafields.unfit(self._kind(f, push.current), str(v)) for f, v in push.texts.items() if _meta(f)}
        return {f: why for f, why in found.items() if why}

    def in_platform_form(self, field: str, item_type: str, text: types.Text, current: types.Current) -> types.Text:
        return metafields.format_value(self._kind(field, current), str(text)) if _meta(field) else text

    def _kind(self, field: str, current: types.Current) -> str:
        found = current.raw.get("by_place") or {}
        return metafields.kind_of(field.removeprefix(PREFIX), found, self.definitions, self.placement)

    def push(self, batch: Sequence[types.Push]) -> list[types.Pushed]:
        return self._push(list(batch))

    def _push(self, batch: list[types.Push]) -> list[types.Pushed]:
        skipped: list[dict[str, str]] = [{} for _ in batch]
        made = [
            mapping.update(push, self.definitions, self.placement, left)
            for push, left in zip(batch, skipped, strict=True)
        ]
        variables: Json = {f"p{n}": body for n, (body, _) in enumerate(made)}
        variables |= {f"d{n}": cleared for n, (_, cleared) in enumerate(made) if cleared}
        cleared_at = {n for n, (_, cleared) in enumerate(made) if cleared}
        written = [Places().and_of(push.texts) for push in batch]
        document = documents.updates([push.ref.item_type for push in batch], cleared_at, written)
        try:
            answer = self.http.ask(document, variables, timeout=60)
        except TooMuch:
            if len(batch) == 1:
                raise
            self.batch_size = max(1, len(batch) // 2)
            return self._push(batch[: self.batch_size]) + self._push(batch[self.batch_size :])
        return [self._result(push, n, answer, skipped[n], written[n]) for n, push in enumerate(batch)]

    def _result(self, push: types.Push, n: int, answer: Json, skipped: dict[str, str], written: Places) -> types.Pushed:
        found = answer.get(f"p{n}") or {}
        refused = found.get("userErrors") or []
        row = found.get("product") or found.get("collection")
        if refused:
            return types.Pushed(push.ref, skipped=skipped, error=user_error(refused))
        if not row:
            return types.Pushed(
                push.ref, skipped=skipped, error=registrations.part_error((answer.get(ERRORS) or {}).get(f"p{n}"))
            )
        there = mapping.texts(row, written)
        if (gone := answer.get(f"d{n}")) and not gone.get("userErrors"):
            # The deletion runs after the update, so the update's answer still shows the deleted texts.
            there |= {field: "" for field, value in push.texts.items() if field.startswith(PREFIX) and not value}
        return types.Pushed(push.ref, {f: there.get(f, "") for f in push.texts if f not in skipped}, skipped)

    # --- further languages

    def languages(self) -> list[types.ShopLanguage]:
        return translations.languages(self.http)

    def translated(self, into: Sequence[types.ShopLanguage]) -> translations.ShopifyTranslations:
        return translations.ShopifyTranslations(self.http, self.placement, into)


def _meta(field: str) -> bool:
    return field.startswith(PREFIX)


def _by_gid(refs: Sequence[types.Ref]) -> dict[str, types.Ref]:
    """Those with an id, except variants."""
    return {mapping.gid(r.external_id, r.item_type): r for r in refs if r.has_number and r.item_type != "variant"}


def user_error(refused: list[Json]) -> StoreError:
    text = "; ".join(str(e.get("message") or "") for e in refused)
    return Missing(_("The product is no longer in the store.")) if "does not exist" in text else Rejected(text)


def _is_overridden(text: str) -> bool:
    """Whether the address is one that `SHOPIFY_SHOP_URL` makes, in a deployment that points elsewhere."""
    template = str(settings.SHOPIFY_SHOP_URL).rstrip("/")
    pattern = re.escape(template).replace(re.escape("{shop}"), "[A-Za-z0-9.-]+")
    return template != "https://{shop}" and re.fullmatch(pattern, text.strip().rstrip("/")) is not None
