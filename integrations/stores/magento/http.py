"""Magento's REST calls: their signatures and addresses, its lists, and the meaning of its refusals.

The path of every read and write contains the store view's code: a write without it would create an accidental override
in the default view.
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote, urlsplit

from integrations.stores import paging
from integrations.stores.errors import LostAnswer
from integrations.stores.http import Pause, StoreHTTP
from integrations.stores.magento import criteria
from integrations.stores.magento.criteria import search
from integrations.stores.types import Credentials
from scribe.http.client import Params
from scribe.messages import _, join
from scribe.types import Json, JsonValue, ReadOnlyJson

GLOBAL = "all"
LISTED = 300  # rows of a list that are asked for at once
HINT = _(
    "Check the integration's resources, and that Magento allows its token as a Bearer token (Stores > Configuration > "
    "Services > OAuth)."
)


class MagentoHTTP(StoreHTTP):
    """A token alone is sent as Bearer; with all four secrets, requests are signed by OAuth 1.0a."""

    def __init__(self, credentials: Credentials, pause: Pause) -> None:
        c = credentials

        def sign(method: str, url: str, params: Params) -> dict[str, str]:
            if not (c.consumer_key and c.consumer_secret and c.access_token_secret):
                return {"Authorization": f"Bearer {c.access_token}"}
            signed = header(
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

    def reason(self, body: object) -> tuple[str, str]:
        """Magento's message with its parameters (`%1` or `%name`) filled in."""
        if not isinstance(body, dict):
            return "", ""
        text, given = str(body.get("message") or ""), body.get("parameters") or {}
        named = {str(i): v for i, v in enumerate(given, 1)} if isinstance(given, list) else given
        for name, value in sorted(named.items(), key=lambda p: -len(p[0])):
            text = text.replace(f"%{name}", str(value))
        return "", text[:500]

    def refusal(self, status: int, code: str, text: str) -> str:
        return join([_("Magento rejected the credentials, or the integration lacks a permission."), HINT])

    def get(self, route: str, params: Params = None, *, scope: str) -> JsonValue:
        return self.json("GET", _path(route, scope), params=params, timeout=60)

    def put(self, route: str, body: Json, *, scope: str) -> Json:
        """Write once and return the row that Magento has now. Raises LostAnswer if the answer is anything else."""
        found = self.json("PUT", _path(route, scope), json=body, timeout=60, repeatable=False)
        if not isinstance(found, dict):
            raise LostAnswer(_("Magento did not return a usable reply."), sent=True)
        return found

    def listed(self, route: str, fields: str, *, scope: str) -> list[Json]:
        """All rows of a list, page after page, with only the `fields` asked for."""
        rows: list[Json] = []
        for number in paging.numbers():
            found = self.get(route, search({}, LISTED, page=number, fields=fields), scope=scope)
            some = criteria.rows_of(found)
            if not some or some == rows[-len(some) :]:  # past the end Magento answers with the last page again
                break
            rows += some
            if criteria.is_last(found, len(rows), LISTED):
                break
        return rows


def _path(route: str, scope: str) -> str:
    return f"/rest/{scope or GLOBAL}/V1{route}"


def _encode(text: object) -> str:
    return quote(str(text), safe="-._~")


def header(
    method: str,
    url: str,
    params: ReadOnlyJson | Iterable[tuple[str, JsonValue]] | None,
    *,
    consumer_key: str,
    consumer_secret: str,
    token: str,
    token_secret: str,
    nonce: str | None = None,
    timestamp: int | None = None,
) -> str:
    """The Authorization header of one request. It signs query parameters, but not a JSON body."""
    oauth = {
        "oauth_consumer_key": consumer_key,
        "oauth_nonce": nonce or secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(timestamp or int(time.time())),
        "oauth_token": token,
        "oauth_version": "1.0",
    }
    parts = urlsplit(url)
    pairs = [*params.items()] if isinstance(params, Mapping) else list(params or [])
    pairs += [*parse_qsl(parts.query, keep_blank_values=True), *oauth.items()]
    normalized = "&".join(f"{k}={v}" for k, v in sorted((_encode(k), _encode(v)) for k, v in pairs))
    host = parts.hostname or ""
    port = "" if parts.port in (None, {"http": 80, "https": 443}[parts.scheme]) else f":{parts.port}"
    base = "&".join([method.upper(), _encode(f"{parts.scheme}://{host}{port}{parts.path}"), _encode(normalized)])
    key = f"{_encode(consumer_secret)}&{_encode(token_secret)}"
    signature = base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha256).digest()).decode()
    return "OAuth " + ", ".join(f'{k}="{_encode(v)}"' for k, v in {**oauth, "oauth_signature": signature}.items())
