"""Rows that sign-in keeps: identities at Google and Apple, failed attempts, one-use tokens, and second factors. Mailed codes
are django-otp's own."""

from binascii import unhexlify

from django.db import models
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from scribe import gdpr
from scribe.crypto import EncryptedTextField
from scribe.rows import OrganizationRow


class SocialIdentity(OrganizationRow):
    """An account at a provider, known by its `sub` (never by its address, which can change)."""

    class Provider(models.TextChoices):
        GOOGLE = "google"
        APPLE = "apple"

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="identities")
    provider = models.CharField(max_length=10, choices=Provider)
    subject = models.CharField(max_length=255)

    personal_data = gdpr.PersonalData(export="id user_id provider subject created_at")

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


class OneTimeToken(OrganizationRow):
    """The server's half of a token: kept as a digest, for one purpose, used once."""

    class Purpose(models.TextChoices):
        VERIFY_EMAIL = "verify-email"
        CHANGE_EMAIL = "change-email"
        RESET_PASSWORD = "reset-password"  # noqa: S105
        SET_PASSWORD = "set-password"  # noqa: S105
        SECOND_FACTOR = "second-factor"
        SECOND_FACTOR_SETUP = "second-factor-setup"

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="tokens")
    purpose = models.CharField(max_length=20, choices=Purpose)
    digest = models.CharField(max_length=64, unique=True)
    data = models.JSONField(default=dict, blank=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["user", "purpose"],
                name="one_time_token_live",
                condition=models.Q(used_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.purpose


class TotpDevice(TOTPDevice):  # type: ignore[misc]  # it has no types
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

    def save(self, *args: object, **kwargs: object) -> None:
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
