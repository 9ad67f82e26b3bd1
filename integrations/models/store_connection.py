"""A connection to a merchant's store: address, encrypted credentials, and the result of the last call."""

from __future__ import annotations

from django.db import models
from django.db.models import Value

from integrations.stores import platforms
from scribe.crypto import EncryptedTextField
from scribe.rows import OrganizationRow


class StoreConnection(OrganizationRow):
    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        ACTIVE = "active", "Active"
        ERROR = "error", "Error"
        INACTIVE = "inactive", "Inactive"

    name = models.CharField(max_length=255)
    platform = models.CharField(max_length=20, choices=platforms.choices)
    base_url = models.CharField(max_length=500)
    media_base_url = models.CharField(max_length=500, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    access_token = EncryptedTextField(blank=True, default="")
    access_token_secret = EncryptedTextField(blank=True, default="")
    consumer_key = EncryptedTextField(blank=True, default="")
    consumer_secret = EncryptedTextField(blank=True, default="")
    guarded = models.BooleanField(null=True, default=None)  # as `Store.guarded`, by the last answer that told
    # The merchant's choice of the shop's codes for a language of ours: {"sr-Latn": ["sr"]}.
    languages = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    last_connected_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="connection_by_organization")]

    def __str__(self) -> str:
        return self.name
