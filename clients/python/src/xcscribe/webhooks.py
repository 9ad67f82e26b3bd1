"""Checking webhooks by Standard Webhooks 1.0: https://www.standardwebhooks.com"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import time
from collections.abc import Iterable
from typing import Any, Protocol

from xcscribe.errors import SignatureError

TOLERANCE_SECONDS = 300


class Headers(Protocol):
    """The headers of a request, of whatever framework: a dict, Django's, Starlette's, those of http.server."""

    def items(self) -> Iterable[tuple[str, str]]: ...


def verify(
    body: bytes,
    headers: Headers,
    secrets: str | Iterable[str],
    *,
    now: float | None = None,
    tolerance: int = TOLERANCE_SECONDS,
) -> dict[str, Any]:
    """The event of a webhook whose signature one of `secrets` (`whsec_…`) made. Raises SignatureError.

    `body` is the body as it came, byte for byte. Name the old and the new secret while you change them. Keep the
    header `webhook-id`: a repeat of the same event has the same.
    """
    known = {name.lower(): value for name, value in headers.items()}
    message_id, sent_at = known.get("webhook-id", ""), known.get("webhook-timestamp", "")
    if not message_id or not sent_at.isascii() or not sent_at.isdigit() or len(sent_at) > 12:
        raise SignatureError("The headers webhook-id and webhook-timestamp are missing or unreadable.")
    if abs((time.time() if now is None else now) - int(sent_at)) > tolerance:
        raise SignatureError("The webhook is too old, or from the future.")
    given = [part[3:] for part in known.get("webhook-signature", "").split(" ") if part.startswith("v1,")]
    for secret in [secrets] if isinstance(secrets, str) else secrets:
        expected = sign(body, message_id=message_id, sent_at=sent_at, secret=secret).removeprefix("v1,").encode()
        if any(hmac.compare_digest(expected, each.encode("utf-8", "replace")) for each in given):
            return _event(body)
    raise SignatureError("No signature fits.")


def sign(body: bytes, *, message_id: str, sent_at: str, secret: str) -> str:
    """The header `webhook-signature` of a webhook. `sent_at` is its `webhook-timestamp`, in seconds since 1970."""
    signed = message_id.encode() + b"." + sent_at.encode() + b"." + body
    return "v1," + base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def new_secret() -> str:
    """A secret such as endpoints have, for as long as one keeps it."""
    return "whsec_" + base64.b64encode(os.urandom(24)).decode()


def check_secret(secret: str) -> None:
    """Raises SignatureError for what is no secret of an endpoint."""
    _key(secret)


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureError("A secret is not of the form whsec_….") from error


def _event(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except ValueError as error:
        raise SignatureError("The body is not JSON.") from error
    if not isinstance(event, dict):
        raise SignatureError("The body is not an event.")
    return event
