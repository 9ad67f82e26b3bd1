"""A studio tool: its entry in the catalogue, and the lowest plan that opens it."""

from __future__ import annotations

from django.db import models

from billing.models import FREE, Plan
from scribe.rows import Row


class Tool(Row):
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    icon = models.CharField(max_length=60, blank=True, default="")
    min_tier = models.ForeignKey(
        Plan,
        on_delete=models.PROTECT,
        default=FREE,
        db_column="min_tier",
        related_name="+",
        verbose_name="lowest plan",
        help_text="The lowest plan that opens it.",
    )
    is_visible = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
