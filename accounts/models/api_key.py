"""Keys with which a shop's plugin calls us."""

from __future__ import annotations

from django.db import models

from scribe.rows import OrganizationRow


class ApiKey(OrganizationRow):
    """A key to the plugin operations of its organization. Only its hash is kept: the key itself was shown once."""

    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(default=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = "API key"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="api_key_by_organization")]

    # A key is a principal of its own: signed in, but not an admin.
    is_authenticated = True
    is_admin = False
    is_super_admin = False

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
