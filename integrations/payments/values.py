"""Reading providers' JSON: amounts and ids as they come, or nothing. Times are read by `scribe.written`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from integrations.payments.errors import Unreadable
from integrations.payments.types import PaymentEvent
from scribe import depth
from scribe.written import moment

#: How far the signed time of a webhook may lie from ours, each way.
TOLERANCE = 300
#: The longest id that we take from a provider. Theirs have some 30 characters, and keys of ours contain them.
LONGEST_ID = 80


def minor(value: Any) -> int | None:
    """An amount in minor units: Paddle sends strings, Dodo numbers."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def identifier(value: Any) -> str:
    """An id that we can keep; empty when it is none: absent, longer than any real one, or with odd characters."""
    found = text(value)
    return found if len(found) <= LONGEST_ID and found.isascii() and found.isprintable() else ""


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
    check_storable(found)
    return found


def check_storable(found: Any) -> None:
    """Raises Unreadable unless PostgreSQL can keep this JSON: it knows no NaN, no half of a surrogate pair and no NUL."""
    try:
        written = json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Unreadable("a number or character that cannot be stored") from error
    if b"\\u0000" in written:
        raise Unreadable("NUL characters")


def event(payload: dict[str, Any], *, event_id: str, kind: str, at: str) -> PaymentEvent:
    """The event in the body of a webhook; `at` names the key of its time. Raises Unreadable for one that lacks id, type or
    time."""
    if not event_id or len(event_id) > 200 or not kind:
        raise Unreadable("no id or type")
    happened = moment(payload.get(at))
    if happened is None:
        raise Unreadable("no time")
    return PaymentEvent(event_id, kind[:80], happened, payload, test_mode_of(payload))


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
