"""What an API key may spend in a calendar month, counted over the keys that it replaced."""

from datetime import datetime
from decimal import Decimal

from django.db.models import F, Sum
from django.utils import timezone

from accounts.models import ApiKey
from billing.errors import KeyCapReached
from billing.models import Hold


def month() -> datetime:
    """The beginning of the present month, in UTC."""
    return timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def used_this_month(key: ApiKey) -> Decimal:
    """XCT that work begun this month by `key`, and the keys that it replaced, has spent, or may still spend."""
    begun = Hold.objects.filter(organization_id=key.organization_id, key_line=key.line, created_at__gte=month())
    return begun.aggregate(used=Sum(F("captured") + F("remaining")))["used"] or Decimal(0)


def check(key: ApiKey, amount: Decimal) -> None:
    """Raises KeyCapReached when `amount` more passes the cap of `key`. The wallet must be locked: all holds take turns there."""
    if key.xct_per_month is None or amount <= 0:
        return
    taken = used_this_month(key)
    if taken + amount > key.xct_per_month:
        raise KeyCapReached(required=amount, cap=key.xct_per_month, used=taken)
