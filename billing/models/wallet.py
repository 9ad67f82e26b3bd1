"""The wallet: one row per organization. It is the lock of its ledger, and carries the balances, cached.

Beside it the cycles: the months of an organization's plan, each started once, by the payment or schedule that it belongs to.
"""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable

from billing.models.plan import FREE, BillingPeriod, Plan
from scribe import gdpr, test_mode
from scribe.rows import OrganizationQuerySet, OrganizationRow, Row

ZERO = Decimal("0.0000")
#: What an organization has of test XCT at first.
TEST_XCT = Decimal("1000.0000")


if TYPE_CHECKING:
    DecimalField = models.DecimalField[Decimal | int | Combinable, Decimal]
else:
    DecimalField = models.DecimalField


class Xct(DecimalField):
    """An amount of XCT: exact, four places."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 16)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class Wallet(Row):
    """An organization's plan, cycle and balances. Every change of money locks this row first, so changes on one
    organization take turns; the balances always equal the sums of the entries and of the open holds."""

    organization = models.OneToOneField("accounts.Organization", on_delete=models.CASCADE, related_name="wallet")

    # The organization's plan and a copy of its allotment: a changed plan row does not change those who have the plan already.
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", default=FREE)
    billing_period = models.CharField(max_length=10, choices=BillingPeriod, blank=True)
    allotment = Xct("XCT a month", default=ZERO)
    # The running cycle. `cycle_anchor` is the plan's start, from which months are counted.
    cycle_anchor = models.DateTimeField()
    cycle_started_at = models.DateTimeField()
    next_cycle_at = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text="When beat starts the next cycle; empty while a payment does."
    )
    cycle_key = models.CharField(max_length=120, default="registration")
    paid_until = models.DateTimeField(
        null=True,
        blank=True,
        db_index=True,
        help_text="The end of what was paid for; empty for plans that nobody pays.",
    )

    plan_set_at = models.DateTimeField(
        null=True, blank=True, help_text="When staff set the plan: what was paid before does not decide it any more."
    )

    # The cached sums.
    subscription_balance = Xct(default=ZERO)
    topup_balance = Xct(default=ZERO)
    overage_owed = Xct(default=ZERO)
    held = Xct(default=ZERO)
    expiring = Xct(
        default=ZERO, help_text="Part of the subscription balance from an ended cycle that a hold still needs."
    )
    overage_due = Xct(default=ZERO, help_text="Overage of ended cycles that an invoice is still to be made for.")
    last_number = models.PositiveBigIntegerField(default=0)
    test_balance = Xct("test XCT", default=TEST_XCT, db_default=TEST_XCT, help_text="Play money of test keys.")

    overage_enabled = models.BooleanField(default=False)
    token_rate_multiplier = models.DecimalField(max_digits=8, decimal_places=4, default=Decimal("1.0000"))
    # The last low-balance notice: 100 none, 20 or 0 per cent of the allotment left.
    noticed_at_percent = models.PositiveSmallIntegerField(default=100)
    # Dunning: since when a payment is overdue, and how far that went (0, 3, 7, 14 days).
    overdue_since = models.DateTimeField(null=True, blank=True, db_index=True)
    dunning_stage = models.PositiveSmallIntegerField(default=0)
    # The same for overage whose invoice is overdue.
    overage_stage = models.PositiveSmallIntegerField(default=0)

    objects = OrganizationQuerySet.as_manager()

    personal_data = gdpr.PersonalData(
        export="plan_id billing_period subscription_balance topup_balance overage_owed overage_enabled",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(subscription_balance__gte=0), name="wallet_subscription_not_negative"),
            models.CheckConstraint(condition=Q(overage_owed__gte=0), name="wallet_overage_not_negative"),
            models.CheckConstraint(condition=Q(held__gte=0), name="wallet_held_not_negative"),
            models.CheckConstraint(condition=Q(test_balance__gte=0), name="wallet_test_balance_not_negative"),
            models.CheckConstraint(
                condition=Q(expiring__gte=0, expiring__lte=F("subscription_balance")), name="wallet_expiring_in_balance"
            ),
            models.CheckConstraint(condition=Q(token_rate_multiplier__gte=0), name="wallet_multiplier_not_negative"),
        ]

    def __str__(self) -> str:
        return f"wallet of {self.organization_id}"

    def for_caller(self) -> "Wallet":
        """The wallet as the present caller may know it: for a test key, which may be in anybody's hands, one that is not saved
        and holds test XCT alone."""
        if not test_mode.is_on():
            return self
        return Wallet(
            pk=self.pk,
            organization_id=self.organization_id,
            plan_id=self.plan_id,
            topup_balance=self.test_balance,
            cycle_started_at=self.cycle_started_at,
            next_cycle_at=self.next_cycle_at,
        )

    @property
    def total_balance(self) -> Decimal:
        return self.subscription_balance + self.topup_balance - self.overage_owed

    @property
    def overage_room(self) -> Decimal:
        """How much more overage may be owed: up to one month's allotment, when it is enabled."""
        if not self.overage_enabled or self.plan_id == FREE:
            return ZERO
        return max(ZERO, self.allotment - self.overage_owed)

    @property
    def available(self) -> Decimal:
        """The XCT that can be spent: all balances, less the open holds, plus unused overage. May be negative after a refund."""
        return self.subscription_balance + self.topup_balance - self.held + self.overage_room


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

    personal_data = gdpr.PersonalData(export="key started_at plan_id allotment")

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["organization", "-started_at"], name="cycle_newest_first")]
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="cycle_key_once")]

    def __str__(self) -> str:
        return f"{self.key} from {self.started_at:%Y-%m-%d}"

    @property
    def is_free(self) -> bool:
        """Whether it is a month of the Free plan that staff did not start."""
        return self.plan_id == FREE and self.source in (self.Source.PLAN_END, self.Source.MONTH)
