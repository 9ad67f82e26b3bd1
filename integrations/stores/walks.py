"""Walks through a WordPress collection by page numbers. The store may miscount, repeat a page, or send no list."""

from __future__ import annotations

from typing import Any

from integrations.stores.errors import NotAStore, StorePermanentError

DIGITS = 9  # the most digits of a count of rows or pages: no shop has a billion
NO_LIST = "The store answers with something else than a list. A firewall or a plugin may be in the way."
SAME_PAGE = (
    "The store sends the same rows for every page. A cache in front of it may leave out the page's number: let it pass on the "
    "addresses of the REST API."
)


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """The rows of a page. Raises NotAStore for anything but a list: as an empty page it would end the walk early."""
    if not isinstance(answer, list):
        raise NotAStore(NO_LIST)
    return [row for row in answer if isinstance(row, dict)]


def id_of(value: Any) -> int:
    """An id of WordPress; 0 for anything else, since no row has the id 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63 else 0


def ids_of(value: Any) -> list[int]:
    """The ids in a list; other entries are left out."""
    return [found for one in value if (found := id_of(one))] if isinstance(value, list) else []


class Walk:
    """The position of a walk. If a page repeats the one before it, the walk ends with StorePermanentError."""

    def __init__(self) -> None:
        self._place: tuple[str, int] = ("", 0)
        self._ids: list[Any] = []

    def step(self, part: str, number: int, rows: list[dict[str, Any]]) -> None:
        """Record page `number` of `part`. Raises StorePermanentError if it repeats the page before it."""
        ids = [row.get("id") for row in rows]
        follows = self._place == (part, number - 1)
        if follows and ids and ids == self._ids:
            raise StorePermanentError(SAME_PAGE, code="store_repeats_pages")
        self._place, self._ids = (part, number), ids
