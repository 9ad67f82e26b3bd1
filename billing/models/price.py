"""The prices of work: model tiers, models with their list prices, and images. Staff edit these rows; each has versions."""

from datetime import datetime
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from integrations.ai import registry


class ModelTier(models.Model):
    """How many XCT 1,000 tokens cost on a model of this tier."""

    tier = models.CharField(primary_key=True, max_length=20)
    multiplier = models.DecimalField(max_digits=10, decimal_places=4)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank", "tier"]
        constraints = [
            models.CheckConstraint(condition=Q(multiplier__gte=0), name="model_tier_multiplier_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.tier} × {self.multiplier.normalize():f}"


class AIModelRows(models.QuerySet["AIModel"]):
    def in_force(self, at: datetime | None = None) -> Self:
        """Per model the newest version that is valid at `at`, if that version is active."""
        newest = (
            self.model._base_manager.filter(valid_from__lte=at or timezone.now())
            .order_by("provider", "model_id", "-valid_from", "-pk")
            .distinct("provider", "model_id")
            .values("pk")
        )
        return self.filter(pk__in=newest, active=True)


class AIModel(models.Model):
    """One version of one model: its tier, its abilities, its price and its list price. A new price is a new row with a later
    `valid_from`; usage records point at the row that priced them."""

    provider = models.CharField(max_length=20)
    model_id = models.CharField(max_length=100)
    display_name = models.CharField(max_length=100)
    tier = models.ForeignKey(ModelTier, on_delete=models.PROTECT, related_name="models")
    context_window = models.PositiveIntegerField(default=128_000)
    max_output_tokens = models.PositiveIntegerField(default=8_192)
    supports_images = models.BooleanField(default=False)
    is_default = models.BooleanField("the provider's default", default=False)
    input_usd = models.DecimalField("USD per million input tokens", max_digits=12, decimal_places=6)
    output_usd = models.DecimalField("USD per million output tokens", max_digits=12, decimal_places=6)
    cached_input_usd = models.DecimalField(
        "USD per million cached input tokens", max_digits=12, decimal_places=6, null=True, blank=True
    )
    cache_write_usd = models.DecimalField(
        "USD per million input tokens written to the cache", max_digits=12, decimal_places=6, null=True, blank=True
    )
    multiplier = models.DecimalField(
        "XCT per 1,000 tokens",
        max_digits=10,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="This model's own price; empty: that of its tier.",
    )
    active = models.BooleanField(default=True)
    valid_from = models.DateTimeField(default=timezone.now)

    objects = AIModelRows.as_manager()

    class Meta:
        verbose_name = "AI model"
        ordering = ["provider", "tier__rank", "model_id", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "model_id", "valid_from"], name="ai_model_version_once"),
            models.CheckConstraint(
                condition=Q(input_usd__gte=0, output_usd__gte=0), name="ai_model_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(multiplier=None) | Q(multiplier__gte=0), name="ai_model_multiplier_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}/{self.model_id}"

    @property
    def xct_per_thousand(self) -> Decimal:
        """XCT that 1,000 of its tokens cost."""
        return self.tier.multiplier if self.multiplier is None else self.multiplier


class ImagePrice(models.Model):
    """What one generated image costs. The newest row for (size, quality) counts; an empty one is the fallback."""

    provider = models.CharField(max_length=20, default=registry.IMAGES)
    size = models.CharField(max_length=20, blank=True)
    quality = models.CharField(max_length=20, blank=True)
    xct = models.DecimalField("XCT", max_digits=16, decimal_places=4)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    valid_from = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["provider", "size", "quality", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "size", "quality", "valid_from"], name="image_price_once"),
            models.CheckConstraint(condition=Q(xct__gte=0), name="image_price_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.size or 'any size'} {self.quality or 'any quality'}"
