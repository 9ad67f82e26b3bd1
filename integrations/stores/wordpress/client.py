"""WordPress as a store of texts: its posts and pages are the items. https://developer.wordpress.org/rest-api/reference/.

We read and write raw texts (`context=edit`), so rendered HTML is never written back.
"""

import html
import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Self

from integrations.stores import paging, types
from integrations.stores import texts as reading
from integrations.stores.errors import LostAnswer, StoreError, StorePermanentError
from integrations.stores.http import Pause
from integrations.stores.interface import Store, WithPlacement
from integrations.stores.misshapen import each
from integrations.stores.posts import Category
from integrations.stores.wordpress import builders, custom_fields, guard, kses, own_pages, rank_math, translations
from integrations.stores.wordpress.publisher import SEO_KEYS, check_user, current_user, meta_of, seo_keys, seo_text
from integrations.stores.wordpress.site import STATUSES, Site, WriteRequest
from integrations.stores.wordpress.terms import TaxonomyTerms, categories
from integrations.stores.wordpress.translations import LinkedTranslations
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson
from scribe.written import whole

ROUTES = {"post": "/wp/v2/posts", "page": "/wp/v2/pages"}
FIELDS = {"name": "title", "description": "content", "short_description": "excerpt", "seo.slug": "slug"}
SEO = {"seo.title": "seo_title", "seo.description": "seo_description", "seo.focus_keyword": "focus_keyword"}
PLACES = {
    **FIELDS,
    **dict.fromkeys(SEO, "meta"),
    "tags": "tags",
    "attributes": types.NO_PLACE,
    "bullet_points": types.CHOSEN,
    "structured_data": types.CHOSEN,
}


class WordPressStore(WithPlacement, Store):
    field_places = PLACES
    translates_by_rows = True
    html_fields = frozenset(("name", "description", "short_description"))

    def __init__(
        self,
        credentials: types.Credentials,
        *,
        placement: types.Placement = types.NO_PLACEMENT,
        pause: Pause = time.sleep,
    ) -> None:
        self.site = Site(credentials, pause=pause)
        self.http = self.site.http
        self.place(placement)
        self.tags = TaxonomyTerms(self.site, "tags")
        self.categories = TaxonomyTerms(self.site, "categories")
        self._media: dict[int, str] = {}
        self._walk = paging.Pager()
        self._unavailable: dict[str, str] = {}

    @classmethod
    def opened(cls, credentials: types.Credentials, opening: types.Opening) -> Self:
        return cls(credentials, placement=opening.placement, pause=opening.pause)

    def test(self) -> types.StoreInfo:
        info = check_user(self.site, ("edit_posts", "edit_pages"))
        self.guarded = guard.has_guard((), self.site.root.get("namespaces"))
        if self.guarded is not None:  # the index is shown, so one row tells which places there are by now
            asked = {"per_page": 1, "status": STATUSES, "context": "edit", "_fields": "id,meta"}
            answers = (paging.rows_of(self.site.get(route, **asked)) for route in ROUTES.values())
            self._look_at(next(filter(None, answers), []))
        return replace(info, guarded=self.guarded, missing_places=self.missing_places)

    @cached_property
    def _unfiltered(self) -> bool:
        """Whether WordPress keeps this user's texts unfiltered."""
        abilities = current_user(self.site).get("capabilities")
        return isinstance(abilities, dict) and bool(abilities.get("unfiltered_html"))

    def _look_at(self, rows: Sequence[Json]) -> None:
        """Learn from posts or pages whether the site has places for SEO texts."""
        if rows:
            lacking = SEO.keys() - {f for row in rows for f in _seo_keys(meta_of(row))}
            why = rank_math.UNSEEN if rank_math.has_route(self.site) else rank_math.NO_ROUTE
            self.missing_places = dict.fromkeys(sorted(lacking), why)

    # --- import

    def filter_keys(self) -> frozenset[str]:
        return frozenset(("item_types", "statuses", "categories", "tags", "authors"))

    def filters(self) -> dict[str, list[types.Option]]:
        tags = self.site.all("/wp/v2/tags", _fields="id,name", orderby="name")
        authors = self._authors()
        found: list[Category] = categories(self.site)
        return {
            "item_types": [types.Option("post", "Posts"), types.Option("page", "Pages")],
            "statuses": [types.Option(s, s.capitalize()) for s in STATUSES.split(",")],
            "categories": [types.Option(str(c.id), c.name) for c in found],
            "tags": [types.Option(str(t["id"]), html.unescape(str(t.get("name") or ""))) for t in tags],
            "authors": [types.Option(str(a["id"]), html.unescape(str(a.get("name") or ""))) for a in authors],
        }

    def unavailable(self) -> dict[str, str]:
        return self._unavailable

    def custom_fields(self) -> list[types.CustomField]:
        """See the base class: of the newest posts and pages, and of the oldest. Meta rows show here once they are
        registered for REST, ACF's fields once their group says "Show in REST API"."""
        asked = {"per_page": 50, "status": STATUSES, "context": "edit", "_fields": "id,meta,acf"}
        answers = (self.site.get(r, **asked, order=o) for r in ROUTES.values() for o in custom_fields.ORDERS)
        found = {row["id"]: row for answer in answers for row in paging.rows_of(answer)}
        return custom_fields.custom_fields_in(map(_custom, found.values()), SEO_KEYS)

    def _authors(self) -> list[Json]:
        """The site's authors; only the signed-in user if a security plugin hides users or removes the route."""
        try:
            found = self.site.all("/wp/v2/users", _fields="id,name", who="authors")
            self._unavailable.pop("authors", None)
        except StorePermanentError as error:
            self._unavailable["authors"] = _("The site did not return its users: {reason}", reason=error.message)
            me = current_user(self.site)
            found = [me] if me.get("id") else []
        return found

    def _parts(self, filters: types.Filters) -> list[tuple[str, Json]]:
        kinds = filters.get("item_types") or ["post", "page"]
        params: Json = {"status": ",".join(filters.get("statuses") or STATUSES.split(","))}
        if filters.get("authors"):
            params["author"] = ",".join(filters["authors"])
        terms = {key: ",".join(filters[key]) for key in ("categories", "tags") if filters.get(key)}
        parts = [("post", {**params, **terms})] if "post" in kinds else []
        # Pages have neither categories nor tags, so a filter by them leaves pages out.
        return parts + ([("page", params)] if "page" in kinds and not terms else [])

    def count(self, filters: types.Filters) -> int:
        return sum(self.site.count(ROUTES[kind], **params, context="edit") for kind, params in self._parts(filters))

    def page(self, filters: types.Filters, cursor: str | None) -> types.ItemPage:
        part, number = (int(n) for n in (cursor or "0:1").split(":"))
        parts = self._parts(filters)
        if part >= len(parts):
            return types.ItemPage([], None)
        kind, params = parts[part]
        order = {"orderby": "id", "order": "asc", "page": number, "per_page": self.page_size, "context": "edit"}
        order |= guard.asking(())
        found, response = self.site.call("GET", ROUTES[kind], {**params, **order})
        rows = paging.rows_of(found)
        self._walk.step(str(part), number, rows)
        self._look_at(rows)
        self._note_language(rows)
        self._load(rows)
        items = each(rows, kind, lambda row: self._item(row, kind))
        pages = whole(response.headers.get("X-WP-TotalPages", ""), digits=paging.DIGITS)
        if len(rows) == self.page_size if pages is None else number < pages:
            return types.ItemPage(items, f"{part}:{number + 1}")
        return types.ItemPage(items, f"{part + 1}:1" if part + 1 < len(parts) else None)

    @cached_property
    def _addresses(self) -> translations.ByAddress | None:
        """The languages of rows by their addresses, if the site has Polylang. Each of its languages has a category."""
        if translations.plugin_of(self.site.root.get("namespaces")) != translations.POLYLANG:
            return None
        terms = paging.rows_of(self.site.get("/wp/v2/categories", per_page=100, _fields="link"))
        return translations.ByAddress.judged_by((term.get("link") for term in terms), self._polylang_languages())

    def _note_language(self, rows: Sequence[Json]) -> None:
        untold = any(not row.get("lang") for row in rows)
        translations.note_language(rows, "link", self._addresses if untold else None)

    def _load(self, rows: list[Json]) -> None:
        """Load the names of all terms and the addresses of all featured images on a page, 100 of a kind per call."""
        self.tags.load(i for row in rows for i in paging.ids_of(row.get("tags")))
        self.categories.load(i for row in rows for i in paging.ids_of(row.get("categories")))
        pictures = {paging.id_of(row.get("featured_media")) for row in rows}
        wanted = sorted(pictures - {0} - self._media.keys())
        for start in range(0, len(wanted), 100):
            ids = ",".join(map(str, wanted[start : start + 100]))
            found = self.site.get("/wp/v2/media", include=ids, per_page=100, _fields="id,source_url")
            self._media.update(
                {paging.id_of(row.get("id")): str(row.get("source_url") or "") for row in paging.rows_of(found)}
            )

    def _item(self, row: Json, kind: str) -> types.StoreItem:
        there = self._texts(row)
        image = self._media.get(paging.id_of(row.get("featured_media")), "")
        data: Json = {
            **types.blank(),
            "name": reading.plain_text_of(str(there["name"])),
            "short_description": there["short_description"],
            "description": there["description"],
            "categories": self.categories.of(row.get("categories")),
            "tags": there.get("tags", []),
            "images": [image] if image else [],
            "parent_external_id": str(row.get("parent") or ""),
            "seo": {k.removeprefix("seo."): there[k] for k in there if k.startswith("seo.")},
            "raw": {k: row[k] for k in ("link", "status", "template", "author", "date_gmt", "format") if row.get(k)}
            | translations.language_of(row)
            | ({"built_with": builder} if (builder := _builder(row)) else {})
            | custom_fields.facts(_custom(row), self.placement.facts),
        }
        left_out = own_pages.reason(str(there["description"]))
        return types.StoreItem(str(row["id"]), kind, data, data["parent_external_id"], left_out=left_out)

    # --- sync

    def missing_place(self, field: str, item_type: str) -> str:
        if item_type not in ROUTES:
            return _("WordPress has only posts and pages.")
        if field in FIELDS or field in SEO or (field == "tags" and item_type == "post") or field.startswith("meta."):
            return ""
        return _("Pages have no tags.") if field == "tags" else _("WordPress has no field for it.")

    def fetch_texts(self, refs: Sequence[types.Ref], also: Collection[str] = ()) -> dict[types.Ref, types.Current]:
        self._unfiltered  # noqa: B018 - asked now, so that `lost` and `unwritable` ask nothing
        found: dict[types.Ref, types.Current] = {}
        state = guard.asking([*SEO_KEYS, *self.meta_keys(also)])
        for kind, route in ROUTES.items():
            asked = {ref.external_id: ref for ref in refs if ref.item_type == kind and ref.has_number}
            if not asked:
                continue
            listed = {"include": ",".join(asked), "per_page": len(asked), "status": STATUSES, "context": "edit"}
            rows = paging.rows_of(self.site.get(route, **listed, **state))
            self._look_at(rows)
            self._note_language(rows)
            self.tags.load(i for row in rows for i in paging.ids_of(row.get("tags")))
            for row in rows:
                if ref := asked.get(str(row.get("id"))):
                    there = self._texts(row, also)
                    found[ref] = types.Current(
                        there,
                        row,
                        str(row.get("modified_gmt") or ""),
                        refused=own_pages.reason(str(there["description"])),
                        built_with=_builder(row),
                        unshown=self._by_route(row),
                        language=str(row.get("lang") or row.get(translations.BY_ADDRESS) or ""),
                    )
        if found:
            self.guarded = guard.has_guard((current.raw for current in found.values()), None)
        return found

    def writes_are_conditional(self, batch: Sequence[types.Push]) -> bool:
        return guard.holds(batch)

    def stamps(self, refs: Sequence[types.Ref]) -> dict[types.Ref, str]:
        found: dict[types.Ref, str] = {}
        for kind, route in ROUTES.items():
            asked = {ref.external_id: ref for ref in refs if ref.item_type == kind and ref.has_number}
            if asked:
                query = {"include": ",".join(asked), "per_page": len(asked), "status": STATUSES}
                rows = self.site.get(route, **query, _fields="id,modified_gmt")
                found |= {
                    asked[str(row["id"])]: str(row.get("modified_gmt") or "")
                    for row in rows
                    if str(row.get("id")) in asked
                }
        return found

    def unwritable(self, push: types.Push) -> dict[str, str]:
        skipped: dict[str, str] = {}
        self._body(push, {}, skipped)
        return skipped

    def removed_by_filter(self, field: str, text: types.Text) -> str:
        """See the base class. WordPress filters the texts of all users except those with `unfiltered_html`."""
        return "" if field not in self.html_fields or self._unfiltered else kses.first_removal(str(text))

    def _texts(self, row: Json, also: Collection[str] = ()) -> types.Texts:
        there: types.Texts = {field: _raw(row.get(name)) for field, name in FIELDS.items()}
        if "tags" in row:
            there["tags"] = self.tags.of(row["tags"])
        meta = meta_of(row)
        there |= {field: str(meta[key] or "") for field, key in _seo_keys(meta).items()}
        for key in self.meta_keys(also):
            if key in meta:
                there[f"meta.{key}"] = _plain(meta[key])
        return there

    @property
    def made_tags(self) -> Mapping[str, str]:
        return self.tags.made

    def drop_tags(self, made: Mapping[str, str]) -> None:
        self.tags.drop(made)

    def prepare(self, batch: Sequence[types.Push]) -> None:
        self.tags.ids({name for push in batch for name in push.texts.get("tags", [])})

    def push(self, batch: Sequence[types.Push]) -> list[types.Pushed]:
        tag_ids = self.tags.ids({name for push in batch for name in push.texts.get("tags", [])})
        skipped: list[dict[str, str]] = [{} for _ in batch]
        requests = [
            WriteRequest(
                f"{ROUTES.get(push.ref.item_type, ROUTES['post'])}/{push.ref.external_id}",
                self._body(push, tag_ids, left) | guard.condition_of(push.current.raw),
            )
            for push, left in zip(batch, skipped, strict=True)
        ]
        answers = self.site.write_all(requests)
        return [self._result(*one) for one in zip(batch, answers, skipped, strict=True)]

    # --- further languages

    def languages(self) -> list[types.ShopLanguage]:
        """See the base class. Judged by the newest posts and pages."""
        plugin = translations.plugin_of(self.site.root.get("namespaces"))
        asked = {"per_page": 100, "status": STATUSES, "_fields": translations.FIELDS}
        rows = [row for route in ROUTES.values() for row in paging.rows_of(self.site.get(route, **asked))]
        reasons = {translations.POLYLANG: translations.POLYLANG_FREE, translations.WPML: translations.WPML_POSTS}
        translations.check_links(rows, plugin, without_links=reasons)
        return self._polylang_languages() or translations.of_rows(rows, "")

    def _polylang_languages(self) -> list[types.ShopLanguage]:
        return translations.of_polylang(lambda route: self.site.call("GET", route, signed=False)[0])

    def translated(self, into: Sequence[types.ShopLanguage]) -> LinkedTranslations:
        return LinkedTranslations(self, into, self._originals)

    def _originals(self, refs: Sequence[types.Ref]) -> dict[types.Ref, Json]:
        found: dict[types.Ref, Json] = {}
        for kind, route in ROUTES.items():
            asked = {ref.external_id: ref for ref in refs if ref.item_type == kind and ref.has_number}
            if asked:
                listed = {"include": ",".join(asked), "per_page": len(asked), "status": STATUSES}
                rows = paging.rows_of(self.site.get(route, **listed, _fields=translations.FIELDS))
                found |= {ref: row for row in rows if (ref := asked.get(str(row.get("id"))))}
        return found

    # --- writing

    def _by_route(self, row: Json) -> frozenset[str]:
        """The SEO texts that go by Rank Math's own route: the site registers no meta rows for them."""
        return frozenset(SEO.keys() - _seo_keys(meta_of(row)).keys()) if rank_math.has_route(self.site) else frozenset()

    def _body(self, push: types.Push, tag_ids: dict[str, int], skipped: dict[str, str]) -> Json:
        meta = meta_of(push.current.raw)
        registered = _seo_keys(meta)
        body: Json = {}
        fresh: dict[str, str | None] = {}  # null deletes a row; "" would leave an empty row
        for field, value in push.texts.items():
            if field in FIELDS:
                filtered = field in self.html_fields and not self._unfiltered
                body[FIELDS[field]] = reading.escape_stray_brackets(str(value)) if filtered else value
            elif field == "tags":
                body["tags"] = [tag_ids[name.casefold()] for name in value if name.casefold() in tag_ids]
            elif field in registered:
                fresh[registered[field]] = seo_text(registered[field], str(value)) or None
            elif field.startswith("meta.") and (key := field.removeprefix("meta.")) in meta:
                if isinstance(meta[key], str | None):
                    fresh[key] = str(value) or None
                else:
                    skipped[field] = _("The site's meta field of that name holds no text.")
            elif field in push.current.unshown:
                if push.is_undo or self.placement.seo_plugin != "rank_math":
                    skipped[field] = rank_math.NOT_COMPARABLE if push.is_undo else rank_math.UNSEEN
            else:
                skipped[field] = rank_math.NO_ROUTE if field in SEO else _("The site does not offer this field.")
        return {**body, "meta": fresh} if fresh else body

    def _result(self, push: types.Push, answer: Json | StoreError, skipped: dict[str, str]) -> types.Pushed:
        if isinstance(answer, StoreError):
            error = guard.refusal(answer.details.get("store_code"), answer.details.get("data")) or answer
            return types.Pushed(push.ref, skipped=skipped, error=error)
        if "id" not in answer:
            lost = LostAnswer(_("The site did not return a usable reply."), sent=True)  # it may have saved the change
            return types.Pushed(push.ref, skipped=skipped, error=lost)
        there = self._texts(answer, push.texts)
        by_route = {f: str(v) for f, v in push.texts.items() if f in push.current.unshown and f not in skipped}
        failed = rank_math.write(self.site, push.ref.external_id, {SEO[f]: text for f, text in by_route.items()})
        skipped |= {f: failed[SEO[f]] for f in by_route if SEO[f] in failed}
        there |= by_route
        return types.Pushed(push.ref, {f: there.get(f, "") for f in push.texts if f not in skipped}, skipped)


def _raw(value: object) -> str:
    if isinstance(value, dict):
        return str(value["raw"] if value.get("raw") is not None else value.get("rendered") or "")
    return str(value or "")


def _seo_keys(meta: ReadOnlyJson) -> dict[str, str]:
    """The registered meta rows for SEO texts, by field."""
    keys = seo_keys(meta)
    return {field: keys[name] for field, name in SEO.items() if name in keys}


def _builder(row: Json) -> str:
    content = row.get("content")
    rendered = str(content.get("rendered") or "") if isinstance(content, dict) else ""
    return builders.name_of(_raw(content), rendered=rendered, meta=meta_of(row), told=row.get(guard.PARAM))


def _plain(value: object) -> str:
    """A meta value as a text. Data become JSON with sorted keys, so that a change can be seen."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True) if value else ""


def _custom(row: Json) -> Json:
    acf = row.get("acf")  # PHP writes an empty map as a list
    return {**meta_of(row), **(acf if isinstance(acf, dict) else {})}
