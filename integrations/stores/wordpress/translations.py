"""Translations on WordPress: with Polylang and with WPML each language of a product or a post is a row of its own.

Where the plugins' paid parts tell it, a row carries `lang` and `translations` (`{code: id}`). We write the texts of a
translated row by its own id, and nothing else of it: its SKU, price, stock and address stay as they are. A row that the shop
has not translated yet is refused, since only the merchant's plugin makes and links one rightly.
https://polylang.pro/doc/rest-api/, https://wpml.org/documentation/related-projects/woocommerce-multilingual/
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from integrations.stores import walks
from integrations.stores.errors import Missing, NotAStore, NotAuthorized, Rejected, Unsupported
from integrations.stores.interface import TextStore
from integrations.stores.translations import Translations, without
from integrations.stores.types import Current, Push, Pushed, Ref, ShopLanguage, Text

POLYLANG, WPML = "polylang", "wpml"
FIELDS = "id,lang,translations"
LANGUAGES = "/pll/v1/languages"
SLUG = "The address of a translated page belongs to its language and is left as it is."
NO_PLUGIN = "The site has no plugin for several languages that tells programs about them (Polylang Pro or WPML)."
POLYLANG_FREE = "Polylang's free version does not tell programs which row is the translation of which. For products it takes Polylang for WooCommerce, for posts and pages Polylang Pro."
NO_WCML = "WPML tells programs about translated products only with its WooCommerce Multilingual, from version 4.11."
WPML_POSTS = (
    "WPML does not tell programs which post or page is the translation of which, so texts can't be brought to them."
)
UNLINKED = "The site does not tell which row is this one's translation."
ITSELF = "In the shop this is the {code} version itself, so it has no translation into that language."
MISSING = (
    "The shop has no {code} version of it yet. Make one with the shop's language plugin; its texts can be written then."
)
GONE = "The {code} version that the shop names for it can't be read. It may be in the trash."

#: Reads the rows of these items as `{item: row}`, each row with `FIELDS`.
Originals = Callable[[Sequence[Ref]], Mapping[Ref, Mapping[str, Any]]]


def plugin_of(namespaces: Iterable[str] | None) -> str:
    """The plugin for languages, by the namespaces of the site's index; "" for none, and where the index is hidden."""
    names = list(namespaces or ())
    if any(name.startswith("wpml/") for name in names):
        return WPML
    return POLYLANG if any(name.startswith("pll/") for name in names) else ""


def linked(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows that tell their language and their translations."""
    return [row for row in rows if row.get("lang") and isinstance(row.get("translations"), Mapping)]


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """What an import keeps of a row's language: `{lang, translations: {code: id}}`; empty where the row does not tell it."""
    if not linked([row]):
        return {}
    ids = {str(code): walks.id_of(_number(pk)) for code, pk in row["translations"].items()}
    return {"lang": str(row["lang"]), "translations": {code: str(pk) for code, pk in ids.items() if pk}}


def of_polylang(ask: Callable[[str], Any]) -> list[ShopLanguage]:
    """The languages by Polylang's own list, which is public; empty where the site does not give it."""
    try:
        rows = walks.rows_of(ask(LANGUAGES))
    except (Missing, NotAStore, NotAuthorized, Rejected):
        return []
    return [
        ShopLanguage(
            str(row["slug"]),
            str(row.get("name") or row["slug"]),
            locale=str(row.get("locale") or ""),
            primary=bool(row.get("is_default")),
        )
        for row in rows
        if row.get("slug")
    ]


def of_rows(rows: Iterable[Mapping[str, Any]], primary: str) -> list[ShopLanguage]:
    """The languages that these rows are in or are translated into: a language without a single row is not among them."""
    codes = {str(code) for row in linked(rows) for code in (row["lang"], *row["translations"])}
    return [
        ShopLanguage(code, code, primary=code == primary) for code in sorted(codes, key=lambda c: (c != primary, c))
    ]


def checked(rows: Sequence[Mapping[str, Any]], plugin: str, *, without_links: Mapping[str, str]) -> None:
    """Raises Unsupported where rows are there, and none of them tells its translations: with the reason for this plugin."""
    if (rows or not plugin) and not linked(rows):
        raise Unsupported(without_links.get(plugin, NO_PLUGIN), code="translations_unsupported")


class LinkedTranslations(Translations):
    """`store` writes the texts of a row; `originals` reads which row is an item's translation."""

    def __init__(self, store: TextStore, into: Sequence[ShopLanguage], originals: Originals) -> None:
        super().__init__(into)
        self.store, self.originals, self.http = store, originals, store.http
        self.keeps = without(store.keeps, "tags", "attributes", "seo.slug", "seo.focus_keyword")
        self.html_fields = store.html_fields
        self.read_size, self.batch_size, self.concurrency = store.read_size, store.batch_size, store.concurrency

    def missing_place(self, field: str, item_type: str) -> str:
        if field == "seo.slug":
            return SLUG
        return self.not_translated(field) or self.store.missing_place(field, item_type)

    def fetch_texts(self, refs: Sequence[Ref], also: Collection[str] = ()) -> dict[Ref, Current]:
        """See the base class. An item without a row in this language is there, and may not be written."""
        found: dict[Ref, Current] = {}
        rows: dict[Ref, Ref] = {}
        for ref, original in self.originals(refs).items():
            row, why = self._row_of(original)
            if row:
                rows[Ref(str(row), ref.item_type)] = ref
            else:
                found[ref] = Current({}, {}, refused=why)
        read = self.store.fetch_texts(list(rows), also) if rows else {}
        self.guarded = self.store.guarded
        for row_ref, ref in rows.items():
            current = read.get(row_ref)
            if current is None:
                found[ref] = Current({}, {}, refused=GONE.format(code=self.code))
                continue
            texts = {f: text for f, text in current.texts.items() if f != "seo.slug" and not self.not_translated(f)}
            found[ref] = replace(current, texts=texts, names={}, kept={})
        return found

    def _row_of(self, original: Mapping[str, Any]) -> tuple[int, str]:
        """The id of the row in this language and "", or 0 and the reason why there is none."""
        if not linked([original]):
            return 0, UNLINKED
        by_code = {str(code).casefold(): walks.id_of(_number(pk)) for code, pk in original["translations"].items()}
        row = next((pk for language in self.into if (pk := by_code.get(language.code.casefold()))), 0)
        spoken = str(original["lang"]).casefold()
        if row == original.get("id") or any(spoken == language.code.casefold() for language in self.into):
            return 0, ITSELF.format(code=self.code)
        return row, "" if row else MISSING.format(code=self.code)

    def _inside(self, push: Push) -> Push:
        return replace(push, ref=Ref(str(push.current.raw["id"]), push.ref.item_type))

    def changed(self, batch: Sequence[Push]) -> list[Ref]:
        refs = {(inside := self._inside(push)).ref: (push.ref, inside) for push in batch}
        return [refs[moved][0] for moved in self.store.changed([inside for _, inside in refs.values()])]

    def holds(self, batch: Sequence[Push]) -> bool:
        return self.store.holds(batch)

    def unwritable(self, push: Push) -> dict[str, str]:
        return self.store.unwritable(self._inside(push))

    def lost(self, field: str, text: Text) -> str:
        return self.store.lost(field, text)

    def fitted(self, field: str, item_type: str, text: Text, current: Current) -> Text:
        return self.store.fitted(field, item_type, text, current)

    def prepare(self, batch: Sequence[Push]) -> None:
        self.store.prepare([self._inside(push) for push in batch])

    def push(self, batch: Sequence[Push]) -> list[Pushed]:
        answers = self.store.push([self._inside(push) for push in batch])
        return [replace(answer, ref=push.ref) for push, answer in zip(batch, answers, strict=True)]


def _number(value: Any) -> Any:
    """An id that a plugin wrote as a text."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19 else value
