"""Endpoints of customers, and what is delivered to them."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from scribe import gdpr
from scribe.crypto import EncryptedTextField
from scribe.rows import OrganizationQuerySet, OrganizationRow

SLOW_SECONDS = 2.0
QUICK_AFTER = 3


class EndpointRows(OrganizationQuerySet["WebhookEndpoint"]):
    test_mark = "is_test"

    def in_projects(self, ids: list[UUID]) -> Self:
        """The endpoints that are told of these projects alone."""
        return self.filter(project_ids__contained_by=ids).exclude(project_ids=[])


class WebhookEndpoint(OrganizationRow):
    """An address of a customer that gets events. One worker at a time sends to it: a lease with a fence, like a
    job's."""

    class Reason(models.TextChoices):
        GONE = "gone", "Gone: it answered 410"
        FAILING = "failing", "Failing for days"
        SWITCHED_OFF = "switched_off", "Switched off"

    url = models.CharField(max_length=2048)
    description = models.CharField(max_length=200, blank=True, default="")
    types = ArrayField(models.CharField(max_length=40), default=list, blank=True, help_text="Empty: all types.")
    project_ids = ArrayField(
        models.UUIDField(),
        default=list,
        db_default=[],
        blank=True,
        help_text="Empty: events of the whole organization.",
    )
    is_test = models.BooleanField(
        default=False, db_default=False, help_text="A test key made it: it gets the events of test work alone."
    )
    secret = EncryptedTextField()
    # After a rotation both secrets sign until this time.
    previous_secret = EncryptedTextField(blank=True, default="")
    previous_until = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=20, choices=Reason, blank=True, default="")
    # Its health. `failures` are attempts in a row without a success, `pace` is the usual seconds of an answer, and
    # `quick_answers` are answers in a row, of whatever status, that took less than SLOW_SECONDS.
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    warned_days = models.PositiveSmallIntegerField(default=0, help_text="The last warning: after so many days.")
    paused_until = models.DateTimeField(null=True, blank=True)
    pace = models.FloatField(default=0)
    quick_answers = models.PositiveSmallIntegerField(default=0, db_default=0)
    delivered_at = models.DateTimeField(null=True, blank=True, help_text="The last success.")
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="Since when it waits for a worker, by a message.")
    taken_at = models.DateTimeField(null=True, blank=True, help_text="When a worker last took it.")

    objects: ClassVar = EndpointRows.as_manager()

    personal_data = gdpr.PersonalData(
        export="id url description types project_ids is_test disabled_at disabled_reason created_at"
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["sent_at"], condition=Q(sent_at__isnull=False), name="endpoint_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(disabled_at=None, disabled_reason="")
                | (Q(disabled_at__isnull=False) & ~Q(disabled_reason="")),
                name="endpoint_disabled_for_a_reason",
            ),
            models.CheckConstraint(condition=~Q(secret=""), name="endpoint_has_a_secret"),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def is_quick(self) -> bool:
        """Whether it has earned its place among quick receivers, by QUICK_AFTER quick answers in a row. One slow answer
        costs it."""
        return self.quick_answers >= QUICK_AFTER

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    def secrets(self, now: datetime) -> list[str]:
        """The secrets that sign, the present one first."""
        both = self.previous_secret and self.previous_until and self.previous_until > now
        return [self.secret, self.previous_secret] if both else [self.secret]


class DeliveryRows(OrganizationQuerySet["EventDelivery"]):
    test_mark = "endpoint__is_test"

    def in_projects(self, ids: list[UUID]) -> Self:
        return self.filter(endpoint__in=WebhookEndpoint.objects.in_projects(ids))


class EventDelivery(OrganizationRow):
    """One event for one endpoint. Every attempt carries the event's id, so a receiver knows a repeat."""

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"

    # The index below begins with this key, so it has no own index.
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    event = models.ForeignKey("scribe.Event", on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now, null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    log = models.JSONField(
        default=list, blank=True, help_text="The last attempts: time, status, seconds, error, answer."
    )

    objects: ClassVar = DeliveryRows.as_manager()

    personal_data = gdpr.PersonalData(export="id endpoint_id event_id state attempts delivered_at")

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "event deliveries"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="delivery_once_per_endpoint"),
            models.CheckConstraint(
                condition=Q(state="pending", next_at__isnull=False) | (~Q(state="pending") & Q(next_at=None)),
                name="delivery_is_due_or_done",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="delivery_by_organization"),
            models.Index(fields=["endpoint", "-id"], name="delivery_by_endpoint"),
            models.Index(fields=["endpoint", "next_at"], name="delivery_due", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.endpoint_id}"
