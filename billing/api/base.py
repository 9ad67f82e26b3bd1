"""The base of billing's views: it finds the organization whose money is asked about."""

from __future__ import annotations

from typing import Any

from accounts.models import Organization
from billing.api.serializers import OrganizationQuery
from billing.models import Wallet
from scribe.api.fields import decimal, utc
from scribe.api.views import ScribeViewSet
from scribe.errors import Forbidden, NotFound
from scribe.ids import parse


class BillingViewSet(ScribeViewSet):
    """A view that loads the caller's wallet in the same statement as the sign-in."""

    principal_related = ("user__organization__wallet",)

    def wallet(self) -> Wallet:
        user: Any = self.request.user
        return user.organization.wallet  # type: ignore[no-any-return]

    def organization(self) -> Organization:
        """The caller's own organization, or, for platform staff, the one that `?organization_id=` names."""
        user: Any = self.request.user
        asked = self.query(OrganizationQuery).get("organization_id")
        if not asked:
            return user.organization  # type: ignore[no-any-return]
        if not user.is_super_admin:
            raise Forbidden("Only platform staff may name an organization.", code="staff_required")
        found = Organization.objects.filter(pk=parse(asked)).first() if parse(asked) else None
        if found is None:
            raise NotFound("There is no such organization.")
        return found


def balance(wallet: Wallet) -> dict[str, Any]:
    return {
        "subscription_balance": decimal(wallet.subscription_balance),
        "topup_balance": decimal(wallet.topup_balance),
        "total_balance": decimal(wallet.total_balance),
        "subscription_tier": wallet.plan_id,
        "overage_enabled": wallet.overage_enabled,
        "token_rate_multiplier": decimal(wallet.token_rate_multiplier),
        "held": decimal(wallet.held),
        "available": decimal(wallet.available),
        "overage_owed": decimal(wallet.overage_owed),
        "cycle_started_at": utc(wallet.cycle_started_at),
        "next_cycle_at": utc(wallet.next_cycle_at),
    }
