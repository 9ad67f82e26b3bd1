"""Reading amounts and ids from providers' JSON; unusable values become None or "". `scribe.written` reads times."""

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
#: The longest id that we accept. The providers' ids have some 30 characters, and our own keys contain them.
LONGEST_ID = 80


def minor(value: Any) -> int | None:
    """An amount in minor units, from Paddle's strings or Dodo's numbers; None for anything else.

    Less than nothing is neither paid, refunded nor taxed."""
    try:
        found = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found >= 0 else None


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def identifier(value: Any) -> str:
    """An id that we can keep; empty if it is absent, too long, or has characters other than printable ASCII."""
    found = text(value)
    return found if len(found) <= LONGEST_ID and found.isascii() and found.isprintable() else ""


def other_status(data: Mapping[str, Any], expected: str) -> str:
    """The status of what an event is about, when it is another than the event says."""
    status = text(data.get("status"))
    return f"status {status}" if status not in ("", expected) else ""


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def body_of(raw: bytes) -> dict[str, Any]:
    """The JSON object in a webhook's body, with an object as `data`. Raises Unreadable for any other body."""
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
    """Raises Unreadable unless PostgreSQL can store this JSON: it rejects NaN, lone surrogates and NUL characters."""
    try:
        written = json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Unreadable("a number or character that cannot be stored") from error
    if b"\\u0000" in written:
        raise Unreadable("NUL characters")


def event(payload: dict[str, Any], *, event_id: str, kind: str, at: str) -> PaymentEvent:
    """The event in the body of a webhook. `at` names the key of its time. Raises Unreadable if id, type or time is
    missing or invalid."""
    if not event_id or len(event_id) > 200 or not kind:
        raise Unreadable("no id or type")
    happened = moment(payload.get(at))
    if happened is None:
        raise Unreadable("no time")
    return PaymentEvent(event_id, kind[:80], happened, payload, test_mode_of(payload))


def test_mode_of(payload: Mapping[str, Any]) -> bool | None:
    """Whether the event comes from the provider's test environment; None if it does not tell, as most don't."""
    for holder in (payload, mapping(payload.get("data"))):
        for name, in_test in (("livemode", False), ("live_mode", False), ("test_mode", True), ("is_test", True)):
            if isinstance(holder.get(name), bool):
                return bool(holder[name]) is in_test
        mode = holder.get("environment") or holder.get("mode")
        if mode in ("live", "live_mode", "production", "test", "test_mode", "sandbox"):
            return mode in ("test", "test_mode", "sandbox")
    return None
