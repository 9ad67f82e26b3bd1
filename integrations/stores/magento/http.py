"""Magento's REST calls: their signatures and addresses, its lists, and the meaning of its refusals.

The path of every read and write contains the store view's code: a write without it would create an accidental override
in the default view.
"""

from __future__ import annotations

from typing import Any

from integrations.stores.errors import LostAnswer
from integrations.stores.http import Pause, StoreHTTP
from integrations.stores.magento import lists, oauth
from integrations.stores.magento.criteria import search
from integrations.stores.types import Credentials
from scribe.http.client import Params

GLOBAL = "all"
HINT = "Check the integration's resources, and that Magento allows its token as a Bearer token (Stores > Configuration > Services > OAuth)."


class MagentoHTTP(StoreHTTP):
    """A token alone is sent as Bearer; with all four secrets, requests are signed by OAuth 1.0a."""

    def __init__(self, credentials: Credentials, pause: Pause) -> None:
        c = credentials

        def sign(method: str, url: str, params: Params) -> dict[str, str]:
            if not (c.consumer_key and c.consumer_secret and c.access_token_secret):
                return {"Authorization": f"Bearer {c.access_token}"}
            signed = oauth.header(
                method,
                url,
                params,
                consumer_key=c.consumer_key,
                consumer_secret=c.consumer_secret,
                token=c.access_token,
                token_secret=c.access_token_secret,
            )
            return {"Authorization": signed}

        super().__init__(c.base_url, sign=sign, pause=pause)

    def reason(self, body: Any) -> tuple[str, str]:
        """Magento's message with its parameters (`%1` or `%name`) filled in."""
        if not isinstance(body, dict):
            return "", ""
        text, given = str(body.get("message") or ""), body.get("parameters") or {}
        named = {str(i): v for i, v in enumerate(given, 1)} if isinstance(given, list) else given
        for name, value in sorted(named.items(), key=lambda p: -len(p[0])):
            text = text.replace(f"%{name}", str(value))
        return "", text[:500]

    def refusal(self, status: int, code: str, text: str) -> str:
        return f"Magento refuses the credentials or lacks a permission. {HINT}"

    def get(self, route: str, params: Params = None, *, scope: str) -> Any:
        return self.json("GET", _path(route, scope), params=params, timeout=60)

    def put(self, route: str, body: dict[str, Any], *, scope: str) -> dict[str, Any]:
        """Write once and return the row that Magento has now. Raises LostAnswer if the answer is anything else."""
        found = self.json("PUT", _path(route, scope), json=body, timeout=60, repeatable=False)
        if not isinstance(found, dict):
            raise LostAnswer("Magento gave no usable answer.", sent=True)
        return found

    def listed(self, route: str, fields: str, *, scope: str) -> list[dict[str, Any]]:
        """All rows of a list, page after page, with only the `fields` asked for."""
        rows: list[dict[str, Any]] = []
        number = 1
        while True:
            found = self.get(route, search({}, 300, page=number, fields=fields), scope=scope)
            some = lists.rows_of(found)
            if not some or some == rows[-len(some) :]:  # past the end Magento answers with the last page again
                return rows
            rows += some
            if len(rows) >= lists.total_of(found):
                return rows
            number += 1


def _path(route: str, scope: str) -> str:
    return f"/rest/{scope or GLOBAL}/V1{route}"
