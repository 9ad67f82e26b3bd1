"""The one interface of the four store clients."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from integrations.stores.http import StoreHTTP
from integrations.stores.types import Current, Filters, Option, Page, Placement, Platform, Push, Pushed, Ref, StoreInfo


class Store(ABC):
    """A connected store. Reads and writes are batched as far as the platform allows.

    Every method raises StoreError: TransientError when it may work later, PermanentError when it won't. `page_size` is
    how many products a page has, `read_size` and `batch_size` how many items `fetch_texts` and `push` take at once,
    `concurrency` how many calls the store stands at a time.
    """

    platform: Platform
    page_size = 100
    read_size = 100
    batch_size = 100
    concurrency = 2
    http: StoreHTTP

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
    def page(self, filters: Filters, cursor: str | None) -> Page:
        """The page at `cursor` (None: the first), in a stable order, variants after their parents where known."""

    def pages(self, filters: Filters, cursor: str | None = None) -> Iterator[Page]:
        """All pages from `cursor` on."""
        while True:
            page = self.page(filters, cursor)
            yield page
            if page.cursor is None:
                return
            cursor = page.cursor

    @abstractmethod
    def fetch_texts(self, refs: Sequence[Ref]) -> dict[Ref, Current]:
        """What the store holds now for up to `read_size` items; those that are gone are left out."""

    @abstractmethod
    def push(self, batch: Sequence[Push]) -> list[Pushed]:
        """Write up to `batch_size` items; one result each, in order. A refused item does not stop the others.

        Raises only what concerns the whole batch (credentials, throttling, no answer).
        """

    @abstractmethod
    def missing_place(self, field: str, item_type: str) -> str:
        """Why `field` can't be written for this kind of item ("" when it can)."""


class WithPlacement:
    """Keeps the project's placement for clients that read and write chosen places."""

    placement: Placement = Placement()

    def place(self, placement: Placement) -> None:
        self.placement = placement
