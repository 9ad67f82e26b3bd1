"""A sign-in, and the tokens that were handed out for it and have been replaced."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from scribe import gdpr
from scribe.rows import OrganizationQuerySet, OrganizationRow


def session_end() -> datetime:
    return timezone.now() + settings.SESSION_LIFETIME


class SessionRows(OrganizationQuerySet["Session"]):
    def live(self) -> Self:
        return self.filter(ended_at=None, expires_at__gt=timezone.now())

    def standing(self, ids: list[UUID]) -> Self:
        """Those of `ids` whose user may use them now."""
        return self.live().filter(pk__in=ids, user__is_active=True)


class Session(OrganizationRow):
    """One sign-in; its id is the claim `sid` of every token made for it. Ending the row ends them all."""

    class Via(models.TextChoices):
        PASSWORD = "password"  # noqa: S105
        REGISTRATION = "registration"
        INVITATION = "invitation"
        GOOGLE = "google"
        APPLE = "apple"
        SUPPORT = "support"

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="sessions")
    via = models.CharField(max_length=20, choices=Via)
    second_factor = models.BooleanField(default=False)
    expires_at = models.DateTimeField(default=session_end)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    device = models.CharField(
        max_length=64,
        blank=True,
        help_text="Digest that tells one browser from another.",
    )

    # Support: the member of staff who works as this user, and why (accounts.impersonation).
    impersonator = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, null=True, blank=True, related_name="impersonations"
    )
    reason = models.CharField(max_length=500, blank=True, default="")

    objects: ClassVar = SessionRows.as_manager()

    personal_data = gdpr.PersonalData(
        export="id user_id via second_factor address user_agent created_at ended_at ended_because",
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="session_support_has_its_reason",
                condition=models.Q(impersonator=None) & ~models.Q(via="support")
                | models.Q(impersonator__isnull=False, via="support") & ~models.Q(reason=""),
            )
        ]
        indexes = [
            models.Index(fields=["user"], name="session_live", condition=models.Q(ended_at=None)),
            models.Index(fields=["user", "device"], name="session_by_device"),
            models.Index(fields=["expires_at"], name="session_by_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.via} {self.created_at:%Y-%m-%d %H:%M}"


class RetiredToken(models.Model):
    """A token that a refresh replaced: it dies at `dies_at`, although its session lives on."""

    jti = models.CharField(primary_key=True, max_length=64)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="retired_tokens")
    dies_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.jti
