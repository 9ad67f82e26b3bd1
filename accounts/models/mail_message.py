"""The outbox: every mail we send, so that staff see the failed ones."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from scribe import gdpr
from scribe.crypto import EncryptedTextField
from scribe.rows import Row


class MailMessage(Row):
    """One mail. Its text may hold a code or a link, so it is encrypted, and gone once the mail is sent."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"

    organization = models.ForeignKey(
        "accounts.Organization",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    user = models.ForeignKey(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    template = models.CharField(max_length=60)
    to = ArrayField(models.EmailField())
    subject = models.CharField(max_length=250)
    text = EncryptedTextField(blank=True, default="")
    html = EncryptedTextField(blank=True, default="")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    personal_data = gdpr.PersonalData(export="id template to subject status created_at sent_at")

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="mail_message_queued",
                condition=models.Q(status="queued"),
            ),
            models.Index(
                fields=["organization", "-created_at"],
                name="mail_message_by_organization",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} to {', '.join(self.to)}"
