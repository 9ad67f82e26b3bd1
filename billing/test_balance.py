"""Test XCT: play money, so that a test key can rehearse a price, an empty balance and a low one.

A text or a post costs PRICE. It is compared with the balance when a test key starts work, and taken when it is written.
No ledger knows of it, since it is worth nothing: anybody may set it.
"""

from decimal import Decimal
from uuid import UUID

from django.db import transaction

from accounts import notifications
from billing import ledger
from billing.amounts import xct
from billing.errors import InsufficientXCT
from billing.models import Wallet
from billing.models.wallet import TEST_XCT
from billing.notices import LEVELS

PRICE = Decimal("1.0000")


def check(organization_id: UUID, amount: Decimal) -> None:
    """Raises InsufficientXCT unless the balance reaches for `amount`."""
    left = Wallet.objects.values_list("test_balance", flat=True).get(organization_id=organization_id)
    if amount > left:
        raise InsufficientXCT(required=xct(amount), available=left)


@transaction.atomic
def change(organization_id: UUID, to: Decimal) -> Wallet:
    wallet = ledger.lock(organization_id)
    wallet.test_balance = to
    wallet.save(update_fields=["test_balance"])
    return wallet


@transaction.atomic
def spend(organization_id: UUID, amount: Decimal) -> None:
    """Take `amount`, or what is left, and tell test endpoints that it is low, as a live balance would be."""
    wallet = ledger.lock(organization_id)
    left = max(Decimal(0), wallet.test_balance - amount)
    reached = [level for level in LEVELS if left <= TEST_XCT * level / 100 < wallet.test_balance]
    wallet.test_balance = left
    wallet.save(update_fields=["test_balance"])
    if reached:
        objects = {wallet.pk: {"percent": min(reached)}}
        notifications.notify(organization=organization_id, event="wallet.low", objects=objects, is_test=True)
