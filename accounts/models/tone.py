"""An organization's own tones of voice, beside the built-in ones."""

from __future__ import annotations

from django.db import models

from scribe.rows import OrganizationRow


class Tone(OrganizationRow):
    """`slug` is its id in the API; the built-in ids cannot be taken (accounts.tones)."""

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    system_prompt = models.TextField(blank=True)

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["organization", "slug"], name="tone_slug_once_per_organization")]

    def __str__(self) -> str:
        return self.name
