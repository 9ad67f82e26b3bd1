"""Plans: finding one, and putting an organization on it with the rights that it includes."""

from decimal import Decimal

from django.db.models import Q, QuerySet

from accounts.models import Organization
from billing.models import FREE, Plan, Wallet
from scribe.errors import InvalidInput
from scribe.messages import _


def find(tier: str, *, on_sale: bool = False) -> Plan:
    """The plan of this tier; InvalidInput if there is none, or, with `on_sale`, if it cannot be bought."""
    plan = Plan.objects.filter(pk=tier).first()
    if plan is None or (on_sale and not plan.on_sale):
        names = ", ".join(Plan.objects.filter(**({"on_sale": True} if on_sale else {})).values_list("tier", flat=True))
        raise InvalidInput.at(
            "#/tier", _("This plan can't be chosen. Available plans: {names}.", names=names), "unknown_tier"
        )
    return plan


def free() -> Plan:
    return Plan.objects.get(pk=FREE)


def plans_on_offer() -> QuerySet[Plan]:
    """The plans that a visitor can choose from by rising rank: the Free one, and those on sale."""
    return Plan.objects.filter(Q(on_sale=True) | Q(pk=FREE))


def put_on(wallet: Wallet, plan: Plan, *, allotment: Decimal | None = None) -> None:
    """Put the organization of the locked `wallet` on `plan`; the caller saves the wallet's `plan` and `allotment`.

    The right to own provider keys comes and goes with the plan; what staff allowed beside it stays while the plan does.
    """
    before = wallet.plan
    wallet.plan = plan
    wallet.allotment = plan.monthly_xct if allotment is None else allotment
    if plan.byok_included and not before.byok_included:
        Organization.objects.filter(pk=wallet.organization_id).update(byok_enabled=True)
    elif before.byok_included and not plan.byok_included:
        Organization.objects.filter(pk=wallet.organization_id).update(byok_enabled=False)
