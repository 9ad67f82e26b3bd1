"""Many products by one bulk operation: https://shopify.dev/docs/api/usage/bulk-operations/queries

Shopify runs a query by itself and puts all that it finds into a file of JSON lines, which is fetched in one call. Entries of a
product's lists are lines of their own that name their product, in any order. The file is kept in a database on disk until its
products are handed over.

A cursor tells which operation it is and how many products are done, so any worker can go on: it looks again, which gives a fresh
address of the file, and fetches it once more. An operation whose id was lost with its worker is found by its query, where the
shop allows one at a time; else it ends unread. Looks become rarer, each after as long again as has passed, so that an operation of
ten minutes takes six.

Whatever goes wrong with the operation itself, the products are read page by page instead, and the page says why. The partial file
of a failed operation is not used: a product in it may lack some of its variants.
"""

import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import orjson

from integrations.shopify import documents
from integrations.shopify.graphql import ShopifyHTTP
from integrations.stores.errors import NotAuthorized, StoreError, StorePermanentError, StoreTransientError
from integrations.stores.misshapen import each
from integrations.stores.types import ItemPage, StoreItem
from scribe.messages import _, join
from scribe.types import Json

KIND = "bulk"
BEGIN = f"{KIND}:"
PAGE = 100  # products handed over at a time
MOST_LINES = 2000  # of the products handed over at a time, unless one alone has more
FIRST_LOOK = 10.0  # seconds
LONGEST_PAUSE = 300.0
LONGEST_TURN = 600.0  # to wait for another operation of ours in the shop
LONGEST_RUN = 4 * 3600.0
DOWNLOAD_SECONDS = 900.0
MOST_BYTES = 2 * 1024**3
LONGEST_LINE = 20 * 1024**2
MOST_MISSED = 3

AT_WORK = frozenset(("CREATED", "RUNNING", "CANCELING"))
TAKEN = frozenset(("OPERATION_IN_PROGRESS", "LIMIT_REACHED"))
PREPARES = _("Shopify is preparing the products of the store.")
ITS_TURN = _("Shopify is running another export of this store. This one starts afterwards.")
UNFETCHED = _("The product file could not be downloaded.")
ENDED = {
    "CANCELED": _("The product export at Shopify was cancelled."),
    "EXPIRED": _("The product export at Shopify has expired."),
}
FAILED = _("The product export at Shopify failed.")
BY_PAGES = _("We are reading the products page by page instead.")


@dataclass(frozen=True)
class _Stage:
    """How far it is. `began` is the time of the first request (seconds since 1970), `looks` are those made so far, `missed` those
    that found the file and could not fetch it, `done` the products handed over. `again`: it is the second operation."""

    id: str = ""
    began: float = 0.0
    looks: int = 0
    missed: int = 0
    done: int = 0
    again: bool = False

    @classmethod
    def of(cls, text: str) -> "_Stage":
        return cls(**json.loads(text)) if text else cls(began=time.time())

    def cursor(self) -> str:
        return BEGIN + json.dumps(asdict(self), separators=(",", ":"))

    @property
    def age(self) -> float:
        return max(0.0, time.time() - self.began)

    def later(self, note: str, code: str) -> ItemPage:
        """No items yet: look again after as long as it has taken so far."""
        pause = min(LONGEST_PAUSE, FIRST_LOOK * 2**self.looks)
        return ItemPage([], replace(self, looks=self.looks + 1).cursor(), pause, note, code)


class _Unusable(Exception):
    """Why the products are read page by page, in one sentence."""


class Bulk:
    """`read(row)` makes a product's items of its row, in the form of a page's row."""

    def __init__(self, http: ShopifyHTTP, read: Callable[[Json], list[StoreItem]]) -> None:
        self.http = http
        self.read = read
        self._lines: tuple[str, Lines] | None = None

    def page(self, query: str, after: str, *, instead: str, following: str | None) -> ItemPage:
        """The page after the cursor's text `after`. `instead` is the cursor to go on with if there is no operation to be had,
        `following` the one after the last product."""
        stage = _Stage.of(after)
        try:
            if not stage.id:
                return self._start(query, stage)
            held = self._lines is not None and self._lines[0] == stage.id
            if not held and (wait := self._look(query, stage)) is not None:
                return wait
            return self._some(stage, following)
        except _Unusable as reason:
            self._lines = None
            return ItemPage([], instead, note=join([str(reason), BY_PAGES]), code="store_bulk_unusable")

    def _start(self, query: str, stage: _Stage) -> ItemPage:
        document = documents.everything(query)
        try:
            answer = self.http.ask(documents.BULK_RUN, {"query": document}).get("bulkOperationRunQuery") or {}
        except StorePermanentError as error:
            raise _refusal(error) from error
        if made := answer.get("bulkOperation"):
            return replace(stage, id=str(made["id"]), began=time.time(), looks=0).later(PREPARES, "store_prepares")
        errors = [e for e in answer.get("userErrors") or [] if isinstance(e, dict)]
        if not any(e.get("code") in TAKEN for e in errors):
            raise _Unusable(_("Shopify refused to export the products."))
        if stage.looks == 0 and (ours := self._orphan(document)):
            return replace(stage, id=ours, began=time.time()).later(PREPARES, "store_prepares")
        if stage.age > LONGEST_TURN:
            raise _Unusable(_("Another export of this store has been running for a long time."))
        return stage.later(ITS_TURN, "store_busy")

    def _orphan(self, document: str) -> str:
        """The id of an operation at work on this very query, such as that of a killed worker; "" if there is none."""
        try:
            found = self.http.ask(documents.BULK_CURRENT).get("currentBulkOperation") or {}
        except StorePermanentError:
            return ""
        same = str(found.get("query") or "").split() == document.split()
        return str(found["id"]) if same and found.get("status") in AT_WORK else ""

    def _look(self, query: str, stage: _Stage) -> ItemPage | None:
        """Fetch the file if it is there. A page that waits if it is not yet."""
        try:
            found = self.http.ask(documents.BULK_LOOK, {"id": stage.id}).get("node") or {}
        except StorePermanentError as error:
            raise _refusal(error) from error
        status = str(found.get("status") or "")
        if status == "COMPLETED":
            return self._fetch(stage, str(found.get("url") or ""))
        if status in AT_WORK:
            if stage.age <= LONGEST_RUN:
                return stage.later(PREPARES, "store_prepares")
            self._cancel(stage.id)
            raise _Unusable(_("Shopify did not finish the product export in time."))
        passing = status == "EXPIRED" or (status == "FAILED" and found.get("errorCode") == "INTERNAL_SERVER_ERROR")
        if passing and not stage.again:
            return self._start(query, _Stage(began=time.time(), again=True))
        raise _Unusable(ENDED.get(status, FAILED))

    def _cancel(self, pk: str) -> None:
        try:
            self.http.ask(documents.BULK_CANCEL, {"id": pk})
        except StoreError:
            pass  # it ends by itself

    def _fetch(self, stage: _Stage, url: str) -> ItemPage | None:
        lines = Lines()

        def take(piece: bytes) -> None:
            self.http.pause(0)  # ends the call when the job was cancelled
            lines.add(piece)

        try:
            if url:  # an operation that found nothing has no file
                self.http.download(url, take, timeout=DOWNLOAD_SECONDS, max_bytes=MOST_BYTES)
            lines.close()
        except StoreError as error:
            missed = replace(stage, missed=stage.missed + 1)
            if isinstance(error, StoreTransientError) and missed.missed < MOST_MISSED:
                return missed.later(UNFETCHED, error.code)
            raise _Unusable(UNFETCHED) from error
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise _Unusable(_("The product file could not be read.")) from error
        self._lines = (stage.id, lines)
        return None

    def _some(self, stage: _Stage, following: str | None) -> ItemPage:
        assert self._lines is not None
        rows = self._lines[1].products(stage.done)
        items = each(rows, "product", self.read)
        done = stage.done + len(rows)
        if self._lines[1].count > done:
            return ItemPage(items, replace(stage, done=done).cursor())
        return ItemPage(items, following)


def _refusal(error: StorePermanentError) -> Exception:
    """Dead credentials end the import. What else Shopify refuses, it may still give by pages."""
    return (
        error
        if isinstance(error, NotAuthorized) and error.status == 401
        else _Unusable(_("Shopify has nothing to export."))
    )


class Lines:
    """The lines of a file, by their product, in a database that has no name and goes when it is closed or its process dies."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE product (n INTEGER PRIMARY KEY, id TEXT, line BLOB)")
        self._database.execute("CREATE TABLE entry (n INTEGER PRIMARY KEY, parent TEXT, line BLOB)")
        self._database.execute("BEGIN")
        self._left = b""
        self.count = 0

    def add(self, piece: bytes) -> None:
        """The next bytes of the file. Raises ValueError, LookupError or TypeError for what is no such file."""
        *whole, self._left = (self._left + piece).split(b"\n")
        for line in whole:
            self._add(line)
        if len(self._left) > LONGEST_LINE:
            raise ValueError("a line without an end")

    def _add(self, line: bytes) -> None:
        if not line.strip():
            return
        found = orjson.loads(line)
        if parent := found.get("__parentId"):
            self._database.execute("INSERT INTO entry (parent, line) VALUES (?, ?)", (str(parent), line))
        else:
            self._database.execute("INSERT INTO product VALUES (?, ?, ?)", (self.count, str(found["id"]), line))
            self.count += 1

    def close(self) -> None:
        """The file is complete."""
        self._add(self._left)
        self._left = b""
        self._database.execute("CREATE INDEX of_product ON entry (parent, n)")
        self._database.execute("COMMIT")

    def products(self, start: int) -> list[Json]:
        """Some products from number `start` on, each with its lists, as a page has them."""
        found: list[Json] = []
        lines = 0
        rows = self._database.execute("SELECT id, line FROM product WHERE n >= ? ORDER BY n LIMIT ?", (start, PAGE))
        for pk, line in rows:
            asked = self._database.execute("SELECT line FROM entry WHERE parent = ? ORDER BY n", (pk,))
            entries = [orjson.loads(entry) for (entry,) in asked]
            lines += 1 + len(entries)
            if found and lines > MOST_LINES:
                break
            found.append({**orjson.loads(line), **_lists(entries)})
        return found


def _lists(entries: list[Json]) -> Json:
    """The entries of a product in its lists, told apart by their ids: `gid://shopify/ProductVariant/1`."""
    names = {"ProductVariant": "variants", "Collection": "collections", "Metafield": "metafields"}
    found: dict[str, list[Json]] = {name: [] for name in documents.LISTS}
    for entry in entries:
        kind = str(entry.get("id")).removeprefix("gid://shopify/").partition("/")[0]
        found[names.get(kind, "media")].append(entry)  # pictures, films, models
    return {name: {"nodes": listed} for name, listed in found.items()}
