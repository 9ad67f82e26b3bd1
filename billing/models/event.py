"""Webhook events: stored once as they came, applied once by a task."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from scribe import gdpr
from scribe.queue import enqueue
from scribe.rows import Row


class ProviderEventRows(models.QuerySet["ProviderEvent"]):
    def waiting_for(self, provider: str, references: Iterable[str]) -> Self:
        """Events that may be applied now that these are known: those parked for a row, or for an amount that did not fit
        what was known then."""
        status = ProviderEvent.Status
        parked = models.Q(status=status.WAITING) | models.Q(status=status.FOR_STAFF, received__isnull=False)
        return self.filter(parked, provider=provider, references__overlap=list(references))

    def to_send_again(self, before: datetime, now: datetime) -> Self:
        """Events whose task got lost or failed `before`, and that may still succeed. Those too that a process of the version
        before has parked for staff: it writes `held`. And those that waited for their date, which has come."""
        open_ = (ProviderEvent.Status.RECEIVED, ProviderEvent.Status.FAILED, "held")
        lost = models.Q(status__in=open_, attempts__lt=ProviderEvent.MOST_ATTEMPTS, tried_at__lt=before)
        due = models.Q(status=ProviderEvent.Status.WAITING, counts_from__lte=now, tried_at__lt=models.F("counts_from"))
        return self.filter(lost | due)


class ProviderEvent(Row):
    """One event of a payment provider. Its effects and its status are written in one transaction."""

    MOST_ATTEMPTS = 20
    #: How the outcome begins of one that staff have closed.
    CLOSED = "Closed by staff: "

    class Status(models.TextChoices):
        RECEIVED = "received", "Received"
        APPLIED = "applied", "Applied"
        IGNORED = "ignored", "Ignored: nothing to do"
        WAITING = "waiting", "Parked until the row it speaks of, or its date, is there"
        FOR_STAFF = "for_staff", "Parked for staff: it does not agree with what was ordered"
        FAILED = "failed", "Failed, will be tried again"

    provider = models.CharField(max_length=10)
    event_id = models.CharField(max_length=200)
    event_type = models.CharField(max_length=80, db_index=True)
    occurred_at = models.DateTimeField()
    payload = models.JSONField()
    live_mode = models.BooleanField(default=True)
    # The things that the event names: `payment:…`, `subscription:…`, `checkout:…`, `customer:…`.
    references = ArrayField(models.CharField(max_length=160), default=list, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVED, db_index=True)
    outcome = models.TextField(blank=True, help_text="What was done, or why not.")
    looked_up = models.JSONField(null=True, blank=True, help_text="The provider's answer about what it does not say.")
    expected = models.CharField(max_length=40, null=True, blank=True)
    received = models.CharField(max_length=40, null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True, help_text="When staff took its amount for the price.")
    organization_id = models.UUIDField(null=True, blank=True, db_index=True)
    attempts = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)
    counts_from = models.DateTimeField(null=True, blank=True, help_text="Its date, if it is dated ahead.")

    objects = ProviderEventRows.as_manager()

    personal_data = gdpr.PersonalData(export="provider event_type occurred_at status")

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="provider_event_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_type}"

    @property
    def is_ahead(self) -> bool:
        """Whether it waits for its own date."""
        return self.status == self.Status.WAITING and (self.counts_from or self.created_at) > timezone.now()

    def send_again(self) -> None:
        """Have it applied again, by the sweep if the message to the worker is lost."""
        self.status, self.attempts = self.Status.RECEIVED, 0
        self.save(update_fields=["status", "attempts"])
        enqueue("billing.tasks.apply_event", str(self.pk))

    @property
    def is_closed(self) -> bool:
        """Whether staff have closed it."""
        return self.status == self.Status.IGNORED and self.outcome.startswith(self.CLOSED)

    @property
    def done(self) -> bool:
        return self.status in (self.Status.APPLIED, self.Status.IGNORED)
