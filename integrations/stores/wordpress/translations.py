"""Translations on WordPress: with Polylang and with WPML each language of a product or a post is a row of its own.

Where the plugins' paid parts tell it, a row carries `lang` and `translations` (`{code: id}`). We write the texts of a
translated row by its own id, and nothing else of it: its SKU, price, stock and address stay as they are. A row that the shop
has not translated yet is refused, since only the merchant's plugin makes and links one rightly.
https://polylang.pro/doc/rest-api/, https://wpml.org/documentation/related-projects/woocommerce-multilingual/
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

from integrations.stores import paging
from integrations.stores.errors import Missing, NotAStore, NotAuthorized, Rejected, Unsupported
from integrations.stores.interface import TextStore
from integrations.stores.translations import Translations, without
from integrations.stores.types import Current, Push, Pushed, Ref, ShopLanguage, Text
from scribe.messages import _
from scribe.types import Json, JsonValue, ReadOnlyJson

POLYLANG, WPML = "polylang", "wpml"
FIELDS = "id,lang,translations"
BY_ADDRESS = "language_by_address"  # a key that we add to rows
LANGUAGES = "/pll/v1/languages"
SLUG = _("The address of a translated page belongs to its language, so it was not changed.")
NO_PLUGIN = _("To publish in several languages, the site needs Polylang Pro or WPML.")
POLYLANG_FREE = _(
    "The free version of Polylang does not support this. Products need Polylang for WooCommerce; "
    "posts and pages need Polylang Pro."
)
NO_WCML = _("To update translated products with WPML, the site needs WooCommerce Multilingual 4.11 or later.")
WPML_POSTS = _("WPML does not support this for posts and pages, so their translations can't be updated.")
UNLINKED = _("The site does not show which entry is the translation.")
ITSELF = _("In the store this is already the {code} version, so it can't be translated into that language.")
MISSING = _("The store has no {code} version of it yet. Create one with the store's language plugin, then sync again.")
UNDETERMINED = "und"  # of BCP 47: the site has several languages and does not tell which one a row is in
GONE = _("The {code} version that the store names for it can't be read. It may be in the trash.")

#: Reads the rows of these items as `{item: row}`, each row with `FIELDS`.
Originals = Callable[[Sequence[Ref]], Mapping[Ref, ReadOnlyJson]]


def plugin_of(namespaces: Iterable[str] | None) -> str:
    """The plugin for languages, by the namespaces of the site's index; "" for none, and where the index is hidden."""
    names = list(namespaces or ())
    if any(name.startswith("wpml/") for name in names):
        return WPML
    return POLYLANG if any(name.startswith("pll/") for name in names) else ""


def linked_rows(rows: Iterable[ReadOnlyJson]) -> list[ReadOnlyJson]:
    """The rows that tell their language and their translations."""
    return [row for row in rows if row.get("lang") and isinstance(row.get("translations"), Mapping)]


def language_of(row: ReadOnlyJson) -> Json:
    """What an import keeps of a row's language: `{lang, translations: {code: id}}`; `{lang}` where only its address tells it."""
    if not linked_rows([row]):
        return {"lang": told} if (told := row.get(BY_ADDRESS)) else {}
    ids = {str(code): paging.id_of(_number(pk)) for code, pk in row["translations"].items()}
    return {"lang": str(row["lang"]), "translations": {code: str(pk) for code, pk in ids.items() if pk}}


def of_polylang(ask: Callable[[str], JsonValue]) -> list[ShopLanguage]:
    """The languages by Polylang's own list, which is public; empty where the site does not give it."""
    try:
        rows = paging.rows_of(ask(LANGUAGES))
    except (Missing, NotAStore, NotAuthorized, Rejected):
        return []
    return [
        ShopLanguage(
            str(row["slug"]),
            str(row.get("name") or row["slug"]),
            locale=str(row.get("locale") or ""),
            primary=bool(row.get("is_default")),
            home=str(row.get("home_url") or ""),
        )
        for row in rows
        if row.get("slug")
    ]


@dataclass(frozen=True)
class ByAddress:
    """The languages of rows by their addresses, since Polylang's free version tells no other sign of them. `told` is False
    where the site's addresses are the same in all languages: then only people know."""

    spoken: Sequence[ShopLanguage]
    told: bool

    @classmethod
    def judged_by(cls, links: Iterable[object], spoken: Sequence[ShopLanguage]) -> "ByAddress":
        """`links` are the addresses of rows of which some are in a further language."""
        told = cls(spoken, told=True)
        further = {one.locale or one.code for one in spoken if not one.primary}
        return cls(spoken, any(told.language_of(link) in further for link in links))

    def language_of(self, link: object) -> str:
        """The locale of the row with this address, or `UNDETERMINED`; "" for a site with one language."""
        if len(self.spoken) < 2:
            return ""
        fits = (
            [(len(home), one) for one in self.spoken if (home := _below(str(link or ""), one.home))]
            if self.told
            else []
        )
        best = max(fits, key=lambda fit: fit[0])[1] if fits else None
        return (best.locale or best.code) if best else UNDETERMINED


def _below(link: str, home: str) -> str:
    """What the address has of a language's home, or "" if it belongs to another."""
    at, start = urlsplit(link), urlsplit(home)
    path = start.path.rstrip("/") + "/"
    spoken = parse_qs(start.query).get("lang", [])
    if at.netloc != start.netloc or not f"{at.path}/".startswith(path):
        return ""
    return "" if spoken and spoken != parse_qs(at.query).get("lang") else f"{path}{''.join(spoken)}"


def note_language(rows: Iterable[Json], key: str, judged: ByAddress | None) -> None:
    """Note in the rows that tell no language the one that their address (`key`) tells."""
    for row in rows:
        if judged and not row.get("lang"):
            row[BY_ADDRESS] = judged.language_of(row.get(key))


def of_rows(rows: Iterable[ReadOnlyJson], primary: str) -> list[ShopLanguage]:
    """The languages that these rows are in or are translated into: a language without a single row is not among them."""
    codes = {str(code) for row in linked_rows(rows) for code in (row["lang"], *row["translations"])}
    return [
        ShopLanguage(code, code, primary=code == primary) for code in sorted(codes, key=lambda c: (c != primary, c))
    ]


def check_links(rows: Sequence[ReadOnlyJson], plugin: str, *, without_links: Mapping[str, str]) -> None:
    """Raises Unsupported where rows are there, and none of them tells its translations: with the reason for this plugin."""
    if (rows or not plugin) and not linked_rows(rows):
        raise Unsupported(without_links.get(plugin, NO_PLUGIN), code="translations_unsupported")


class LinkedTranslations(Translations):
    """`store` writes the texts of a row; `originals` reads which row is an item's translation."""

    def __init__(self, store: TextStore, into: Sequence[ShopLanguage], originals: Originals) -> None:
        super().__init__(into)
        self.store, self.originals, self.http = store, originals, store.http
        self.field_places = without(store.field_places, "tags", "attributes", "seo.slug")
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

    def _row_of(self, original: ReadOnlyJson) -> tuple[int, str]:
        """The id of the row in this language and "", or 0 and the reason why there is none."""
        if not linked_rows([original]):
            return 0, UNLINKED
        by_code = {str(code).casefold(): paging.id_of(_number(pk)) for code, pk in original["translations"].items()}
        row = next((pk for language in self.into if (pk := by_code.get(language.code.casefold()))), 0)
        spoken = str(original["lang"]).casefold()
        if row == original.get("id") or any(spoken == language.code.casefold() for language in self.into):
            return 0, ITSELF.format(code=self.code)
        return row, "" if row else MISSING.format(code=self.code)

    def _inside(self, push: Push) -> Push:
        return replace(push, ref=Ref(str(push.current.raw["id"]), push.ref.item_type))

    def changed(self, batch: Sequence[Push]) -> list[Ref]:
        refs = {(inside := self._inside(push)).ref: (push.ref, inside) for push in batch}
        return [refs[moved][0] for moved in self.store.changed([inside for _unused, inside in refs.values()])]

    def writes_are_conditional(self, batch: Sequence[Push]) -> bool:
        return self.store.writes_are_conditional(batch)

    def unwritable(self, push: Push) -> dict[str, str]:
        return self.store.unwritable(self._inside(push))

    def removed_by_filter(self, field: str, text: Text) -> str:
        return self.store.removed_by_filter(field, text)

    def in_platform_form(self, field: str, item_type: str, text: Text, current: Current) -> Text:
        return self.store.in_platform_form(field, item_type, text, current)

    def prepare(self, batch: Sequence[Push]) -> None:
        self.store.prepare([self._inside(push) for push in batch])

    def push(self, batch: Sequence[Push]) -> list[Pushed]:
        answers = self.store.push([self._inside(push) for push in batch])
        return [replace(answer, ref=push.ref) for push, answer in zip(batch, answers, strict=True)]


def _number(value: object) -> JsonValue:
    """An id that a plugin wrote as a text."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19 else value
