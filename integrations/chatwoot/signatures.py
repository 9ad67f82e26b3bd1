"""Whether a webhook comes from our Chatwoot.

`X-Chatwoot-Signature: sha256=<hex>` is HMAC-SHA256 of `<timestamp>.<raw body>` with the bot's webhook secret
(chatwoot#13573, #13892). For a server that does not sign, the hook's URL carries a token.
"""

from __future__ import annotations

import hashlib
import hmac
import time

from scribe.written import whole

TOLERANCE = 300


def is_signed(body: bytes, *, secret: str, timestamp: str, signature: str, now: float | None = None) -> bool:
    stamp = whole(timestamp, digits=12)
    if stamp is None:
        return False
    if abs((time.time() if now is None else now) - stamp) > TOLERANCE:
        return False
    expected = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"sha256={expected}".encode(), signature.encode("utf-8", "replace"))


def has_token(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
