"""OAuth 1.0a signatures with HMAC-SHA256, as Magento's integrations require: RFC 5849, section 3.4.

https://developer.adobe.com/commerce/webapi/get-started/authentication/gs-authentication-oauth/
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit


def _encode(text: Any) -> str:
    return quote(str(text), safe="-._~")


def header(
    method: str,
    url: str,
    params: Mapping[str, Any] | Iterable[tuple[str, Any]] | None,
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
