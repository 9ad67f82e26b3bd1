"""A content profile: generation settings that an organization keeps under a name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from scribe.rows import OrganizationRow, Versioned


class ContentProfile(Versioned, OrganizationRow):
    """`settings` holds only the keys that were sent. The others resolve from the levels below the profile."""

    name = models.CharField(max_length=255)
    is_default = models.BooleanField(default=False)
    settings = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="profile_by_organization")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_default=True), name="profile_one_default_per_organization"
            ),
        ]

    def __str__(self) -> str:
        return self.name
