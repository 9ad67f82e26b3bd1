"""An organization's own key for a stock photo provider."""

from __future__ import annotations

from django.db import models

from scribe.crypto import EncryptedTextField
from scribe.rows import OrganizationRow


class StockPhotoKey(OrganizationRow):
    class Provider(models.TextChoices):
        PEXELS = "pexels", "Pexels"

    provider = models.CharField(max_length=20, choices=Provider, default=Provider.PEXELS)
    api_key = EncryptedTextField()
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "provider"], name="stock_photo_key_one_per_provider"),
        ]

    def __str__(self) -> str:
        return self.get_provider_display()
