"""A template: the structure and the tone of one kind of post."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from scribe.rows import OrganizationRow


class BlogTemplate(OrganizationRow):
    """`structure` may have `sections` (headings in order, or `{heading, instructions}`), `min_words`, `max_words`."""

    name = models.CharField(max_length=255)
    description = models.TextField(blank=True, default="")
    tone = models.CharField(max_length=100, blank=True, default="")
    structure = models.JSONField(default=dict, blank=True)
    custom_instructions = models.TextField(blank=True, default="")
    is_default = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="blog_template_by_org")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_default=True), name="blog_template_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name
