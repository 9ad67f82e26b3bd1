"""The time for which a payment, or an invoice, bought a plan."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from billing.models.plan import BillingPeriod, Plan
from billing.models.subscription import Payment
from billing.models.wallet import Xct
from billing.months import months_after
from scribe import gdpr
from scribe.rows import OrganizationQuerySet, OrganizationRow


class PaidPeriod(OrganizationRow):
    """From `begins_at` to `ends_at` somebody paid for `plan`. `key` names the payment or the invoice, as a cycle's
    does. A refund, a chargeback or a credit note takes the period back. Rows of before these columns have no
    `subscription`, `allotment` (the plan's own counts), `price_minor`, `kept` (all of it) and `paid_at`.

    `billing.periods` decides when it begins and ends, and finds in memory: `over_at`, when a later period of its
    subscription took over, `changed_to`, that period if the rest of this one's money went into it, `lost_at`, since
    when too little of its money is there for its plan, and `day`, the day of the month that its months are counted to.
    """

    key = models.CharField(max_length=120)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    billing_period = models.CharField(max_length=10, choices=BillingPeriod)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    subscription = models.ForeignKey(
        "billing.Subscription",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="periods",
        db_index=False,  # it is always looked for among the organization's
    )
    allotment = Xct("XCT a month", null=True, blank=True)  # type: ignore[misc]  # its type knows no null
    price_minor = models.BigIntegerField("price in minor units, before tax", null=True, blank=True)
    kept = models.DecimalField(
        "part of the money that was not returned", max_digits=9, decimal_places=8, null=True, blank=True
    )

    over_at: datetime | None = None
    lost_at: datetime | None = None
    day: int | None = None
    changed_to: "PaidPeriod | None" = None

    objects: ClassVar = OrganizationQuerySet.as_manager()

    personal_data = gdpr.PersonalData(export="key plan_id begins_at ends_at taken_back_at")

    class Meta:
        ordering = ["begins_at"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="paid_period_key_once"),
            models.CheckConstraint(condition=Q(ends_at__gte=F("begins_at")), name="paid_period_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} from {self.begins_at:%Y-%m-%d} to {self.ends_at:%Y-%m-%d}"

    @property
    def months(self) -> int:
        return 12 if self.billing_period == BillingPeriod.YEARLY else 1

    @property
    def bought_at(self) -> datetime:
        return self.paid_at or min(self.begins_at, self.created_at)

    @property
    def until(self) -> datetime:
        """When it is over, as far as is known."""
        return min(self.ends_at, self.over_at or self.ends_at)

    @property
    def anchor(self) -> datetime:
        """From when its months are counted: an invoice's back from its end, which moves while something better
        interrupts it."""
        return months_after(self.ends_at, -self.months) if self.by_invoice else self.begins_at

    def follow(self, payment: Payment) -> None:
        """Let it follow the part of its price that was kept of its own money: with none it is taken back."""
        self.kept, self.taken_back_at = payment.kept_of_price, payment.gone_since

    @property
    def by_invoice(self) -> bool:
        return self.key.startswith("invoice:")
