"""Cycles: the months of an organization's plan. Each is started once, by the payment or the schedule that it belongs to."""

from __future__ import annotations

from django.db import models

from billing.models.plan import Plan
from billing.models.wallet import Xct
from scribe.rows import OrganizationRow


class Cycle(OrganizationRow):
    """One month. `key` names what started it (a payment, a month counted by beat, staff), so nothing starts it twice.

    Events arrive in any order: a cycle that starts before the running one is over already when it comes in, and what
    it grants expires with it.
    """

    class Source(models.TextChoices):
        REGISTRATION = "registration", "Registration"
        PAYMENT = "payment", "Payment"
        MONTH = "month", "Month"
        STAFF = "staff", "Staff"
        PLAN_END = "plan_end", "End of a plan"
        INVOICE = "invoice", "Invoice"

    key = models.CharField(max_length=120)
    source = models.CharField(max_length=14, choices=Source)
    started_at = models.DateTimeField()
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    allotment = Xct("XCT granted so far")

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["organization", "-started_at"], name="cycle_newest_first")]
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="cycle_key_once")]

    def __str__(self) -> str:
        return f"{self.key} from {self.started_at:%Y-%m-%d}"
