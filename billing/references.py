"""What a provider's event names: its ids, and as references (`payment:…`, `subscription:…`, `checkout:…`, `customer:…`)."""

from collections.abc import Iterable
from hashlib import blake2b

from django.db import connection

from billing.errors import NeedsStaff
from billing.models import Payment
from integrations.payments.types import Fact
from integrations.payments.values import identifier

IDS = ("payment_id", "refund_id", "subscription_id", "checkout_id", "customer_id", "renewed_by")
NEEDED = ("payment_id", "refund_id")
MOST_MINOR = 2**53  # more than there is of any currency


def check(fact: Fact) -> None:
    """Raises NeedsStaff for a fact that our rows cannot keep: an id that is missing, too long or odd, or such a currency,
    invoice number or amount."""
    for name in IDS:
        value = getattr(fact, name, None)
        if value is not None and (value != identifier(value) or (name in NEEDED and not value)):
            raise NeedsStaff(f"Its {name} is none that can be kept: {value[:100]!r} ({len(value)} characters).")
    for name in ("currency", "invoice_number"):
        length, most = len(getattr(fact, name, "")), Payment._meta.get_field(name).max_length or 0  # type: ignore[union-attr]  # they are texts
        if length > most:
            raise NeedsStaff(f"Its {name} has {length} characters, and {most} are the most.")
    if any((getattr(fact, name, None) or 0) > MOST_MINOR for name in ("amount_minor", "tax_minor")):
        raise NeedsStaff("Its amount is larger than any.")


def references_in(facts: Iterable[Fact]) -> list[str]:
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
    named = (f"{provider}:{reference}".encode() for reference in sorted(references))
    digests = [int.from_bytes(blake2b(name, digest_size=8).digest(), "big", signed=True) for name in named]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(digest) FROM unnest(%s::bigint[]) AS digest", [digests])
