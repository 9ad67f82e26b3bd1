"""Paid periods: the time for which a payment or an invoice bought a plan."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from billing.models.plan import BillingPeriod, Plan
from billing.models.wallet import Xct
from scribe.rows import OrganizationQuerySet, OrganizationRow


class PaidPeriod(OrganizationRow):
    """From `begins_at` to `ends_at` somebody paid for `plan`. `key` names the payment or the invoice, as a cycle's does. A
    refund, a chargeback or a credit note takes the period back. Rows of before these columns have no `subscription`,
    `allotment` (the plan's own counts), `price_minor` and `kept` (all of it)."""

    key = models.CharField(max_length=120)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    billing_period = models.CharField(max_length=10, choices=BillingPeriod)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    subscription = models.ForeignKey(
        "billing.Subscription",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="periods",
        db_index=False,  # it is always looked for among the organization's
    )
    allotment = Xct("XCT a month", null=True, blank=True)
    price_minor = models.BigIntegerField("price in minor units, before tax", null=True, blank=True)
    kept = models.DecimalField(
        "part of the money that was not returned", max_digits=9, decimal_places=8, null=True, blank=True
    )

    objects = OrganizationQuerySet.as_manager()

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
    def by_invoice(self) -> bool:
        return self.key.startswith("invoice:")
