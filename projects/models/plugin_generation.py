"""The request of a shop's plugin for one text, which a job writes."""

from __future__ import annotations

from django.db import models

from integrations.stores import platforms
from scribe.rows import OrganizationQuerySet, OrganizationRow


class PluginGenerationRows(OrganizationQuerySet):
    test_mark = "project__is_test"


class PluginGeneration(OrganizationRow):
    """The handle that a plugin polls. The item has the text itself, or the post for a blog post."""

    class Kind(models.TextChoices):
        DESCRIPTION = "description", "Product description"
        BLOG = "blog", "Blog post"

    kind = models.CharField(max_length=12, choices=Kind)
    source = models.CharField(max_length=20, choices=platforms.choices)
    api_key = models.ForeignKey("accounts.ApiKey", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    project = models.ForeignKey("projects.Project", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    job = models.ForeignKey("scribe.Job", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    item = models.ForeignKey("projects.ContentItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    post_id = models.UUIDField(null=True, blank=True)  # not a foreign key, since this app must not know the blog

    objects = PluginGenerationRows.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "source", "-created_at"], name="plugin_generation_by_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.pk}"
