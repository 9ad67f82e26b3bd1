"""Backup codes. The devices themselves are django-otp's."""

from __future__ import annotations

from django.db import models

from scribe.rows import OrganizationRow


class BackupCode(OrganizationRow):
    """A one-use code, kept as a digest; the row goes when it is used."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="backup_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="backup_code_once")]

    def __str__(self) -> str:
        return "backup code"
