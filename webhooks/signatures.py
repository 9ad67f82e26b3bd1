"""Secrets and signatures by Standard Webhooks 1.0 (github.com/standard-webhooks/standard-webhooks, spec)."""

import base64
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(*, secrets: Iterable[str], message_id: str, body: str, now: datetime) -> dict[str, str]:
    """The three headers of an attempt at `now`, signed with each of `secrets`."""
    now = now.astimezone(UTC)  # the library reads the clock time of any zone as UTC
    signed = [Webhook(secret).sign(message_id, now, body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }
