"""The one interface of all store clients."""

import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Self

from integrations.stores import addresses, misshapen, texts, types
from integrations.stores.errors import Unsupported
from integrations.stores.http import StoreHTTP
from scribe.messages import _

NO_LANGUAGES = _("This platform supports only one language.")
READS = (
    "test",
    "filters",
    "custom_fields",
    "count",
    "page",
    "fetch_texts",
    "prepare",
    "stamps",
    "changed",
    "drop_tags",
    "languages",
)


class TextStore(ABC):
    """The texts of a store in one language, as a sync reads and writes them. Reads and writes are batched as far as the
    platform allows.

    Every method raises StoreError: StoreTransientError when it may work later, StorePermanentError when it won't.
    `read_size` and `batch_size` are the most items for one `fetch_texts` or `push`, `concurrency` the most calls at a
    time. A push first reads the items that it writes, so its batches are small; reads without a write use `read_size`.
    With `one_by_one` a batch is many writes, and each item is compared right before its write. `html_fields` are the
    places that hold HTML: plain text is escaped there. `field_places` maps each text that we generate to the key under which
    the platform keeps it on a product (in WordPress, on a post), or to CHOSEN or NO_PLACE. `guarded` says whether the
    store itself refuses a write to an item that was changed since we read it; None while that is not known. `missing_places`
    are the texts that this very shop has no place for, each with the reason, such as SEO texts without an SEO plugin; None while
    that is not known.
    """

    field_places: Mapping[str, str]
    read_size = 100
    batch_size = 25
    concurrency = 2
    one_by_one = False
    guarded: bool | None = None
    missing_places: Mapping[str, str] | None = None
    html_fields: frozenset[str] = frozenset(("description", "short_description"))
    http: StoreHTTP

    def __init_subclass__(cls, **more: object) -> None:
        super().__init_subclass__(**more)
        misshapen.guard(
            cls,
            reads=READS,
            writes=("push",),
        )

    @property
    def made_tags(self) -> Mapping[str, str]:
        """The ids of the tags that this client has created in the store, by lower-case name. Empty where tags are plain
        texts of a product."""
        return {}

    def drop_tags(self, made: Mapping[str, str]) -> None:  # noqa: B027 - where nothing is made
        """Delete those of these tags (id -> name) that are unused and that nobody has renamed or described since."""

    @abstractmethod
    def fetch_texts(self, refs: Sequence[types.Ref], also: Collection[str] = ()) -> dict[types.Ref, types.Current]:
        """The current texts of up to `read_size` items, without items that are gone.

        Chosen places (`meta.<key>`) are read if the placement names them or if they are in `also`: the places of
        earlier pushes, from before the project's settings changed.
        """

    def prepare(self, batch: Sequence[types.Push]) -> None:  # noqa: B027 - most platforms need nothing
        """Create or look up the tags and attributes that a push of this batch needs, so that `push` is one short call.
        This may take a while, so compare the batch with the store afterwards. May be repeated."""

    @abstractmethod
    def push(self, batch: Sequence[types.Push]) -> list[types.Pushed]:
        """Write up to `batch_size` items. Returns one result each, in order. A refused item does not stop the others.

        Raises only errors of the whole batch (credentials, throttling, no answer).
        """

    @abstractmethod
    def missing_place(self, field: str, item_type: str) -> str:
        """Why `field` can't be written for this kind of item ("" when it can)."""

    def attribute_place(self, name: str, known: str | None, placement: types.Placement, *, key: str) -> tuple[str, str]:
        """The text for an attribute of this name and "", or "" and the reason why it has no place.

        `known` is the text that holds it already; None if the store has no such attribute. `key` is the name in Latin
        letters, digits and `_`; empty if it can't be written so.
        """
        return known or f"attributes.{name}", ""

    def stamps(self, refs: Sequence[types.Ref]) -> dict[types.Ref, str]:
        """The time of each item's last change, as in `Current.modified`, by one small call. Items that are gone or of a
        kind without such a stamp are left out."""
        return {}

    def changed(self, batch: Sequence[types.Push]) -> list[types.Ref]:
        """The items of a batch that somebody changed since they were read, or for which the platform can't tell."""
        now = self.stamps([push.ref for push in batch])
        return [push.ref for push in batch if not push.current.modified or now.get(push.ref) != push.current.modified]

    def writes_are_conditional(self, batch: Sequence[types.Push]) -> bool:
        """Whether the store refuses each of these writes (`ConcurrentEdit`) if its item was changed since it was read."""
        return False

    def unwritable(self, push: types.Push) -> dict[str, str]:
        """The texts of a push that have no place in this item, each with the reason. Makes no call."""
        return {}

    def escaped_for(self, field: str, text: str) -> str:
        """A generated text in the form for `field`. Plain text (a name always is) is escaped for a place with HTML."""
        if field not in self.html_fields or (field != "name" and texts.is_html(text)):
            return text
        return texts.as_html(text)

    def removed_by_filter(self, field: str, text: types.Text) -> str:
        """The part that the store's filter would remove from a text on a write to `field`; "" if we know of none. A
        text that would lose something can't be put back."""
        return ""

    def in_platform_form(self, field: str, item_type: str, text: types.Text, current: types.Current) -> types.Text:
        """The text in a form that the platform keeps in that place of the item, such as lines or a JSON list."""
        return text


class Store(TextStore):
    """A connected store: its texts in its main language, its things for an import, and its further languages.
    `page_size` is the number of products on a page, `category_fields` are the texts that a category has.
    `translates_by_rows`: a translation is a row of its own.
    `translations_inherit`: where a translation has no text of its own, the main language's is its text."""

    page_size = 100
    category_fields = frozenset(("name", "description", "seo.title", "seo.description", "seo.slug"))
    translates_by_rows = False
    translations_inherit = False

    @classmethod
    @abstractmethod
    def opened(cls, credentials: types.Credentials, opening: types.Opening) -> Self:
        """The client of one store. Nothing is called yet."""

    @classmethod
    def address(cls, text: str) -> str:
        """The canonical address of a store, as it is kept. Raises InvalidInput at `base_url` when it may not be called."""
        return addresses.of_shop(text, pointer="#/base_url")

    @classmethod
    def called_at(cls, base_url: str) -> str:
        """The address to call for a kept address."""
        return base_url

    @abstractmethod
    def test(self) -> types.StoreInfo:
        """Make a live call with the credentials and learn the store's name."""

    @abstractmethod
    def filters(self) -> dict[str, list[types.Option]]:
        """The filters of an import by key, with the choices that this store has."""

    def unavailable(self) -> dict[str, str]:
        """The reasons why the last `filters` lack the choices of a key: `{key: one sentence}`."""
        return {}

    def custom_fields(self) -> list[types.CustomField]:
        """The custom fields of some items that a project's settings can make facts of. Empty where all are facts already."""
        return []

    @abstractmethod
    def filter_keys(self) -> frozenset[str]:
        """The keys of `filters`, without asking the store."""

    @abstractmethod
    def count(self, filters: types.Filters) -> int:
        """How many products (or posts and pages) match, without fetching them. Variants are not counted."""

    @abstractmethod
    def page(self, filters: types.Filters, cursor: str | None) -> types.ItemPage:
        """The page at `cursor` (None: the first), in a stable order, variants after their parents where known. A cursor is
        a text that outlives this client: another one goes on there."""

    def first_cursor(self, filters: types.Filters, count: int) -> str | None:
        """The cursor to begin with for `count` items, where another way of reading suits that many. None: the first page."""
        return None

    def batches(self, count: int) -> int:
        """The number of pages with items that `count` products come in."""
        return math.ceil(count / self.page_size)

    def pages(self, filters: types.Filters, cursor: str | None = None) -> Iterator[types.ItemPage]:
        """All pages from `cursor` on."""
        while True:
            page = self.page(filters, cursor)
            yield page
            if page.cursor is None:
                return
            if page.wait:
                self.http.pause(page.wait)
            cursor = page.cursor

    def languages(self) -> list[types.ShopLanguage]:
        """The languages of the shop. Raises Unsupported, with the reason, where it keeps none that a program can write."""
        raise Unsupported(NO_LANGUAGES)

    def translated(self, into: Sequence[types.ShopLanguage]) -> TextStore:
        """The shop's texts in one language of ours, which it knows under each of these codes; most shops have one code.

        A text is empty there while the item shows its main language instead. Raises Unsupported.
        """
        raise Unsupported(NO_LANGUAGES)


class WithPlacement:
    """Keeps the project's placement for clients that read and write chosen places."""

    placement: types.Placement = types.Placement()

    def place(self, placement: types.Placement) -> None:
        self.placement = placement

    def meta_keys(self, also: Collection[str] = ()) -> list[str]:
        """The keys of chosen places to read: those of the placement and of the texts in `also`."""
        more = {field.removeprefix("meta.") for field in also if field.startswith("meta.")}
        return sorted({*self.placement.meta_keys, *more})
