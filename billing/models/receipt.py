"""Money that arrived for an invoice without paying it in full."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from billing.models.invoice import Invoice
from scribe.rows import Row


class BankReceipt(Row):
    """A part of an invoice's amount that arrived on our bank account. It grants nothing; the invoice does, once it is
    confirmed."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="receipts")
    amount = models.DecimalField("amount in RSD", max_digits=16, decimal_places=2)
    received_on = models.DateField()
    statement = models.CharField(max_length=60, help_text="The number of the bank statement's line.")
    noted_by_label = models.CharField(max_length=255)

    class Meta:
        ordering = ["-received_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "statement"], name="bank_receipt_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="bank_receipt_is_for_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} RSD for {self.invoice}"
