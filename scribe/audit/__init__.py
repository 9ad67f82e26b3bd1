"""The audit log. `record` writes one entry inside the caller's transaction; `verify` walks the chain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils import timezone

from scribe.logs import context

# Entries are written one after another: the chain needs an order. Released when the transaction ends.
CHAIN_LOCK = 0x5C71BE
# Names, addresses and places of customers: that they changed is told, not from what to what.
PERSONAL = frozenset(
    ("name", "first_name", "last_name", "email", "username", "phone_number", "address", "base_url", "site_url", "shop")
)


@dataclass
class Because:
    """Why something is done, and the entries that it has left so far."""

    reason: str
    entries: list[Any] = field(default_factory=list)


_because: ContextVar[Because | None] = ContextVar("because", default=None)


@contextmanager
def because(reason: str) -> Iterator[list[Any]]:
    """Within this block, entries without a reason of their own take `reason`. Yields the entries as they are written."""
    token = _because.set(Because(reason))
    try:
        yield _because.get().entries  # type: ignore[union-attr]
    finally:
        _because.reset(token)


@transaction.atomic
def record(
    *,
    action: str,
    actor: Any = None,
    organization: Any = None,
    target: Any = None,
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Any:
    """Add an entry. `action` is `noun.verb_in_the_past`; `before` and `after` hold just what changed, and no secrets."""
    from scribe.audit.models import AuditEntry

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = AuditEntry.objects.order_by("-number").values("number", "hash").first() or {"number": 0, "hash": ""}
    impersonator = context().get("impersonator")
    why = _because.get()
    entry = AuditEntry(
        number=last["number"] + 1,
        created_at=timezone.now(),
        action=action,
        actor_id=getattr(actor, "pk", None),
        actor_label=_label(actor) + (f" (by {impersonator})" if impersonator else ""),
        organization_id=getattr(organization, "pk", organization),
        target_type=target._meta.label if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        reason=reason or (why.reason if why else ""),
        before=_plain(before, of_customer=organization is not None),
        after=_plain(after, of_customer=organization is not None),
        request_id=str(context().get("request_id", "")),
        previous_hash=last["hash"],
    )
    entry.hash = fingerprint(entry)
    entry.save(force_insert=True)
    if why:
        why.entries.append(entry)
    return entry


def _label(actor: Any) -> str:
    """Staff by name, customers by id: the log outlives them, and holds no personal data of theirs."""
    return "system" if actor is None else str(getattr(actor, "audit_label", None) or actor)


def _plain(value: dict[str, Any] | None, *, of_customer: bool) -> dict[str, Any]:
    """The same, as JSON stores it: what is hashed must be what is read back. Of a customer's entry the words that could
    tell who they are go: the entry cannot be erased with them."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(value or {}, default=str))
    if of_customer:
        found = {name: "(personal)" if name in PERSONAL and said else said for name, said in found.items()}
    return found


def fingerprint(entry: Any) -> str:
    """SHA-256 over everything the entry says, and over the hash of the entry before it."""
    said = [
        entry.number,
        entry.created_at.isoformat(),
        entry.action,
        str(entry.actor_id or ""),
        entry.actor_label,
        str(entry.organization_id or ""),
        entry.target_type,
        entry.target_id,
        entry.reason,
        entry.before,
        entry.after,
        entry.request_id,
        entry.previous_hash,
    ]
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def verify() -> Iterator[tuple[int, str]]:
    """Walk the whole chain; yield `(number, what is wrong)` for every entry that does not hold."""
    from scribe.audit.models import AuditEntry

    number, previous = 0, ""
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=1000):
        if entry.number != number + 1:
            yield entry.number, f"entries {number + 1} to {entry.number - 1} are missing"
        if entry.previous_hash != previous:
            yield entry.number, "does not follow the entry before it"
        if entry.hash != fingerprint(entry):
            yield entry.number, "was changed after it was written"
        number, previous = entry.number, entry.hash
