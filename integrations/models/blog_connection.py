"""A connection to a WordPress site for posts, by an application password."""

from __future__ import annotations

from django.db import models

from scribe.crypto import EncryptedTextField
from scribe.rows import OrganizationRow


class BlogConnection(OrganizationRow):
    """`categories` is the cached answer of the site; `site_name` is its name as of the last successful test."""

    name = models.CharField(max_length=255)
    site_url = models.CharField(max_length=500)
    username = models.CharField(max_length=255, blank=True, default="")
    app_password = EncryptedTextField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    site_name = models.CharField(max_length=255, blank=True, default="")
    categories = models.JSONField(default=list, blank=True)
    categories_cached_at = models.DateTimeField(null=True, blank=True)
    last_synced_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="blog_connection_by_org")]

    def __str__(self) -> str:
        return self.name
