"""The notices that the app's bell shows."""

from typing import ClassVar, Self

from django.db import models

from scribe import gdpr, messages
from scribe.rows import OrganizationQuerySet, OrganizationRow, Principal


class NotificationRows(OrganizationQuerySet["Notification"]):
    def visible_to(self, principal: Principal) -> Self:
        """A notification is seen by the person it was written for."""
        return self.filter(user_id=principal.pk, organization_id=principal.organization_id)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(OrganizationRow):
    """One notice to one person."""

    class Kind(models.TextChoices):
        JOB_COMPLETED = "job_completed"
        JOB_FAILED = "job_failed"
        LOW_BALANCE = "low_balance"
        INVOICE_ISSUED = "invoice_issued"
        INVOICE_CONFIRMED = "invoice_confirmed"
        PAYMENT_FAILED = "payment_failed"
        POST_PUBLISHED = "post_published"
        POST_FAILED = "post_failed"
        STUDIO_COMMENT = "studio_comment"
        EXPORT_READY = "export_ready"
        WEBHOOK_FAILING = "webhook_failing"
        SECURITY = "security"

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="notifications")
    notification_type = models.CharField(max_length=30, choices=Kind)
    title = messages.MessageTitle(max_length=200)
    title_values = messages.MessageValues(null=True, blank=True, editable=False)
    body = messages.MessageText(blank=True)
    body_values = messages.MessageValues(null=True, blank=True, editable=False)
    project_id = models.UUIDField(null=True, blank=True)
    job_id = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    # A person gets the same notice about the same thing once, however often a job's end is reported.
    key = models.CharField(max_length=120, null=True, blank=True)

    objects: ClassVar = NotificationRows.as_manager()

    personal_data = gdpr.PersonalData(
        export="id user_id notification_type title body project_id job_id data read_at created_at",
    )

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notification_once_per_key")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_by_user"),
            models.Index(
                fields=["user"],
                name="notification_unread",
                condition=models.Q(read_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_read(self) -> bool:
        return self.read_at is not None
