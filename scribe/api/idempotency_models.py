"""Kept answers to requests that carried an Idempotency-Key."""

from __future__ import annotations

from django.db import models

from scribe.ids import uuid7


class IdempotencyKey(models.Model):
    """The first answer to a key, kept 24 hours. While `status_code` is empty the first request is in flight, as long
    as its process renews the lease."""

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
    # A stream has no body to keep: a repeat follows the same job.
    job_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["principal_id", "organization", "path", "key"], name="idempotency_key_once"
            ),
        ]
