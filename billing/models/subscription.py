"""Purchases through a payment provider: checkouts, customers, subscriptions, payments and refunds."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q

from billing.models.plan import BillingPeriod, Plan
from billing.models.wallet import Xct
from scribe.rows import OrganizationQuerySet, OrganizationRow


class PaymentProviderName(models.TextChoices):
    DODO = "dodo", "Dodo Payments"
    PADDLE = "paddle", "Paddle"
    BANK = "bank", "Bank transfer"


class Checkout(OrganizationRow):
    """An order of an organization. It is saved before the provider is called; webhooks grant what it names."""

    class Kind(models.TextChoices):
        SUBSCRIPTION = "subscription", "Subscription"
        TOPUP = "topup", "Top-up"

    provider = models.CharField(max_length=10, choices=PaymentProviderName)
    external_id = models.CharField(max_length=120, null=True, blank=True, help_text="Transaction or session id.")
    kind = models.CharField(max_length=14, choices=Kind)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    billing_period = models.CharField(max_length=10, choices=BillingPeriod, blank=True)
    packs = models.PositiveIntegerField(default=0)
    xct_per_pack = Xct("XCT per pack", default=0)
    price_id = models.CharField(max_length=120)
    quantity = models.PositiveIntegerField(default=1)
    currency = models.CharField(max_length=3, default="EUR")
    expected_minor = models.BigIntegerField(
        "price in minor units, before tax", null=True, blank=True, help_text="The list price when it was ordered."
    )
    live_mode = models.BooleanField(default=True)
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="checkout_external_id_once"),
            models.CheckConstraint(
                condition=Q(kind="subscription", plan__isnull=False) | Q(kind="topup", packs__gt=0),
                name="checkout_buys_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} checkout {self.external_id or self.pk}"


class PaymentCustomer(OrganizationRow):
    """What a provider calls the organization as a customer."""

    provider = models.CharField(max_length=10, choices=PaymentProviderName)
    external_id = models.CharField(max_length=120)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["provider", "external_id"], name="payment_customer_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.external_id}"


class SubscriptionRows(OrganizationQuerySet):
    def live(self) -> Self:
        """Subscriptions that still cover a plan, or may do so again once their payment comes."""
        return self.filter(status__in=Subscription.LIVE)


class Subscription(OrganizationRow):
    """A subscription as its provider last described it. Only a newer description changes it."""

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        ACTIVE = "active", "Active"
        PAST_DUE = "past_due", "Past due"
        ON_HOLD = "on_hold", "On hold"
        PAUSED = "paused", "Paused"
        CANCELLED = "cancelled", "Cancelled"
        EXPIRED = "expired", "Expired"

    LIVE = ("active", "past_due", "on_hold", "paused")
    OVERDUE = ("past_due", "on_hold")
    ENDED = ("paused", "cancelled", "expired")

    provider = models.CharField(max_length=10, choices=PaymentProviderName)
    external_id = models.CharField(max_length=120)
    customer_id = models.CharField(max_length=120, blank=True)
    checkout = models.ForeignKey(Checkout, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    billing_period = models.CharField(max_length=10, choices=BillingPeriod, default=BillingPeriod.MONTHLY)
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    period_ends_at = models.DateTimeField(null=True, blank=True)
    cancel_at_period_end = models.BooleanField(default=False)
    pending_plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pending_period = models.CharField(max_length=10, choices=BillingPeriod, blank=True)
    pending_sent_at = models.DateTimeField(
        null=True, blank=True, help_text="When the provider took the pending change."
    )
    last_event_at = models.DateTimeField(null=True, blank=True, help_text="The provider's time of what is known.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="The provider's time of its end.")
    renewal_invoiced_for = models.DateTimeField(
        null=True, blank=True, help_text="The period's end that the next bank-transfer invoice was made for."
    )
    end_settled = models.BooleanField(default=False, help_text="Its end has put the organization back on Free.")

    objects = SubscriptionRows.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="subscription_external_id_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} subscription {self.external_id}"

    @property
    def by_card(self) -> bool:
        return self.provider != PaymentProviderName.BANK


class PlanSeen(OrganizationRow):
    """The plan that a subscription had at a time, as its provider reported it. Upgrades within a cycle are found from
    these rows, in whatever order the events came."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="plans_seen")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    billing_period = models.CharField(
        max_length=10, choices=BillingPeriod, blank=True, db_default="", help_text="Empty in rows of before the column."
    )
    at = models.DateTimeField()
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was decided for good whether an upgrade to it was paid."
    )

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["subscription", "plan", "at"], name="plan_seen_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def period(self) -> str:
        return self.billing_period or self.subscription.billing_period


class Payment(OrganizationRow):
    """A payment: a fact, stored once per provider and payment id."""

    class Kind(models.TextChoices):
        FIRST = "first", "First payment"
        RENEWAL = "renewal", "Renewal"
        TOPUP = "topup", "Top-up"
        PLAN_CHANGE = "plan_change", "Plan change"
        OTHER = "other", "Other"

    class Status(models.TextChoices):
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        REFUNDED = "refunded", "Refunded"

    provider = models.CharField(max_length=10, choices=PaymentProviderName)
    external_id = models.CharField(max_length=120)
    checkout = models.ForeignKey(Checkout, on_delete=models.SET_NULL, null=True, blank=True, related_name="payments")
    subscription = models.ForeignKey(
        Subscription, on_delete=models.SET_NULL, null=True, blank=True, related_name="payments"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    status = models.CharField(max_length=10, choices=Status)
    amount_minor = models.BigIntegerField("amount in minor units", null=True, blank=True)
    tax_minor = models.BigIntegerField("tax in it, in minor units", null=True, blank=True)
    expected_minor = models.BigIntegerField("expected in minor units, before tax", null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    invoice_number = models.CharField(max_length=60, blank=True)
    paid_at = models.DateTimeField(help_text="By the provider's clock.")
    xct = Xct("XCT granted", default=0)

    class Meta:
        ordering = ["-paid_at"]
        constraints = [models.UniqueConstraint(fields=["provider", "external_id"], name="payment_external_id_once")]

    def __str__(self) -> str:
        return f"{self.provider} payment {self.external_id}"

    @property
    def cycle_key(self) -> str:
        """The key of the cycle that this payment starts, if it is of the kind that does."""
        return f"payment:{self.provider}:{self.external_id}"

    @property
    def xct_taken(self) -> Decimal:
        """The XCT that its refunds took, less what came again."""
        return sum((-row.xct if row.reverses else row.xct for row in self.refunds.all()), Decimal(0))

    @property
    def kept(self) -> Decimal:
        """The part of its money that was not returned, 0 to 1.

        Refunds and chargebacks add up apart from each other, and of each the latest word by the provider's time counts. So
        the sum does not depend on the order in which they are told, and a chargeback that was won leaves a refund in force.
        A chargeback may be reversed by an id of its own as well; Paddle tells both, so the greater sum counts.
        """
        whole = self.amount_minor or 1
        of_money = [row for row in self.refunds.all() if not row.external_id.startswith(Refund.CREDIT)]
        rows = sorted(of_money, key=lambda row: (row.refunded_at, row.told_id != row.external_id))
        latest = {row.told_id: row for row in rows}
        told = {True: 0, False: 0}
        void, reversals = {True: 0, False: 0}, 0
        for row in rows:
            amount = whole if row.amount_minor is None or not self.amount_minor else row.amount_minor
            holds = latest[row.told_id] is row
            if row.told_id != row.external_id:
                continue
            if row.reverses:
                reversals += amount if holds else 0
            else:
                told[row.chargeback] += amount
                void[row.chargeback] += 0 if holds else amount
        gone = told[False] - void[False] + max(0, told[True] - max(void[True], reversals))
        return (1 - Decimal(min(whole, gone)) / whole).quantize(Decimal("1e-8"))


class Refund(OrganizationRow):
    """A refund or chargeback (or the end of one, with `reverses`), applied once per provider, refund id and word on it.
    `refunded_at` is when the provider said so for the last time. One of `CREDIT` is of no money: it holds the XCT of a change of
    plan that went with the money of the period that it was credited with."""

    CREDIT = "credit-"
    provider = models.CharField(max_length=10, choices=PaymentProviderName)
    external_id = models.CharField(max_length=120)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField(null=True, blank=True)
    chargeback = models.BooleanField(default=False)
    reverses = models.BooleanField(default=False)
    xct = Xct("XCT taken back", default=0)
    refunded_at = models.DateTimeField()

    class Meta:
        ordering = ["-refunded_at"]
        constraints = [models.UniqueConstraint(fields=["provider", "external_id"], name="refund_external_id_once")]

    def __str__(self) -> str:
        return f"{self.provider} refund {self.external_id}"

    @property
    def told_id(self) -> str:
        """The provider's id. What takes a word back (`<id>:won`) has the id of what it takes back."""
        return self.external_id.partition(":")[0]
