"""An invitation to join an organization."""

from django.db import models
from django.utils import timezone

from accounts.models.membership import Membership, rules
from scribe import gdpr
from scribe.rows import OrganizationRow


class Invitation(Membership, OrganizationRow):
    """An invitation. The token in the mail is kept as a digest. A pending one past its time reads as expired before beat marks
    it."""

    class Status(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        REVOKED = "revoked"
        EXPIRED = "expired"

    email = models.EmailField()
    state = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    personal_data = gdpr.PersonalData(
        export="id email role languages project_ids state invited_by_id expires_at accepted_at created_at"
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(state="pending"),
                name="invitation_one_pending_per_address",
            ),
            *rules("invitation"),
        ]
        indexes = [
            models.Index(
                fields=["organization", "-created_at"],
                name="invitation_by_organization",
            )
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def status(self) -> str:
        if self.state == self.Status.PENDING and self.expires_at <= timezone.now():
            return self.Status.EXPIRED
        return self.state
