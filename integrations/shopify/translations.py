"""Shopify's translations: https://shopify.dev/docs/api/admin-graphql/latest/mutations/translationsRegister.

A translation belongs to a key of a resource, such as `title` of a product, and carries the digest of the text that it
translates. Shopify makes the digest, from a text that it has put in order, so we read it and never compute it. The digest
guards the source text alone: a translation that is there already is written over without a word, so the caller compares it
first. A key whose source text is empty does not exist. Values for a market stand beside the shop's and are never touched.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from integrations.shopify import documents, mapping, metafields, registrations
from integrations.shopify.graphql import ERRORS, Cursors, ShopifyHTTP
from integrations.shopify.metafields import PREFIX, Places
from integrations.shopify.registrations import ResourcePart, Spot, missing_scopes
from integrations.stores.errors import ConcurrentEdit, LostAnswer, NotAuthorized, StoreError, TooMuch
from integrations.stores.interface import WithPlacement
from integrations.stores.translations import Translations
from integrations.stores.types import Current, Placement, Push, Pushed, Ref, ShopLanguage, Text, Texts
from scribe.messages import _
from scribe.types import Json

KEYS = {
    "name": "title",
    "description": "body_html",
    "seo.title": "meta_title",
    "seo.description": "meta_description",
    "seo.slug": "handle",
}
NO_SOURCE = _(
    "The store has no text for this in its main language, and Shopify can't translate an empty "
    "text. Sync the main language first."
)
NO_ITEM = _("Shopify translates products and collections here.")
UNTRANSLATED = _("Shopify keeps the metafield, and translates none of its kind.")
#: A metafield's types that Shopify can translate, as far as we write them.
TEXT_TYPES = frozenset(("single_line_text_field", "multi_line_text_field", "list.single_line_text_field", "json"))


class Held(NamedTuple):
    """A metafield of a product: its own id, and its type."""

    id: str
    kind: str


def languages(http: ShopifyHTTP) -> list[ShopLanguage]:
    try:
        rows = http.ask(documents.LOCALES).get("shopLocales") or []
    except NotAuthorized as error:
        raise missing_scopes(error) from error
    found = [
        ShopLanguage(
            str(row["locale"]),
            str(row.get("name") or ""),
            primary=bool(row.get("primary")),
            published=bool(row.get("published")),
        )
        for row in rows
    ]
    return sorted(found, key=lambda language: not language.primary)


class ShopifyTranslations(WithPlacement, Translations):
    field_places: Mapping[str, str] = {
        **mapping.PLACES,
        "tags": mapping.NO_PLACE,
        "attributes": mapping.NO_PLACE,
    }
    html_fields = frozenset(("description",))
    http: ShopifyHTTP
    read_size = 50
    batch_size = (
        40  # each item costs one registration and at most one removal, 11 points each, of the 1,000 of a document
    )

    def __init__(self, http: ShopifyHTTP, placement: Placement, into: Sequence[ShopLanguage]) -> None:
        super().__init__(into)
        self.http = http
        self.place(placement)

    def missing_place(self, field: str, item_type: str) -> str:
        if item_type not in ("product", "category"):
            return NO_ITEM
        if why := self.not_translated(field):
            return why
        if field in KEYS or (item_type == "product" and field.startswith(PREFIX)):
            return ""
        return _("Shopify has no field for it. You can choose a metafield in the project settings.")

    def fetch_texts(self, refs: Sequence[Ref], also: Collection[str] = ()) -> dict[Ref, Current]:
        """See the base class. `texts` has the translations alone, and `raw` the spots that they are kept in. Items that came
        from a file are found by their handle, which may be a number as well."""
        ids = {
            mapping.gid(ref.external_id, ref.item_type): ref
            for ref in refs
            if ref.has_number and ref.item_type in ("product", "category")
        }
        resources = self._resources(list(ids))
        there = {ids[gid] for gid in resources}
        by_handle = self._by_handle([ref for ref in refs if ref not in there and ref.item_type == "product"])
        ids |= by_handle
        places = Places().and_of(PREFIX + key for key in self.meta_keys(also))
        chosen = self._metafields([gid for gid in ids if "/Product/" in gid], places) if places.keys else {}
        resources |= self._resources([*by_handle, *(held.id for row in chosen.values() for held in row.values())])
        return {
            ref: self._current(resources[gid], chosen.get(gid, {}), resources)
            for gid, ref in ids.items()
            if gid in resources
        }

    def _by_handle(self, products: Sequence[Ref]) -> dict[str, Ref]:
        """Products by their ids at Shopify."""
        if not products:
            return {}
        by_handle = {ref.external_id: ref for ref in products}
        query = " OR ".join(f"handle:{documents.quote(handle)}" for handle in by_handle)
        rows = self.http.ask(documents.IDS_BY_HANDLE, {"n": len(by_handle), "q": f"({query})"}).get("products")
        return {str(row["id"]): ref for row in mapping.nodes(rows) if (ref := by_handle.get(str(row.get("handle"))))}

    def _metafields(self, products: list[str], places: Places) -> dict[str, dict[str, Held]]:
        """The chosen metafields that hold a text, by product and by text."""
        if not products:
            return {}
        rows = self.http.ask(documents.metafield_ids(places), {"ids": products}).get("nodes") or []
        return {
            row["id"]: {
                PREFIX + key: Held(str(held["id"]), str(held["type"]))
                for n, key in enumerate(places.keys)
                if (held := row.get(f"m{n}")) and held.get("type") in TEXT_TYPES
            }
            for row in rows
            if row and row.get("id")
        }

    def _resources(self, ids: list[str]) -> dict[str, Json]:
        """The translatable resources by id, in calls of at most `read_size`."""
        found: dict[str, Json] = {}
        for start in range(0, len(ids), self.read_size):
            found |= self._some(ids[start : start + self.read_size])
        return found

    def _some(self, ids: list[str]) -> dict[str, Json]:
        asked = {"ids": ids, "n": len(ids), "locale": self.code}
        found: dict[str, Json] = {}
        cursors, after = Cursors(), None
        try:
            while True:
                page = self.http.ask(documents.TRANSLATIONS, {**asked, "after": after}).get(
                    "translatableResourcesByIds"
                )
                found |= {str(row.get("resourceId")): row for row in mapping.nodes(page)}
                if (after := cursors.after(page)) is None:
                    return found
        except NotAuthorized as error:
            raise missing_scopes(error) from error
        except TooMuch:
            if len(ids) == 1:
                raise
            half = len(ids) // 2
            return self._some(ids[:half]) | self._some(ids[half:])

    def _current(self, row: Json, chosen: dict[str, Held], resources: dict[str, Json]) -> Current:
        texts: Texts = {}
        spots: dict[str, Spot] = {}
        places = [(field, row, key) for field, key in KEYS.items()]
        places += [(field, resources[held.id], "value") for field, held in chosen.items() if held.id in resources]
        for field, resource, key in places:
            digests, shown = registrations.digests(resource), registrations.translations_by_key(resource)
            texts[field] = shown.get(key, "")
            if digests.get(key):
                spots[field] = Spot(str(resource["resourceId"]), key, digests[key])
        return Current(texts, {"spots": spots, "kinds": {field: held.kind for field, held in chosen.items()}})

    def unwritable(self, push: Push) -> dict[str, str]:
        spots = push.current.raw.get("spots") or {}
        reasons = {field: UNTRANSLATED if field.startswith(PREFIX) else NO_SOURCE for field in push.texts}
        return {field: why for field, why in reasons.items() if field not in spots}

    def in_platform_form(self, field: str, item_type: str, text: Text, current: Current) -> Text:
        kind = (current.raw.get("kinds") or {}).get(field)
        return metafields.format_value(kind, str(text)) if kind else text

    def changed(self, batch: Sequence[Push]) -> list[Ref]:
        """See the base class. A source text that moved counts as well: its digest is another then."""
        now = self.fetch_texts([push.ref for push in batch], {field for push in batch for field in push.texts})
        return [
            push.ref
            for push in batch
            if push.ref not in now or _values_seen(push, now[push.ref]) != _values_seen(push, push.current)
        ]

    def push(self, batch: Sequence[Push]) -> list[Pushed]:
        """See the base class. A resource takes one registration and one removal at most. What the shop shows afterwards is
        read back, since one of its texts may be refused while the others are kept."""
        parts = [
            ResourcePart(n, resource, fields) for n, (resource, fields) in enumerate(self._by_resource(batch).items())
        ]
        if not parts:
            return [Pushed(push.ref, skipped=self.unwritable(push)) for push in batch]
        answer = self._write(parts)
        refused = {key: error for part in parts for key, error in part.refusals(answer).items()}
        there = self._read_back(batch)
        return [self._result(push, there.get(push.ref), refused) for push in batch]

    def _by_resource(self, batch: Sequence[Push]) -> dict[str, dict[Spot, str]]:
        found: dict[str, dict[Spot, str]] = {}
        for push in batch:
            spots: dict[str, Spot] = push.current.raw.get("spots") or {}
            for field, text in push.texts.items():
                if spot := spots.get(field):
                    found.setdefault(spot.resource, {})[spot] = str(text)
        return found

    def _write(self, parts: list[ResourcePart]) -> Json:
        try:
            return registrations.write(self.http, parts, self.code)
        except TooMuch:
            if len(parts) == 1:
                raise
            half = len(parts) // 2
            self.batch_size = max(1, self.batch_size // 2)
            first, second = self._write(parts[:half]), self._write(parts[half:])
            return {**first, **second, ERRORS: {**first.get(ERRORS, {}), **second.get(ERRORS, {})}}

    def _read_back(self, batch: Sequence[Push]) -> dict[Ref, Current]:
        try:
            return self.fetch_texts([push.ref for push in batch], {field for push in batch for field in push.texts})
        except StoreError as error:  # the write was done; the next look tells what came of it
            raise LostAnswer(error.message, sent=True) from error

    def _result(self, push: Push, there: Current | None, refused: Mapping[Spot, StoreError]) -> Pushed:
        skipped = self.unwritable(push)
        spots: dict[str, Spot] = push.current.raw.get("spots") or {}
        if there is None:
            return Pushed(
                push.ref, skipped=skipped, error=LostAnswer(_("The store does not show it any more."), sent=True)
            )
        errors = {field: refused[spots[field]] for field in push.texts if field in spots and spots[field] in refused}
        for error in errors.values():
            if isinstance(error, ConcurrentEdit | LostAnswer):
                return Pushed(push.ref, skipped=skipped, error=error)
        written = [field for field in push.texts if field not in skipped and field not in errors]
        if errors and not written:
            return Pushed(push.ref, skipped=skipped, error=next(iter(errors.values())))
        skipped |= {field: error.message for field, error in errors.items()}
        return Pushed(push.ref, {field: there.texts.get(field, "") for field in written}, skipped)


def _values_seen(push: Push, current: Current) -> list[tuple[object, object]]:
    spots = current.raw.get("spots") or {}
    return [(current.texts.get(field, ""), spots.get(field)) for field in push.texts]
