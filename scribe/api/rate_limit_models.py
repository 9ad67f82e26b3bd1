"""Rate limits that staff set without a release. A scope without a row has the limit of the settings."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models


def known_scope(scope: str) -> None:
    if scope not in settings.RATE_LIMITS:
        raise ValidationError(f"There is no such scope. Known: {', '.join(sorted(settings.RATE_LIMITS))}.")


class RateLimit(models.Model):
    """At most `number` requests in `seconds` for one caller of a scope. Takes effect within seconds after it is saved."""

    scope = models.CharField(max_length=40, primary_key=True, validators=[known_scope])
    number = models.PositiveIntegerField("requests", validators=[MinValueValidator(1)])
    seconds = models.PositiveIntegerField("in seconds", validators=[MinValueValidator(1)])
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["scope"]
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=1, seconds__gte=1), name="rate_limit_is_positive")
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.number} in {self.seconds} s"
