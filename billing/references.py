"""References: the things that a provider's event names, as text: `payment:…`, `subscription:…`, `checkout:…`, `customer:…`."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from django.db import connection

from integrations.payments.types import Fact


def of(facts: Iterable[Fact]) -> list[str]:
    """The references of these facts, sorted."""
    found = set()
    for fact in facts:
        for kind in ("payment", "subscription", "checkout", "customer"):
            value = getattr(fact, f"{kind}_id", "")
            if value:
                found.add(f"{kind}:{value}"[:160])
        if renewed_by := getattr(fact, "renewed_by", ""):
            found.add(f"payment:{renewed_by}"[:160])
    return sorted(found)


def lock(provider: str, references: Iterable[str]) -> None:
    """Let events that name the same thing take turns, also while its row does not exist yet.

    Without it, an event could find no row and decide to wait just while another makes the row and looks for who waits.
    Sorted, so that two events with several references in common cannot block each other.
    """
    with connection.cursor() as cursor:
        for reference in sorted(references):
            digest = blake2b(f"{provider}:{reference}".encode(), digest_size=8).digest()
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, "big", signed=True)])
