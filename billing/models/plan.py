"""The goods: plans with their monthly allotment, and top-up packs.

A plan is a row and nothing else. Staff add one in the admin; code asks a plan for its properties and names only the Free one.
"""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from integrations import payments


class BillingPeriod(models.TextChoices):
    MONTHLY = "monthly", "Monthly"
    YEARLY = "yearly", "Yearly"


#: The plan that every organization starts on and goes back to. It is the only one that code names.
FREE = "free"
LEAST_UNCHARGED = Decimal(50)  # XCT a day


def id_columns(provider: str) -> dict[str, str]:
    """The columns of a plan with the provider's ids, by billing period."""
    sold_as = payments.PROVIDERS[provider].sold_as
    return {period: f"{provider}_{period}_{sold_as}_id" for period in BillingPeriod.values}


def pack_id_column(provider: str) -> str:
    return f"{provider}_{payments.PROVIDERS[provider].sold_as}_id"


def configured_price_id(provider: str, what: str) -> str:
    """The price id that the deployment's settings name, for rows whose own field is empty."""
    return str(payments.PROVIDERS[provider].price_ids.get(what) or "")


class Plan(models.Model):
    """One tier: its allotment of XCT a month, its prices in EUR, and what each payment provider calls it.

    `rank` orders the plans: to a higher rank is an upgrade, and a tool that asks for a plan is open to every plan of its rank
    or above. Only the Free plan has rank 0. Ranks are hundreds apart, so that a new plan finds room between two others.
    """

    tier = models.SlugField(
        primary_key=True,
        max_length=20,
        help_text="The API calls the plan by this word: small letters, digits and hyphens. It never changes.",
    )
    name = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField(
        unique=True, help_text="A higher rank includes what lower ones have. Leave room between two plans."
    )
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
    stored_bytes = models.PositiveBigIntegerField(
        "bytes of stored files", null=True, blank=True, help_text="Files and pictures together. Empty: no limit."
    )
    items = models.PositiveIntegerField(null=True, blank=True, help_text="In all projects. Empty: no limit.")
    projects = models.PositiveIntegerField(null=True, blank=True, help_text="The trash counts. Empty: no limit.")
    open_streams = models.PositiveIntegerField(
        null=True, blank=True, help_text="At the same time, of all people and keys. Empty: no limit."
    )
    uncharged_xct_per_day = models.DecimalField(
        "XCT of uncharged calls a day",
        max_digits=16,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="What such calls would have cost in XCT. Empty: a fifth of the month's allotment, at least 50.",
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
                violation_error_message="Strict grounding can only be the default where it is allowed.",
            ),
            models.CheckConstraint(
                condition=Q(on_sale=False)
                | Q(
                    monthly_price_eur__isnull=False,  # a comparison with NULL holds for the database
                    yearly_price_eur__isnull=False,
                    monthly_price_eur__gt=0,
                    yearly_price_eur__gt=0,
                ),
                name="plan_on_sale_has_prices",
                violation_error_message="A plan on sale needs a price for the month and one for the year.",
            ),
            models.CheckConstraint(
                condition=Q(tier__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="plan_tier_is_a_slug",
                violation_error_message="The tier consists of small letters and digits, with single hyphens between them.",
            ),
            models.CheckConstraint(
                condition=Q(tier=FREE, rank=0, on_sale=False) | (~Q(tier=FREE) & Q(rank__gt=0)),
                name="plan_free_alone_has_rank_0",
                violation_error_message="The Free plan has rank 0 and is not on sale; every other plan has a higher rank.",
            ),
            *(
                models.UniqueConstraint(
                    fields=[column],
                    condition=~Q(**{column: ""}),
                    name=f"plan_{column}_once",
                    violation_error_message="Another plan has this id at the payment provider.",
                )
                for provider in payments.PROVIDERS
                for column in id_columns(provider).values()
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{monthly: ""}) | ~Q(**{monthly: F(yearly)}),
                    name=f"plan_{provider}_ids_differ",
                    violation_error_message="The month and the year need an id each at the payment provider.",
                )
                for provider in payments.PROVIDERS
                for monthly, yearly in [id_columns(provider).values()]
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def uncharged_xct(self) -> Decimal:
        """What uncharged calls of a day may be worth in XCT."""
        if self.uncharged_xct_per_day is not None:
            return self.uncharged_xct_per_day
        return max(LEAST_UNCHARGED, self.monthly_xct / 5)

    def clean(self) -> None:
        """Raises ValidationError for an id that a provider uses for the other period of another plan: its events would be
        taken for that plan."""
        super().clean()
        for provider in payments.PROVIDERS:
            mine = {getattr(self, column): column for column in id_columns(provider).values()}
            mine.pop("", None)
            for other in Plan.objects.exclude(pk=self.pk):
                for period in BillingPeriod.values:
                    if column := mine.get(other.price_id(provider, period)):
                        raise ValidationError({column: f"The plan {other} has this id at the payment provider."})

    @property
    def is_free(self) -> bool:
        return self.rank == 0

    def price_eur(self, billing_period: str) -> Decimal | None:
        return self.yearly_price_eur if billing_period == BillingPeriod.YEARLY else self.monthly_price_eur

    def price_minor(self, billing_period: str) -> int | None:
        """The list price in cents; None for a plan that is sold by agreement."""
        price = self.price_eur(billing_period)
        return None if price is None else int(price * 100)

    def price_id(self, provider: str, billing_period: str) -> str:
        """The provider's id of this plan's price, from the row or else from the settings; empty when unknown."""
        own: str = getattr(self, id_columns(provider)[billing_period])
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
    def current(cls) -> "TopupPack":
        return cls.objects.filter(valid_from__lte=timezone.now()).latest()

    def price_id(self, provider: str) -> str:
        own: str = getattr(self, pack_id_column(provider))
        return own or configured_price_id(provider, "topup")
