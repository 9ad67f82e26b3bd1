"""A new organization gets its wallet: the Free plan, and its first allotment."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization
from billing import cycles, plans
from billing.models import Cycle, Wallet
from scribe.messages import _


def open_for(organization: Organization) -> None:
    """Called by accounts inside the transaction that opens the organization."""
    open_wallet(organization.pk)


@transaction.atomic
def open_wallet(organization_id: UUID) -> Wallet:
    """Open the wallet of an organization, once: two at the same time end with one, and one grant."""
    plan = plans.free()
    now = timezone.now()
    Wallet.objects.bulk_create(
        [
            Wallet(
                organization_id=organization_id,
                plan=plan,
                allotment=plan.monthly_xct,
                cycle_anchor=now,
                cycle_started_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    wallet = Wallet.objects.select_for_update(no_key=True).get(organization_id=organization_id)
    cycles.start(
        organization=organization_id,
        key="registration",
        source=Cycle.Source.REGISTRATION,
        plan=plan,
        at=wallet.cycle_started_at,
        description=_("Welcome to XC Scribe"),
    )
    wallet.refresh_from_db()
    return wallet
