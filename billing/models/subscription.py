"""Purchases through a payment provider: checkouts, customers, subscriptions, payments and refunds."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from billing.models.plan import BillingPeriod, Plan
from billing.models.wallet import Xct
from billing.months import since_when
from integrations import payments
from integrations.payments.types import PaymentSucceeded
from scribe import gdpr
from scribe.rows import OrganizationQuerySet, OrganizationRow, Principal

#: What a payment is worth whose amount staff took for the price.
ANY_PRICE = 2**53
PART = Decimal("1e-8")  # to which parts of money are exact


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

    personal_data = gdpr.PersonalData(export="created_at provider external_id kind plan_id billing_period packs")

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

    personal_data = gdpr.PersonalData(export="provider external_id")

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["provider", "external_id"], name="payment_customer_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.external_id}"


class SubscriptionRows(OrganizationQuerySet["Subscription"]):
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
    stopped_for_deletion = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Its renewal was stopped because the organization is to be deleted; it goes on if the deletion is cancelled.",
    )
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

    objects: ClassVar = SubscriptionRows.as_manager()

    personal_data = gdpr.PersonalData(
        export="provider external_id customer_id plan_id billing_period status period_ends_at"
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="subscription_external_id_once")
        ]

    def __str__(self) -> str:
        return f"{self.provider} subscription {self.external_id}"

    @property
    def ends_with_its_period(self) -> bool:
        """Whether nothing is to follow what was paid for."""
        return self.status in self.ENDED or (not self.by_card and self.cancel_at_period_end)

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

    personal_data = gdpr.PersonalData(export="plan_id at")

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["subscription", "plan", "at"], name="plan_seen_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def period(self) -> str:
        return self.billing_period or self.subscription.billing_period


class PaymentRows(OrganizationQuerySet["Payment"]):
    def visible_to(self, principal: Principal) -> Self:
        """Its own organization's, but for those that staff have yet to look at."""
        return super().visible_to(principal).exclude(kind=Payment.Kind.PARKED)


class Payment(OrganizationRow):
    """A payment: a fact, stored once per provider and payment id. One whose event is parked, as it is not what was ordered,
    has the kind `PARKED` and buys nothing, as if it had `FAILED`; but its money is here, and may be returned."""

    class Kind(models.TextChoices):
        FIRST = "first", "First payment"
        RENEWAL = "renewal", "Renewal"
        TOPUP = "topup", "Top-up"
        PLAN_CHANGE = "plan_change", "Plan change"
        OTHER = "other", "Other"
        PARKED = "parked", "Parked"

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
    credit_minor = models.BigIntegerField(
        "paid of it by a credit at the provider, in minor units", null=True, blank=True
    )
    expected_minor = models.BigIntegerField("expected in minor units, before tax", null=True, blank=True)
    worth_minor = models.BigIntegerField(
        "what a change of plan may cost at most, in minor units before tax",
        null=True,
        blank=True,
        help_text="With the discounts that its provider confirms; any price, where staff accepted it.",
    )
    currency = models.CharField(max_length=3, blank=True)
    invoice_number = models.CharField(max_length=60, blank=True)
    paid_at = models.DateTimeField(help_text="By the provider's clock.")
    xct = Xct("XCT granted", default=0)

    #: What went back of the money that its credit came from: before tax, in all, since each time (billing.credits).
    credit_back: tuple[tuple[datetime, Decimal], ...] = ()

    objects: ClassVar = PaymentRows.as_manager()

    personal_data = gdpr.PersonalData(
        export="provider external_id kind status amount_minor currency invoice_number paid_at"
    )

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
    def has_invoice_file(self) -> bool:
        """Whether the provider gives a PDF of its invoice."""
        row = payments.PROVIDERS.get(self.provider)
        return row is not None and row.gives_invoices and self.status != self.Status.FAILED

    @property
    def net_minor(self) -> int:
        """What was paid before tax."""
        return (self.amount_minor or 0) - (self.tax_minor or 0)

    @property
    def credit_net(self) -> int:
        """What a credit at the provider paid of it before tax."""
        whole, credit = self.amount_minor or 0, self.credit_minor or 0
        return self.net_minor * min(credit, whole) // whole if min(credit, whole) > 0 else 0

    @property
    def worth(self) -> int:
        """What a change of plan may cost that it is for. One of before, without an amount, was not compared."""
        if self.worth_minor is None:
            return ANY_PRICE if self.amount_minor is None else self.net_minor
        return self.worth_minor

    @property
    def received(self) -> str:
        """What came of it before tax and what was returned, for staff."""
        if self.amount_minor is None or not self.currency:
            return "unknown"
        net = Decimal(self.net_minor) / 100
        returned = f", {net * (1 - self.kept):.2f} returned" if self.kept < 1 else ""
        return f"{net:.2f} {self.currency}{returned}"[:40]

    def note_sums(self, fact: PaymentSucceeded) -> None:
        self.amount_minor, self.tax_minor, self.credit_minor = fact.amount_minor, fact.tax_minor, fact.credit_minor
        self.currency = fact.currency

    def is_of_another(
        self, organization_id: UUID, checkout: Checkout | None, subscription: Subscription | None
    ) -> bool:
        """Whether it has paid for what is none of these."""
        pairs = (self.checkout_id, checkout), (self.subscription_id, subscription)
        another = any(its is not None and row is not None and its != row.pk for its, row in pairs)
        return another or self.organization_id != organization_id

    def differs(self, amount_minor: int | None, tax_minor: int | None, currency: str) -> bool:
        """Whether it was recorded with other sums than these."""
        told = amount_minor, tax_minor or 0, currency
        return self.amount_minor is not None and told != (self.amount_minor, self.tax_minor or 0, self.currency)

    @property
    def standing(self) -> str:
        """Its status when it has bought what it is for."""
        return self.Status.SUCCEEDED if self.kept == 1 else self.Status.REFUNDED

    @property
    def kept(self) -> Decimal:
        """The part of its money that was not returned, 0 to 1."""
        return self.kept_by(None)

    @property
    def kept_of_price(self) -> Decimal:
        """The part of its price that was kept, 0 to 1. What came beyond the price is returned first."""
        return self.kept_of_price_by(None)

    def kept_of_price_by(self, at: datetime | None) -> Decimal:
        """That part as it was then (None: now)."""
        paid, price = self.net_minor, self.expected_minor
        if not price or paid <= price:
            return self.kept_by(at)
        part = (paid - self._gone_by(at)) / price
        return min(Decimal(1), part.quantize(PART))

    @property
    def gone_since(self) -> datetime | None:
        """Since when nothing of its price is kept; None while a part is. What goes back once more changes nothing."""
        return since_when(self.returned_at, lambda at: self.kept_of_price_by(at) <= 0)

    @property
    def returned_at(self) -> list[datetime]:
        """When money of it went back, or came again."""
        return [*(row.refunded_at for row in self.refunds.all()), *(at for at, _ in self.credit_back)]

    def kept_by(self, at: datetime | None) -> Decimal:
        """The part of its money that was not returned by then (None: by now), 0 to 1."""
        return (1 - self._gone_by(at) / max(1, self.net_minor)).quantize(PART)

    def _gone_by(self, at: datetime | None) -> Decimal:
        """What was returned of it by then, with what is behind its credit, in minor units before tax."""
        behind = [gone for when, gone in self.credit_back if at is None or when <= at]
        return min(Decimal(max(1, self.net_minor)), self._returned_by(at) + (behind[-1] if behind else 0))

    def _amount_of(self, row: "Refund") -> int:
        return self.amount_minor or 1 if row.amount_minor is None or not self.amount_minor else row.amount_minor

    def _returned_by(self, at: datetime | None) -> Decimal:
        """What was returned of it before tax by then (None: by now), in minor units: the refunds that hold, and the chargebacks
        that were not won. Of each, the latest word by the provider's time says whether it holds.

        A chargeback is won by a word on itself, as far as that says, or reversed by an id of its own; Paddle tells both,
        so the greater sum counts. A refund is of the price as far as it exceeds the tax in it. Where that is not told, one of just the
        payment's tax is of tax alone; others are of price and tax alike.
        """
        whole, tax = self.amount_minor or 1, self.tax_minor or 0
        told = [row for row in self.refunds.all() if row.amount_minor != 0 and (at is None or row.refunded_at <= at)]
        told.sort(key=lambda row: (row.refunded_at, row.takes_back))
        latest = {row.told_id: row for row in told}
        charged_back = won = reversed_ = 0
        refunded: list[tuple[int, int | None]] = []  # with the tax that is in each
        for row in told:
            amount = self._amount_of(row)
            holds = latest[row.told_id] is row
            if row.takes_back:
                continue
            if row.reverses:
                reversed_ += amount if holds else 0
            elif row.chargeback:
                charged_back += amount
                won += 0 if holds else min(amount, self._amount_of(latest[row.told_id]))
            elif holds:
                refunded.append((amount, row.tax_minor))
        if tax and (tax, None) in refunded:
            refunded[refunded.index((tax, None))] = tax, tax
        gone = sum(amount for amount, _ in refunded) + max(0, charged_back - max(won, reversed_))
        net = max(1, self.net_minor)
        if gone >= whole:
            return Decimal(net)
        known = sum(amount for amount, its_tax in refunded if its_tax is not None)
        # No more tax goes back than was paid.
        price = known - min(tax, sum(min(amount, its_tax) for amount, its_tax in refunded if its_tax is not None))
        return min(Decimal(net), price + Decimal((gone - known) * (net - price)) / (whole - known))


class Refund(OrganizationRow):
    """A refund or chargeback (or the end of one, with `reverses`), applied once per provider, refund id and word on it.
    `refunded_at` is when the provider said so for the last time."""

    provider = models.CharField(max_length=10, choices=PaymentProviderName)
    external_id = models.CharField(max_length=120)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField(null=True, blank=True)
    tax_minor = models.BigIntegerField(
        "tax in it, in minor units", null=True, blank=True, help_text="Empty if its provider does not tell."
    )
    chargeback = models.BooleanField(default=False)
    reverses = models.BooleanField(default=False)
    xct = Xct("XCT taken back", default=0)
    refunded_at = models.DateTimeField()

    personal_data = gdpr.PersonalData(export="provider external_id amount_minor chargeback xct refunded_at")

    class Meta:
        ordering = ["-refunded_at"]
        constraints = [models.UniqueConstraint(fields=["provider", "external_id"], name="refund_external_id_once")]

    def __str__(self) -> str:
        return f"{self.provider} refund {self.external_id}"

    @property
    def told_id(self) -> str:
        """The provider's id. What takes a word back (`<id>:won`) has the id of what it takes back."""
        return self.external_id.partition(":")[0]

    @property
    def takes_back(self) -> bool:
        """Whether it is such a word."""
        return self.told_id != self.external_id
