"""The audit log. `record` writes one entry inside the caller's transaction; `verify` walks the chain.

Entries are chained one after another, so the transactions that write them have to take turns. The database chains them when
a transaction commits (a deferred trigger, migration `audit_chained_at_commit`). So the chain's lock is always the last one
that a transaction takes, wherever it calls `record`, and it is held only during the commit.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from scribe.audit.models import AuditEntry
from scribe.logs import context
from scribe.types import Json

# Fields with names, addresses and places of customers. The log records that they changed, but not their values.
PERSONAL = frozenset(
    ("name", "first_name", "last_name", "email", "username", "phone_number", "address", "base_url", "site_url", "shop")
)


@dataclass
class Because:
    """The reason of an action, and the entries that it has written so far."""

    reason: str
    entries: list[AuditEntry] = field(default_factory=list)


_because: ContextVar[Because | None] = ContextVar("because", default=None)


@contextmanager
def because(reason: str) -> Iterator[list[AuditEntry]]:
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
    actor: object = None,
    organization: object = None,
    target: Model | None = None,
    reason: str = "",
    before: Json | None = None,
    after: Json | None = None,
) -> AuditEntry:
    """Add an entry. `action` is `noun.verb_in_the_past`; `before` and `after` hold only the changed values, without secrets.
    It belongs to the organization of its target, unless another is named."""
    if organization is None:
        organization = _organization_of(target)
    through = context().get("impersonator") or context().get("api_key")
    why = _because.get()
    entry = AuditEntry(
        created_at=timezone.now(),
        action=action,
        actor_id=getattr(actor, "pk", None),
        actor_label=_label(actor) + (f" (by {through})" if through else ""),
        organization_id=getattr(organization, "pk", organization),
        target_type=target._meta.label if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        reason=reason or (why.reason if why else ""),
        before=_plain(before, of_customer=organization is not None),
        after=_plain(after, of_customer=organization is not None),
        request_id=str(context().get("request_id", "")),
    )
    entry.hash = digest_of(entry)
    entry.save(force_insert=True)
    if why:
        why.entries.append(entry)
    return entry


def _organization_of(target: Model | None) -> UUID | None:
    if target is None or target._meta.label != "accounts.Organization":
        return getattr(target, "organization_id", None)
    return target.pk  # type: ignore[no-any-return]


def _label(actor: object) -> str:
    """The name of staff, or the id of a customer, since the log outlives customers and must hold no personal data."""
    return "system" if actor is None else str(getattr(actor, "audit_label", None) or actor)


def _plain(value: Json | None, *, of_customer: bool) -> Json:
    """The value as it is read back from JSON, since the hash must match later. In a customer's entry, personal values are
    replaced, since the entry cannot be erased with the customer."""
    found: Json = orjson.loads(orjson.dumps(value or {}, default=str))
    if of_customer:
        found = {name: "(personal)" if name in PERSONAL and said else said for name, said in found.items()}
    return found


def digest_of(entry: AuditEntry) -> str:
    """The SHA-256 of the entry's contents, in hexadecimal."""
    return hashlib.sha256(orjson.dumps(_words(entry), option=orjson.OPT_SORT_KEYS)).hexdigest()


def fingerprint(entry: AuditEntry) -> str:
    """The hash that chains an entry: SHA-256 over its number, the hash of its contents, and the hash of the entry before
    it. The database computes it in the same way."""
    return hashlib.sha256(f"{entry.number}|{digest_of(entry)}|{entry.previous_hash}".encode()).hexdigest()


def first_fingerprint(entry: AuditEntry) -> str:
    """The hash of entries that were chained before the database did it."""
    whole = [entry.number, *_words(entry), entry.previous_hash]
    return hashlib.sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _words(entry: AuditEntry) -> list[object]:
    return [
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
    ]


def verify() -> Iterator[tuple[int, str]]:
    """Walk the whole chain. Yield `(number, fault)` for every entry that fails. Number 0 stands for unchained entries."""
    number, previous = 0, ""
    known = False  # whether an entry of the present form was seen, after which the first form is a fault
    if loose := AuditEntry.objects.filter(number=None).count():
        yield 0, f"and {loose - 1} more were never chained" if loose > 1 else "was never chained"
    for entry in AuditEntry.objects.exclude(number=None).order_by("number").iterator(chunk_size=1000):
        here = entry.number or 0
        if here != number + 1:
            yield here, f"entries {number + 1} to {here - 1} are missing"
        if entry.previous_hash != previous:
            yield here, "does not follow the entry before it"
        known = known or entry.hash == fingerprint(entry)
        if entry.hash != fingerprint(entry) and (known or entry.hash != first_fingerprint(entry)):
            yield here, "was changed after it was written"
        number, previous = here, entry.hash
