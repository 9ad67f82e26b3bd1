"""Secrets at rest, and signed values in links.

Fields are encrypted with Fernet (AES-128-CBC and HMAC-SHA256, spec: github.com/fernet/spec). `FIELD_ENCRYPTION_KEYS`
lists the keys: the first encrypts, all decrypt. To rotate keys, put a new one in front and run `manage.py rotate_keys`.
"""

import base64
import hashlib
from datetime import timedelta
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core import signing
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from scribe.types import Json


@lru_cache(maxsize=8)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(_key(key)) for key in keys])
    except ValueError as error:
        raise ImproperlyConfigured(
            "FIELD_ENCRYPTION_KEYS needs Fernet keys (32 bytes, base64), comma-separated."
        ) from error


def _key(text: str) -> bytes:
    if text.startswith("unset-"):  # in a command that needs no secret, such as `check` without an environment
        return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return text.encode()


def ring() -> MultiFernet:
    """The present keys, the encrypting one first."""
    return _ring(tuple(settings.FIELD_ENCRYPTION_KEYS))


def encrypt(text: str) -> str:
    return ring().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text behind `token`. Raises `InvalidToken` when no key in the ring made it."""
    return ring().decrypt(token.encode()).decode()


def rotate(token: str) -> str:
    """The same secret under the first key."""
    return ring().rotate(token.encode()).decode()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is encrypted in the database. The empty string stays empty. It cannot be searched, on purpose."""

    description = "Encrypted text"

    def get_prep_value(self, value: object) -> str | None:
        text: str | None = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> "type[models.Lookup[str]] | None":
        """Allow only look-ups for emptiness, since every encryption of the same text differs."""
        return super().get_lookup(lookup_name) if lookup_name in {"isnull", "exact"} else None


def sign(purpose: str, payload: Json) -> str:
    """A URL-safe signed value that only `unsign` with the same `purpose` accepts. Signed, not secret."""
    return signing.dumps(payload, salt=f"scribe.{purpose}")


def unsign(purpose: str, token: str, *, max_age: int | float | timedelta) -> Json | None:
    """The payload of `token` if it is ours and at most `max_age` seconds old, else None."""
    try:
        found = signing.loads(token, salt=f"scribe.{purpose}", max_age=max_age)  # type: ignore[arg-type]
    except signing.BadSignature:
        return None
    return found if isinstance(found, dict) else None


def digest(secret: str) -> str:
    """The keyed SHA-256 under which a token of high entropy is kept, in hexadecimal. Never use it for passwords."""
    return hashlib.blake2b(secret.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=32).hexdigest()
