"""Invoices for bank transfer. Each is a frozen copy of its sale: triggers in the database refuse to change it."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from billing.models.plan import BillingPeriod, Plan
from billing.models.wallet import Xct
from scribe import gdpr, messages
from scribe.rows import OrganizationQuerySet, Row


class ExchangeRate(models.Model):
    """The middle rate of one EUR in RSD on one day, by which invoices are issued, and that of one USD, by which our costs
    are compared with our prices."""

    class Source(models.TextChoices):
        NBS = "nbs", "National Bank of Serbia"
        STAFF = "staff", "Entered by staff"
        CONFIGURED = "configured", "Configured"

    date = models.DateField(unique=True)
    rate = models.DecimalField("RSD for 1 EUR", max_digits=12, decimal_places=4)
    usd_rate = models.DecimalField("RSD for 1 USD", max_digits=12, decimal_places=4, null=True, blank=True)
    list_number = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=12, choices=Source)
    fetched_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-date"]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_is_positive"),
            models.CheckConstraint(condition=Q(usd_rate=None) | Q(usd_rate__gt=0), name="dollar_rate_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.date} 1 EUR = {self.rate} RSD"


class InvoiceCounter(models.Model):
    """The last number of one series in one year. Locked while a number is taken, so there are no gaps."""

    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="invoice_counter_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


class Invoice(Row):
    """An invoice or credit note, with everything that is printed on it copied in. Only its payment may change."""

    class Series(models.TextChoices):
        INVOICE = "invoice", "Invoice"
        CREDIT = "credit", "Credit note"

    class Type(models.TextChoices):
        SUBSCRIPTION = "subscription", "Subscription"
        TOPUP = "topup", "Top-up"
        OVERAGE = "overage", "Overage"
        CREDIT_NOTE = "credit_note", "Credit note"

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        PAID = "paid", "Paid"
        CANCELLED = "cancelled", "Cancelled"
        EXPIRED = "expired", "Expired"

    # The law keeps an invoice longer than its customer stays: erasure cuts the link and keeps the row.
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    series = models.CharField(max_length=12, choices=Series, default=Series.INVOICE)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=20)
    invoice_type = models.CharField(max_length=14, choices=Type)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="credit_note")
    reason = messages.MessageTitle(max_length=300, blank=True)
    reason_values = messages.MessageValues(null=True, blank=True, editable=False)

    # What is sold.
    description = messages.MessageTitle(max_length=300)
    description_values = messages.MessageValues(null=True, blank=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    billing_period = models.CharField(max_length=10, choices=BillingPeriod, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    xct_amount = Xct("XCT", default=Decimal(0))
    allotment = Xct("XCT a month", default=Decimal(0))

    # Amounts: EUR price, the day's rate with its origin, RSD to pay.
    eur_amount = models.DecimalField(max_digits=12, decimal_places=2)
    rate = models.DecimalField(max_digits=12, decimal_places=4)
    rate_date = models.DateField()
    rate_list_number = models.CharField(max_length=20, blank=True)
    rate_source = models.CharField(max_length=12)
    amount = models.DecimalField("amount in RSD", max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3, default="RSD")

    # Seller and buyer as they were.
    seller = models.JSONField()
    buyer = models.JSONField()
    language = models.CharField(max_length=10, blank=True, db_default="", help_text="The language of its page.")

    issued_on = models.DateField()
    due_date = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=30, blank=True, help_text="Model 97 with check digits.")
    qr_code_data = models.TextField(blank=True)
    created_by_id = models.UUIDField(null=True, blank=True)

    # Its payment: all that may change.
    paid_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_id = models.UUIDField(null=True, blank=True)
    confirmed_by_label = models.CharField(max_length=255, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    personal_data = gdpr.PersonalData(
        export=(
            "number invoice_type status description eur_amount rate amount currency buyer issued_on due_date paid_at"
        ),
        erase="billing.erasure.reduce_invoices",
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["organization", "-created_at"], name="invoice_newest_first"),
            models.Index(fields=["due_date"], condition=Q(status="pending"), name="invoice_open_by_due_date"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "sequence"], name="invoice_number_once"),
            models.UniqueConstraint(fields=["series", "number"], name="invoice_printed_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0, eur_amount__gt=0), name="invoice_is_for_something"),
            models.CheckConstraint(
                condition=~Q(status="paid") | Q(paid_at__isnull=False), name="invoice_paid_has_its_time"
            ),
            models.CheckConstraint(
                condition=Q(series="credit", corrects__isnull=False) | Q(series="invoice", corrects=None),
                name="credit_note_corrects_an_invoice",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit_note(self) -> bool:
        return self.series == self.Series.CREDIT


class BankReceipt(Row):
    """A part of an invoice's amount that arrived on our bank account. It grants nothing; the invoice does, once it is
    confirmed."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="receipts")
    amount = models.DecimalField("amount in RSD", max_digits=16, decimal_places=2)
    received_on = models.DateField()
    statement = models.CharField(max_length=60, help_text="The number of the bank statement's line.")
    noted_by_label = models.CharField(max_length=255)

    personal_data = None  # amounts of an invoice, by lines of a bank statement

    class Meta:
        ordering = ["-received_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "statement"], name="bank_receipt_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="bank_receipt_is_for_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} RSD for {self.invoice}"
