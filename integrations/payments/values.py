"""Reading providers' JSON: times, amounts and ids as they come, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from integrations.payments.errors import Unreadable
from scribe import depth

#: How far the signed time of a webhook may lie from ours, each way.
TOLERANCE = 300


def moment(value: Any) -> datetime | None:
    """An RFC 3339 time with any number of fraction digits; None when it is none."""
    if not isinstance(value, str) or not value:
        return None
    head, dot, tail = value.partition(".")
    if dot:
        digits = len(tail) - len(tail.lstrip("0123456789"))
        value = f"{head}.{tail[:digits][:6]}{tail[digits:]}"
    try:
        found = parse_datetime(value)
    except ValueError:
        return None
    if found is None:
        return None
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:  # its offset leads out of the years that there are
        return None


def minor(value: Any) -> int | None:
    """An amount in minor units: Paddle sends strings, Dodo numbers."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def body_of(raw: bytes) -> dict[str, Any]:
    """The JSON object of a webhook's body."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error
    if not isinstance(found, dict) or not isinstance(found.get("data"), dict):
        raise Unreadable("not an event")
    if depth.deeper_than(found):
        raise Unreadable("nested too deeply")
    if "\\u0000" in raw.decode("utf-8", "replace"):
        raise Unreadable("NUL characters")
    return found


def test_mode_of(payload: Mapping[str, Any]) -> bool | None:
    """Whether the event says that it comes from the provider's test environment; most don't say."""
    for holder in (payload, mapping(payload.get("data"))):
        for name, in_test in (("livemode", False), ("live_mode", False), ("test_mode", True), ("is_test", True)):
            if isinstance(holder.get(name), bool):
                return bool(holder[name]) is in_test
        mode = holder.get("environment") or holder.get("mode")
        if mode in ("live", "live_mode", "production", "test", "test_mode", "sandbox"):
            return mode in ("test", "test_mode", "sandbox")
    return None
