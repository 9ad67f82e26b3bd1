"""The audit log: entries about actions, chained by hashes so that a changed row shows."""

from django.db import models

from scribe import gdpr
from scribe.ids import uuid7


class AuditEntry(models.Model):
    """One action. The database refuses to change or delete it. `number` and `hash` chain it to the entry before.

    The database sets both when the transaction commits, after all other locks (migration 0005).
    Until then `number` is null, and `hash` is the digest of the entry's contents.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveBigIntegerField(unique=True, null=True, editable=False)
    created_at = models.DateTimeField()
    action = models.CharField(max_length=64, db_index=True)
    # Ids and labels instead of foreign keys, since the entry outlives the people and rows that it names.
    actor_id = models.UUIDField(null=True, blank=True, db_index=True)
    actor_label = models.CharField(max_length=255, blank=True, default="")
    organization_id = models.UUIDField(null=True, blank=True, db_index=True)
    target_type = models.CharField(max_length=64, blank=True, default="")
    target_id = models.CharField(max_length=64, blank=True, default="", db_index=True)
    reason = models.TextField(blank=True, default="")
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=128, blank=True, default="")
    previous_hash = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64)

    personal_data = gdpr.PersonalData(
        export="number created_at action actor_label target_type target_id reason",
        erase=gdpr.KEEP,
        reason="The chain of deeds must stay whole; it is kept without the organization's content.",
    )

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.number} {self.action}"
