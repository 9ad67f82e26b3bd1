"""Kept answers to requests that carried an Idempotency-Key, and rate limits that staff set without a release."""

from contextvars import ContextVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from scribe.ids import uuid7
from scribe.messages import _

#: The row of the request under way in this thread, if it has a key.
under_way: ContextVar[UUID | None] = ContextVar("idempotency_key", default=None)


class IdempotencyKey(models.Model):
    """The first answer to a key, kept 24 hours. An empty `status_code` means that the first request is in flight, if
    its process still renews the lease."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    principal_id = models.UUIDField()
    path = models.CharField(max_length=500)
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    lease_until = models.DateTimeField()
    status_code = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, blank=True, default="")
    body = models.BinaryField(default=b"")
    # The job that the request began, written in the job's own transaction, so it is known even if the process dies
    # before it keeps the answer. A stream has no body to keep (its content type tells that); a repeat follows the job.
    job_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["principal_id", "organization", "path", "key"], name="idempotency_key_once"
            ),
        ]


def began(job_id: UUID) -> None:
    """Note in the caller's transaction that the request under way made this job. Only its first job is noted."""
    if (pk := under_way.get()) is not None:
        IdempotencyKey.objects.filter(pk=pk, job_id=None).update(job_id=job_id)


def known_scope(scope: str) -> None:
    if scope not in settings.RATE_LIMITS:
        raise ValidationError(
            _("This scope does not exist. Available scopes: {names}.", names=sorted(settings.RATE_LIMITS))
        )


class RateLimit(models.Model):
    """At most `number` requests in `seconds` for one caller of a scope. Takes effect within seconds after the save."""

    scope = models.CharField(max_length=40, primary_key=True, validators=[known_scope])
    number = models.PositiveIntegerField("requests", validators=[MinValueValidator(1)])
    seconds = models.PositiveIntegerField("in seconds", validators=[MinValueValidator(1)])
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["scope"]
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=1, seconds__gte=1), name="rate_limit_is_positive")
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.number} in {self.seconds} s"
