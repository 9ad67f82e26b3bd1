"""People whom staff write to about the product. They are staff's own list, not customers' data."""

from __future__ import annotations

from django.db import models

from scribe.rows import Row


class Prospect(Row):
    """A person on the list. Opens and clicks are counted without bots and quick repeats."""

    name = models.CharField(max_length=200)
    email = models.EmailField()
    website = models.URLField(max_length=500, blank=True, default="")
    notes = models.TextField(blank=True, default="")
    open_count = models.PositiveIntegerField(default=0)
    click_count = models.PositiveIntegerField(default=0)
    first_opened_at = models.DateTimeField(null=True, blank=True)
    last_opened_at = models.DateTimeField(null=True, blank=True)
    last_clicked_at = models.DateTimeField(null=True, blank=True)
    last_clicked_url = models.CharField(max_length=2048, blank=True, default="")

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"
