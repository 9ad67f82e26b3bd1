"""Paid periods: the time for which a payment or an invoice bought a plan."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from billing.models.plan import BillingPeriod, Plan
from scribe.rows import OrganizationQuerySet, OrganizationRow


class PaidPeriodRows(OrganizationQuerySet):
    def covering(self, at: datetime) -> Self:
        """Periods that still cover `at` or a later time."""
        return self.filter(taken_back_at=None, ends_at__gt=at)


class PaidPeriod(OrganizationRow):
    """From `begins_at` to `ends_at` somebody paid for `plan`. `key` names the payment or the invoice, as a cycle's does. A
    refund, a chargeback or a credit note takes the period back."""

    key = models.CharField(max_length=120)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    billing_period = models.CharField(max_length=10, choices=BillingPeriod)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = PaidPeriodRows.as_manager()

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

    def holds(self, at: datetime) -> bool:
        return self.begins_at <= at < self.ends_at
