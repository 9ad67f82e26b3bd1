"""A starting point for a content profile's instructions. Staff edit the rows."""

from __future__ import annotations

from django.db import models

from scribe.rows import Row


class ProfileTemplate(Row):
    """`defaults` are settings of a content profile. `instructions` apply to every text of this kind."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    icon = models.CharField(max_length=60, blank=True, default="")
    instructions = models.TextField()
    defaults = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
