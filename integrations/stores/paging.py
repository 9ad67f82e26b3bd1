"""Walks through a WordPress collection by page numbers. The store may miscount, repeat a page, or send no list."""

from collections.abc import Iterator

from integrations.stores.errors import NotAStore, StorePermanentError
from scribe.messages import _
from scribe.types import Json

DIGITS = 9  # the most digits of a count of rows or pages: no shop has a billion
MOST_PAGES = 1000  # of a list that is kept in memory: of its rows, a page has at least 100
NO_END = _("A list of the store has no end. A plugin may be adding rows to each page.")
NO_LIST = _("The store did not return a list. A firewall or a plugin may be blocking its API.")
SAME_PAGE = _(
    "The store returns the same rows for every page. A cache may be ignoring the page number: "
    "exclude the REST API from caching."
)


def rows_of(answer: object) -> list[Json]:
    """The rows of a page. Raises NotAStore for anything but a list: as an empty page it would end the walk early."""
    if not isinstance(answer, list):
        raise NotAStore(NO_LIST)
    return [row for row in answer if isinstance(row, dict)]


def id_of(value: object) -> int:
    """An id of WordPress; 0 for anything else, since no row has the id 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63 else 0


def ids_of(value: object) -> list[int]:
    """The ids in a list; other entries are left out."""
    return [found for one in value if (found := id_of(one))] if isinstance(value, list) else []


def numbers() -> Iterator[int]:
    """The numbers of the pages of a list that is kept in memory: 1, 2, 3, … Raises StorePermanentError after MOST_PAGES."""
    yield from range(1, MOST_PAGES + 1)
    raise StorePermanentError(NO_END, code="store_repeats_pages")


class Pager:
    """The position of a walk. If a page repeats the one before it, the walk ends with StorePermanentError."""

    def __init__(self) -> None:
        self._place: tuple[str, int] = ("", 0)
        self._ids: list[object] = []

    def step(self, part: str, number: int, rows: list[Json]) -> None:
        """Record page `number` of `part`. Raises StorePermanentError if it repeats the page before it."""
        ids = [row.get("id") for row in rows]
        follows = self._place == (part, number - 1)
        if follows and ids and ids == self._ids:
            raise StorePermanentError(SAME_PAGE, code="store_repeats_pages")
        self._place, self._ids = (part, number), ids
