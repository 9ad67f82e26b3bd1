"""The one interface of all store clients."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Self

from integrations.stores import addresses, texts
from integrations.stores.http import StoreHTTP
from integrations.stores.types import (
    Credentials,
    Current,
    Filters,
    ItemPage,
    Opening,
    Option,
    Placement,
    Push,
    Pushed,
    Ref,
    StoreInfo,
    Text,
)


class Store(ABC):
    """A connected store. Reads and writes are batched as far as the platform allows.

    Every method raises StoreError: StoreTransientError when it may work later, StorePermanentError when it won't.
    `page_size` is how many products a page has, `read_size` and `batch_size` how many items `fetch_texts` and `push`
    take at once, `concurrency` how many calls the store stands at a time. A push reads just what it is about to write,
    so its batches are small; `read_size` is for looking alone. With `one_by_one` a batch is many writes, and each is
    compared right before it. `html_fields` are the places that hold HTML: plain text is escaped there.
    `keeps` says of each text that we generate under which key the platform keeps it on a product (a post, in
    WordPress), or CHOSEN or NOWHERE.
    """

    keeps: Mapping[str, str]
    page_size = 100
    read_size = 100
    batch_size = 25
    concurrency = 2
    one_by_one = False
    html_fields: frozenset[str] = frozenset(("description", "short_description"))
    http: StoreHTTP

    @classmethod
    @abstractmethod
    def opened(cls, credentials: Credentials, opening: Opening) -> Self:
        """The client of one store. Nothing is called yet."""

    @classmethod
    def address(cls, text: str) -> str:
        """The canonical address of a store, as it is kept. Raises InvalidInput at `base_url` when it may not be called."""
        return addresses.of_shop(text, pointer="#/base_url")

    @classmethod
    def called_at(cls, base_url: str) -> str:
        """The address that is called for the one that is kept."""
        return base_url

    @property
    def made_tags(self) -> Mapping[str, str]:
        """The tags that this client has made in the store: their ids there, by lower-case name. Where tags are plain
        texts of a product, nothing is made."""
        return {}

    def drop_tags(self, made: Mapping[str, str]) -> None:  # noqa: B027 - where nothing is made
        """Delete those of these tags (id -> name) that nothing uses and nobody has renamed or described since."""

    @abstractmethod
    def test(self) -> StoreInfo:
        """Make a live call with the credentials and learn the store's name."""

    @abstractmethod
    def filters(self) -> dict[str, list[Option]]:
        """What an import can be narrowed by, with the choices that this store has."""

    def unavailable(self) -> dict[str, str]:
        """Why the last `filters` lack the choices of a key: `{key: one sentence}`."""
        return {}

    @abstractmethod
    def filter_keys(self) -> frozenset[str]:
        """The keys of `filters`, without asking the store."""

    @abstractmethod
    def count(self, filters: Filters) -> int:
        """How many products (or posts and pages) match, without fetching them. Variants are not counted."""

    @abstractmethod
    def page(self, filters: Filters, cursor: str | None) -> ItemPage:
        """The page at `cursor` (None: the first), in a stable order, variants after their parents where known."""

    def pages(self, filters: Filters, cursor: str | None = None) -> Iterator[ItemPage]:
        """All pages from `cursor` on."""
        while True:
            page = self.page(filters, cursor)
            yield page
            if page.cursor is None:
                return
            cursor = page.cursor

    @abstractmethod
    def fetch_texts(self, refs: Sequence[Ref], also: Collection[str] = ()) -> dict[Ref, Current]:
        """What the store holds now for up to `read_size` items; those that are gone are left out.

        Of chosen places (`meta.<key>`) those are read that the placement names, and those in `also`: where something was
        written before the project's settings named another place.
        """

    def prepare(self, batch: Sequence[Push]) -> None:  # noqa: B027 - most platforms need nothing
        """Make and look up what a push of these needs beside them, such as tags, so that `push` is one short call. It may
        take a while, so what is to be written is compared with the store after it."""

    @abstractmethod
    def push(self, batch: Sequence[Push]) -> list[Pushed]:
        """Write up to `batch_size` items; one result each, in order. A refused item does not stop the others.

        Raises only what concerns the whole batch (credentials, throttling, no answer).
        """

    @abstractmethod
    def missing_place(self, field: str, item_type: str) -> str:
        """Why `field` can't be written for this kind of item ("" when it can)."""

    def attribute_place(self, name: str, known: str | None, placement: Placement, *, key: str) -> tuple[str, str]:
        """The text that holds an attribute of this name, or "" and the reason why it has no place.

        `known` is the text that holds it already, None when the store has no such attribute. `key` is the name in Latin
        letters, digits and `_`; empty when it can't be written so.
        """
        return known or f"attributes.{name}", ""

    def stamps(self, refs: Sequence[Ref]) -> dict[Ref, str]:
        """When each was last changed, as `Current.modified` has it, in one small call; those that are gone, and those
        of a kind that the platform keeps no stamp of, are left out."""
        return {}

    def changed(self, batch: Sequence[Push]) -> list[Ref]:
        """Those of a batch that somebody changed since they were read, or of which the platform can't say."""
        now = self.stamps([push.ref for push in batch])
        return [push.ref for push in batch if not push.current.modified or now.get(push.ref) != push.current.modified]

    def unwritable(self, push: Push) -> dict[str, str]:
        """Which texts of a push have no place in this very item, and why. Known before anything is sent; asks nothing."""
        return {}

    def put(self, field: str, text: str) -> str:
        """A generated text as `field` holds it: plain text, which a name always is, is escaped where the place is HTML."""
        if field not in self.html_fields or (field != "name" and texts.is_html(text)):
            return text
        return texts.as_html(text)

    def lost(self, field: str, text: Text) -> str:
        """What this store's own filter would take out of a text when it is written there, "" for nothing that we know of.
        An old text of which something is lost can't be put back."""
        return ""

    def fitted(self, field: str, item_type: str, text: Text, current: Current) -> Text:
        """The text as this platform can keep it in that place of the item, which may take less than HTML, or a list."""
        return text


class WithPlacement:
    """Keeps the project's placement for clients that read and write chosen places."""

    placement: Placement = Placement()

    def place(self, placement: Placement) -> None:
        self.placement = placement

    def meta_keys(self, also: Collection[str] = ()) -> list[str]:
        """The chosen keys to read, and those of the texts in `also`."""
        more = {field.removeprefix("meta.") for field in also if field.startswith("meta.")}
        return sorted({*self.placement.meta_keys, *more})
