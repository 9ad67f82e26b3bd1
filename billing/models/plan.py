"""The goods: plans with their monthly allotment, and top-up packs."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone

from integrations import payments


class BillingPeriod(models.TextChoices):
    MONTHLY = "monthly", "Monthly"
    YEARLY = "yearly", "Yearly"


class Tier(models.TextChoices):
    """The tiers that a customer can be on, by rising rank."""

    FREE = "free", "Free"
    STARTER = "starter", "Starter"
    PROFESSIONAL = "professional", "Professional"
    BUSINESS = "business", "Business"
    ENTERPRISE = "enterprise", "Enterprise"


def configured_price_id(provider: str, what: str) -> str:
    """The price id that the deployment's settings name, for rows whose own field is empty."""
    return str(payments.PROVIDERS[provider].price_ids.get(what) or "")


class Plan(models.Model):
    """One tier: its allotment of XCT a month, its prices in EUR, and what each payment provider calls it."""

    tier = models.CharField(primary_key=True, max_length=20, choices=Tier)
    name = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField(unique=True, help_text="A higher rank includes what lower ones have.")
    monthly_xct = models.DecimalField("XCT a month", max_digits=16, decimal_places=4)
    monthly_price_eur = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    yearly_price_eur = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    paddle_monthly_price_id = models.CharField(max_length=80, blank=True)
    paddle_yearly_price_id = models.CharField(max_length=80, blank=True)
    dodo_monthly_product_id = models.CharField(max_length=80, blank=True)
    dodo_yearly_product_id = models.CharField(max_length=80, blank=True)
    byok_included = models.BooleanField("own provider keys included", default=False)
    strict_grounding = models.BooleanField(
        "strict grounding allowed",
        default=True,
        help_text="A second model may read each text, at the price of its tokens.",
    )
    grounding = models.CharField(
        max_length=10,
        choices=[("standard", "Standard"), ("strict", "Strict")],
        default="standard",
        help_text="How texts are checked where no setting says it.",
    )
    uncharged_usd_per_day = models.DecimalField(
        "USD of uncharged calls a day",
        max_digits=8,
        decimal_places=2,
        default=Decimal("0.25"),
        help_text="What failed, rejected and cancelled calls of one organization may cost us a day; then new work waits.",
    )
    on_sale = models.BooleanField(default=True, help_text="Can be bought by a checkout or an invoice.")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.CheckConstraint(condition=Q(monthly_xct__gte=0), name="plan_allotment_is_not_negative"),
            models.CheckConstraint(
                condition=Q(grounding="standard") | Q(grounding="strict", strict_grounding=True),
                name="plan_default_grounding_is_allowed",
            ),
            models.CheckConstraint(
                condition=Q(on_sale=False) | Q(monthly_price_eur__gt=0, yearly_price_eur__gt=0),
                name="plan_on_sale_has_prices",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def price_eur(self, billing_period: str) -> Decimal | None:
        return self.yearly_price_eur if billing_period == BillingPeriod.YEARLY else self.monthly_price_eur

    def price_id(self, provider: str, billing_period: str) -> str:
        """The provider's id of this plan's price, from the row or else from the settings; empty when unknown."""
        own: str = getattr(self, f"{provider}_{billing_period}_{payments.PROVIDERS[provider].sold_as}_id")
        return own or configured_price_id(provider, f"{self.tier}_{billing_period}")


class TopupPack(models.Model):
    """What one pack holds and costs. The newest row is for sale; older ones stay as history."""

    xct = models.DecimalField("XCT", max_digits=16, decimal_places=4)
    price_eur = models.DecimalField(max_digits=10, decimal_places=2)
    paddle_price_id = models.CharField(max_length=80, blank=True)
    dodo_product_id = models.CharField(max_length=80, blank=True)
    valid_from = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-valid_from", "-pk"]
        get_latest_by = ["valid_from", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(xct__gt=0, price_eur__gt=0), name="topup_pack_is_worth_something"),
        ]

    def __str__(self) -> str:
        return f"{self.xct.normalize():f} XCT for {self.price_eur} EUR"

    @classmethod
    def current(cls) -> TopupPack:
        return cls.objects.filter(valid_from__lte=timezone.now()).latest()

    def price_id(self, provider: str) -> str:
        own: str = getattr(self, f"{provider}_{payments.PROVIDERS[provider].sold_as}_id")
        return own or configured_price_id(provider, "topup")
