"""The ledger's entries: append-only. Triggers refuse any update, delete or truncate (migration 0002)."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from billing.models.wallet import Wallet, Xct
from scribe import gdpr
from scribe.rows import OrganizationQuerySet, OrganizationRow


class Balance(models.TextChoices):
    SUBSCRIPTION = "subscription", "Subscription"
    TOPUP = "topup", "Top-up"
    OVERAGE = "overage", "Overage"


class EntryRows(OrganizationQuerySet["Entry"]):
    def spent_since(self, organization_id: UUID, at: datetime) -> Self:
        """What was spent of the organization's XCT since then, and what staff gave or took."""
        kinds = Entry.Type.USAGE, Entry.Type.ADJUSTMENT
        return self.filter(organization_id=organization_id, transaction_type__in=kinds, created_at__gte=at)


class Entry(OrganizationRow):
    """One signed movement on one balance. `number` counts without a gap per organization; `balance_after` and
    `total_after` are the running balances of its bucket and of all three."""

    class Type(models.TextChoices):
        GRANT = "grant", "Grant"
        TOPUP = "topup", "Top-up"
        USAGE = "usage", "Usage"
        EXPIRY = "expiry", "Expiry"
        ADJUSTMENT = "adjustment", "Adjustment"
        REFUND = "refund", "Refund"

    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveBigIntegerField()
    transaction_type = models.CharField(max_length=12, choices=Type)
    balance_type = models.CharField(max_length=12, choices=Balance)
    amount = Xct()
    balance_after = Xct()
    total_after = Xct()
    description = models.CharField(max_length=500, blank=True)
    key = models.CharField(max_length=200)
    # The actor by id, not by foreign key: the row may not change when a user is deleted.
    created_by_id = models.UUIDField(null=True, blank=True)
    cycle_key = models.CharField(max_length=120, blank=True, help_text="The cycle that it gave to or took from.")
    job_id = models.UUIDField(null=True, blank=True)

    objects: ClassVar = EntryRows.as_manager()

    personal_data = gdpr.PersonalData(
        export="number created_at transaction_type balance_type amount balance_after description",
        erase="billing.erasure.erase_ledger",
    )

    class Meta:
        ordering = ["-created_at", "-number"]
        verbose_name = "ledger entry"
        verbose_name_plural = "ledger entries"
        indexes = [
            models.Index(fields=["organization", "-created_at", "-number"], name="entry_newest_first"),
            models.Index(fields=["job_id"], name="entry_by_job", condition=Q(job_id__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="entry_key_once"),
            models.UniqueConstraint(fields=["wallet", "number"], name="entry_number_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="entry_moves_something"),
            models.CheckConstraint(condition=~Q(key=""), name="entry_has_a_key"),
            models.CheckConstraint(
                condition=~Q(balance_type="subscription") | Q(balance_after__gte=0),
                name="entry_subscription_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(balance_type="overage") | Q(balance_after__lte=0), name="entry_overage_is_owed"
            ),
            models.CheckConstraint(
                condition=Q(transaction_type__in=("grant", "topup"), amount__gt=0)
                | Q(transaction_type__in=("usage", "expiry"), amount__lt=0)
                | Q(transaction_type__in=("adjustment", "refund")),
                name="entry_sign_fits_its_type",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.transaction_type} {self.amount}"
