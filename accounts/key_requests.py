"""The log of what keys ask for: one row a request, kept for two weeks."""

from __future__ import annotations

from typing import Any

from django.db import Error

from accounts.models import ApiKeyRequest
from scribe.logs import get_logger

log = get_logger(__name__)

KEPT_DAYS = 14


def note(key: Any, *, method: str, route: str, status: int, milliseconds: int, request_id: str) -> None:
    """Write one request down. A log that cannot be written costs nobody the answer."""
    try:
        ApiKeyRequest.objects.create(
            organization_id=key.organization_id,
            api_key_id=key.pk,
            method=method[:8],
            route=route[:200],
            status=status,
            milliseconds=min(milliseconds, 2**31 - 1),
            request_id=request_id[:128],
        )
    except Error as error:  # also when the key was deleted meanwhile
        log.warning("a key's request is not noted", error=str(error))
