"""Authenticator apps, as django-otp knows them but with the seed encrypted, and backup codes. Mailed codes are django-otp's own."""

from __future__ import annotations

from binascii import unhexlify
from typing import Any

from django.db import models
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from scribe.crypto import EncryptedTextField
from scribe.rows import OrganizationRow


class TotpDevice(TOTPDevice):
    """An authenticator app. Its seed (20 bytes, in hexadecimal) is encrypted here; django-otp's own column, which the
    database would see in clear, holds one fixed word that opens nothing (a check of the table holds it there)."""

    SEALED = "sealed"

    seed = EncryptedTextField()

    class Meta:
        verbose_name = "authenticator app"

    @property
    def bin_key(self) -> bytes:
        """The seed itself, as django-otp's algorithm takes it."""
        return unhexlify(self.seed)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key, self.seed = self.SEALED, self.seed or random_hex(20)
        super().save(*args, **kwargs)


class BackupCode(OrganizationRow):
    """A one-use code, kept as a digest; the row goes when it is used."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="backup_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="backup_code_once")]

    def __str__(self) -> str:
        return "backup code"
