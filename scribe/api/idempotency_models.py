"""Kept answers to requests that carried an Idempotency-Key."""

from __future__ import annotations

from contextvars import ContextVar
from uuid import UUID

from django.db import models

from scribe.ids import uuid7

#: The row of the request under way in this thread, if it has a key.
under_way: ContextVar[UUID | None] = ContextVar("idempotency_key", default=None)


class IdempotencyKey(models.Model):
    """The first answer to a key, kept 24 hours. An empty `status_code` means that the first request is in flight, if its
    process still renews the lease."""

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
    # The job that the request began, written in the job's own transaction, so it is known even if the process dies before
    # it keeps the answer. A stream has no body to keep (its content type tells that); a repeat follows the same job.
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
