"""Rows that sign-in keeps: identities at Google and Apple, and failed attempts."""

from __future__ import annotations

from django.db import models

from scribe.rows import OrganizationRow


class SocialIdentity(OrganizationRow):
    """An account at a provider, known by its `sub` (never by its address, which can change)."""

    class Provider(models.TextChoices):
        GOOGLE = "google"
        APPLE = "apple"

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="identities")
    provider = models.CharField(max_length=10, choices=Provider)
    subject = models.CharField(max_length=255)

    class Meta:
        verbose_name_plural = "social identities"
        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="social_identity_once"),
            models.UniqueConstraint(fields=["user", "provider"], name="social_identity_one_per_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.subject}"


class SignInFailure(models.Model):
    """Failed sign-ins in a row for one (account, address), or account-wide. The key is a digest: it does not show whose it is,
    and it exists for addresses without an account as well."""

    key = models.CharField(primary_key=True, max_length=64)
    failures = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.failures} failures"
