"""One-use tokens: links in mails, and the steps of a sign-in with a second factor."""

from __future__ import annotations

from django.db import models

from scribe.rows import OrganizationRow


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
