"""Reading amounts and ids from providers' JSON; unusable values become None or "". `scribe.written` reads times."""

import json
from collections.abc import Callable

from integrations.payments.errors import Unreadable
from integrations.payments.types import PaymentEvent
from scribe import sizes
from scribe.types import Json, ReadOnlyJson
from scribe.written import moment, whole

#: How far the signed time of a webhook may lie from ours, each way.
TOLERANCE = 300
#: The longest id that we accept. The providers' ids have some 30 characters, and our own keys contain them.
LONGEST_ID = 80


def minor(value: object) -> int | None:
    """An amount in minor units, as Dodo tells it: a whole number. None for anything else, and for less than nothing."""
    return value if type(value) is int and value >= 0 else None


def written_minor(value: object) -> int | None:
    """An amount in minor units, as Paddle tells it: the digits of a whole number. None for anything else."""
    return whole(value) if isinstance(value, str) else None


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def identifier(value: object) -> str:
    """An id that we can keep; empty if it is absent, too long, or has characters other than printable ASCII."""
    found = text(value)
    return found if len(found) <= LONGEST_ID and found.isascii() and found.isprintable() else ""


def other_status(data: ReadOnlyJson, expected: str) -> str:
    """The status of what an event is about, when it is another than the event says, or none at all."""
    status = data.get("status")
    return "" if status == expected else f"status {status if isinstance(status, str) and status else repr(status)}"


def unreadable(data: ReadOnlyJson, name: str, read: Callable[[object], int | None]) -> str:
    """What stands there in place of an amount that can be read; empty where it can, or where there is none."""
    value = data.get(name)
    return "" if value is None or read(value) is not None else f"{name} {value!r}"


def mapping(value: object) -> ReadOnlyJson:
    return value if isinstance(value, dict) else {}


def body_of(raw: bytes) -> Json:
    """The JSON object in a webhook's body, with an object as `data`. Raises Unreadable for any other body."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error
    if not isinstance(found, dict) or not isinstance(found.get("data"), dict):
        raise Unreadable("not an event")
    if sizes.deeper_than(found):
        raise Unreadable("nested too deeply")
    check_storable(found)
    return found


def check_storable(found: object) -> None:
    """Raises Unreadable unless PostgreSQL can store this JSON: it rejects NaN, lone surrogates and NUL characters."""
    try:
        written = json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Unreadable("a number or character that cannot be stored") from error
    if b"\\u0000" in written:
        raise Unreadable("NUL characters")


def event(payload: Json, *, event_id: str, kind: str, at: str) -> PaymentEvent:
    """The event in the body of a webhook. `at` names the key of its time. Raises Unreadable if id, type or time is
    missing or invalid."""
    if not event_id or len(event_id) > 200 or not kind:
        raise Unreadable("no id or type")
    happened = moment(payload.get(at))
    if happened is None:
        raise Unreadable("no time")
    return PaymentEvent(event_id, kind[:80], happened, payload, test_mode_of(payload))


def test_mode_of(payload: ReadOnlyJson) -> bool | None:
    """Whether the event comes from the provider's test environment; None if it does not tell, as most don't."""
    for holder in (payload, mapping(payload.get("data"))):
        for name, in_test in (("livemode", False), ("live_mode", False), ("test_mode", True), ("is_test", True)):
            if isinstance(holder.get(name), bool):
                return bool(holder[name]) is in_test
        mode = holder.get("environment") or holder.get("mode")
        if mode in ("live", "live_mode", "production", "test", "test_mode", "sandbox"):
            return mode in ("test", "test_mode", "sandbox")
    return None
