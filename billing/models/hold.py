"""Holds: XCT set aside for a job's quoted maximum, and what was captured from them."""

from decimal import Decimal
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q, Sum

from billing.models.wallet import ZERO, Wallet, Xct
from scribe import gdpr
from scribe.rows import OrganizationQuerySet, OrganizationRow


class HoldRows(OrganizationQuerySet["Hold"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def outlive(self, wallet: Wallet, month: str) -> None:
        """Let the open holds be of a month that ends now, though the running one goes on: XCT of it are kept for
        them."""
        self.of(wallet.organization_id).open().filter(cycle_key=wallet.cycle_key).update(cycle_key=month)

    def need_of_ended_months(self, wallet: Wallet) -> Decimal:
        """What the wallet's open holds of before its running month may still spend."""
        older = self.of(wallet.organization_id).open().exclude(cycle_key=wallet.cycle_key)
        return older.aggregate(total=Sum("remaining"))["total"] or ZERO


class Hold(OrganizationRow):
    """XCT that running work may still spend. It names no bucket; it lives in its own table and dies with its job: the
    job's end closes it, and a sweep closes what a vanished job left open."""

    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="holds")
    job = models.ForeignKey("scribe.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="holds")
    key = models.CharField(max_length=200)
    amount = Xct()
    remaining = Xct()
    captured = Xct(default=ZERO)
    cycle_key = models.CharField(max_length=120, blank=True, help_text="The cycle it was placed in.")
    closed_at = models.DateTimeField(null=True, blank=True)
    key_line = models.UUIDField(null=True, blank=True, help_text="The API key that began the work: its line.")

    objects: ClassVar = HoldRows.as_manager()

    personal_data = gdpr.PersonalData(export="created_at amount captured closed_at")

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["organization", "cycle_key"], condition=Q(closed_at=None), name="hold_open"),
            models.Index(fields=["key_line", "created_at"], condition=~Q(key_line=None), name="hold_by_key_line"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="hold_key_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, captured__gte=0, captured__lte=F("amount"), remaining__lte=F("amount")),
                name="hold_captures_at_most_its_amount",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, remaining__gte=0) | Q(closed_at__isnull=False, remaining=0),
                name="hold_closed_holds_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.key}"


class HoldCapture(OrganizationRow):
    """The charge of one piece of work: its cost (`amount`, may be 0) and how much of the hold it gave back."""

    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, related_name="captures")
    key = models.CharField(max_length=200)
    amount = Xct()
    released = Xct()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            # One piece of work is charged once, whichever hold it is captured from.
            models.UniqueConstraint(fields=["organization", "key"], name="capture_key_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, released__gte=F("amount")), name="capture_fits_its_release"
            ),
        ]

    def __str__(self) -> str:
        return f"capture {self.key}"
