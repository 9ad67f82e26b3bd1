"""The way through Shopify's pages: https://shopify.dev/docs/api/usage/pagination-graphql"""

from __future__ import annotations

from typing import Any

from integrations.stores.errors import StorePermanentError

AGAIN = "Shopify sends the same page again and again. This was recorded; please try later."


class Cursors:
    """The cursors of one walk. None comes twice, so a walk ends."""

    def __init__(self, first: str | None = None) -> None:
        self._seen = {first}

    def after(self, connection: Any) -> str | None:
        """The cursor of the page after `connection`, as Shopify answered it; None after the last page."""
        info = (connection or {}).get("pageInfo") or {}
        if not info.get("hasNextPage"):
            return None
        cursor = str(info["endCursor"])
        if cursor in self._seen:
            raise StorePermanentError(AGAIN, code="store_repeats_pages")
        self._seen.add(cursor)
        return cursor
