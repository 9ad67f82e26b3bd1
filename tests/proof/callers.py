"""Who calls: staff, an admin, a member, an API key and nobody, over one row of everything that has an id."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import api_keys
from billing import exchange_rates, invoices, ledger
from billing.models import Entry, ExchangeRate, Wallet
from scribe import storage
from scribe.jobs import events
from scribe.models import Job
from tests import factories
from tests.scribe.worlds import world_of


@dataclass(frozen=True)
class Callers:
    """Headers by the name of the caller, and the ids of what they own."""

    headers: dict[str, dict[str, str]]
    world: dict[str, str]
    key_of_a_file: str

    def ids(self, path: str, names: list[str]) -> dict[str, str]:
        """Ids of the organization's own rows for the parameters of an operation."""
        special = {"s3_key": self.key_of_a_file, "payment_id": "pay_of_somebody", "prospect_id": str(uuid.uuid4())}
        found = {}
        for name in names:
            key = name
            if name in ("key_id", "connection_id"):
                key = "shopify" if "/shopify/" in path else path.removeprefix("/api/v1/").split("/")[0]
            found[name] = special.get(name) or self.world[key]
        return found


def issued_invoice(cast: Any) -> Any:
    """An invoice as the product issues it, by the seller that the settings name."""
    for name, value in factories.BILLING_DETAILS.items():
        setattr(cast.organization, name, value)
    cast.organization.save()
    ExchangeRate.objects.create(date=exchange_rates.today(), rate=Decimal("117.1837"), list_number="226", source="nbs")
    with transaction.atomic():
        return invoices.issue(
            organization=cast.organization,
            invoice_type="topup",
            description="500 XCT",
            eur_amount=Decimal(15),
            xct_amount=Decimal(500),
            by=cast.owner,
        )


def make(cast: Any) -> Callers:
    """The cast of callers; their organization has a large plan and XCT, so that no tier or balance shields an operation."""
    with transaction.atomic(), ledger.book(cast.organization) as book:
        book.post("topup", Decimal(100_000), Entry.Type.TOPUP, key="proof", description="Proof")
    Wallet.objects.filter(organization=cast.organization).update(plan="business")
    world = world_of(cast.owner, cast.teammate)
    job = Job.objects.get(pk=world["job_id"].pk)
    events.add(job, [("start", {"job_id": str(job.pk), "total": 1}), ("complete", {"job_id": str(job.pk)})])
    job.save()
    world["invoice_id"] = issued_invoice(cast)
    _, raw = api_keys.create(organization=cast.organization, name="Shop", by=cast.owner)
    file_key = storage.save(cast.organization.pk, "exports", "a.txt", b"ours")
    people = {"admin": cast.owner, "member": cast.teammate, "staff": cast.staff}
    headers = {name: {"Authorization": f"Bearer {factories.token_of(user)}"} for name, user in people.items()}
    return Callers(
        headers={**headers, "key": {"X-API-Key": raw}, "nobody": {}},
        world={name: str(row.pk) for name, row in world.items()},
        key_of_a_file=file_key,
    )
