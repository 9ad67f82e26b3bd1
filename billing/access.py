"""Who may spend, and on which features: decided by the plan, the account's standing and the role."""

from uuid import UUID

from accounts.models import Organization
from billing.models import Plan, Wallet
from billing.plans import free
from scribe.errors import Conflict, Forbidden
from scribe.messages import _
from scribe.models import Job

#: From this stage of dunning on (7 days overdue), generation is refused.
BLOCKED_FROM_STAGE = 7


def plan_of(organization: Organization | UUID) -> Plan:
    if hasattr(organization, "wallet"):
        return organization.wallet.plan
    wallet = Wallet.objects.select_related("plan").filter(organization=organization).first()
    return wallet.plan if wallet else free()


def check_plan(organization: Organization, least: Plan) -> None:
    """Raises Forbidden `tier_required` when the organization's plan has a lower rank than `least`."""
    plan = plan_of(organization)
    if plan.rank < least.rank:
        raise Forbidden(
            _("This needs the {name} plan or higher.", name=least.name),
            code="tier_required",
            required_tier=least.pk,
            subscription_tier=plan.pk,
        )


def check_open(organization: Organization) -> None:
    """Raises Conflict `deletion_pending` or Forbidden `organization_suspended`: such an organization cannot buy, renew or generate."""
    if organization.deletion_pending:
        raise Conflict(
            _("The organization is scheduled for deletion. An admin must cancel the deletion first."),
            code="deletion_pending",
        )
    check_not_suspended(organization)


def check_not_suspended(organization: Organization) -> None:
    """Raises Forbidden `organization_suspended`: such an organization begins nothing new."""
    if organization.is_suspended:
        raise Forbidden(_("The organization is suspended. Please contact support."), code="organization_suspended")


def check_may_begin(organization: Organization, job_type: str) -> None:
    """As `check_not_suspended`, for a job; people get their data, and what they delete is gone, all the same."""
    if job_type not in (Job.Type.GDPR_EXPORT, Job.Type.LAW_RECHECK, Job.Type.REMOVAL):
        check_not_suspended(organization)


def check_can_spend(organization: Organization) -> None:
    """Raises when the organization may not start work that spends: deletion pending, suspended, payment overdue."""
    check_open(organization)
    stages = Wallet.objects.filter(organization=organization).values_list("dunning_stage", "overage_stage").first()
    plan, overage = stages or (0, 0)
    if overage >= BLOCKED_FROM_STAGE:
        raise Forbidden(
            _("The invoice for XCT beyond your plan is overdue. Pay it to continue generating."),
            code="payment_overdue",
        )
    if plan >= BLOCKED_FROM_STAGE:
        raise Forbidden(
            _("A payment is overdue. Update your payment method to continue generating."), code="payment_overdue"
        )
