"""Who may spend, and on which features: decided by the plan, the account's standing and the role."""

from __future__ import annotations

from typing import Any

from billing.models import Plan, Wallet
from billing.plans import free
from scribe.errors import Conflict, Forbidden
from scribe.models import Job

#: From this stage of dunning on (7 days overdue), generation is refused.
BLOCKED_FROM_STAGE = 7


def plan_of(organization: Any) -> Plan:
    """The plan that the organization is on."""
    if hasattr(organization, "wallet"):
        return organization.wallet.plan  # type: ignore[no-any-return]
    wallet = (
        Wallet.objects.select_related("plan").filter(organization_id=getattr(organization, "pk", organization)).first()
    )
    return wallet.plan if wallet else free()


def check_plan(organization: Any, least: Plan) -> None:
    """Raises Forbidden `tier_required` when the organization's plan has a lower rank than `least`."""
    plan = plan_of(organization)
    if plan.rank < least.rank:
        raise Forbidden(
            f"This needs the plan {least.name} or a higher one.",
            code="tier_required",
            required_tier=least.pk,
            subscription_tier=plan.pk,
        )


def check_open(organization: Any) -> None:
    """Raises Conflict `deletion_pending` or Forbidden `organization_suspended`: such an organization cannot buy, renew or generate."""
    if organization.deletion_pending:
        raise Conflict("The organization is about to be deleted.", code="deletion_pending")
    check_not_suspended(organization)


def check_not_suspended(organization: Any) -> None:
    """Raises Forbidden `organization_suspended`: such an organization begins nothing new."""
    if organization.is_suspended:
        raise Forbidden("The organization is suspended. Please write to support.", code="organization_suspended")


def check_may_begin(organization: Any, job_type: str) -> None:
    """As `check_not_suspended`, for a job; people get their data all the same."""
    if job_type != Job.Type.GDPR_EXPORT:
        check_not_suspended(organization)


def check_can_spend(organization: Any) -> None:
    """Raises when the organization may not start work that spends: deletion pending, suspended, payment overdue."""
    check_open(organization)
    stages = Wallet.objects.filter(organization=organization).values_list("dunning_stage", "overage_stage").first()
    plan, overage = stages or (0, 0)
    if overage >= BLOCKED_FROM_STAGE:
        raise Forbidden(
            "An invoice for XCT beyond the plan is overdue. Please pay it; then generation goes on.",
            code="payment_overdue",
        )
    if plan >= BLOCKED_FROM_STAGE:
        raise Forbidden(
            "A payment is overdue. Please renew the payment method; then generation goes on.", code="payment_overdue"
        )
