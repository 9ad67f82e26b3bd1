"""An organization's own key for a provider of models."""

from __future__ import annotations

from django.db import models

from scribe.crypto import EncryptedTextField
from scribe.rows import OrganizationRow


class OwnKey(OrganizationRow):
    """`provider` is an id of `integrations.ai.registry`. Removing a key deletes its row."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="own_keys")
    provider = models.CharField(max_length=20)
    key = EncryptedTextField()

    class Meta:
        ordering = ["provider"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "provider"], name="own_key_once_per_provider"),
            models.CheckConstraint(condition=~models.Q(key=""), name="own_key_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.provider
