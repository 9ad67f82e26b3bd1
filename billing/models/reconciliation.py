"""The results of the nightly reconciliation."""

from django.db import models
from django.db.models import Q

from scribe.rows import Row


class Reconciliation(Row):
    """One run over all books."""

    finished_at = models.DateTimeField(null=True, blank=True)
    wallets = models.PositiveIntegerField(default=0)
    entries = models.PositiveBigIntegerField(default=0)
    differences = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}: {self.differences} differences"


class Difference(Row):
    """One thing that does not add up, with the rows that differ. Open until a later run no longer finds it."""

    run = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="found")
    check_name = models.CharField(max_length=60)
    organization_id = models.UUIDField(null=True, blank=True, db_index=True)
    subject = models.CharField(max_length=200, help_text="The row it is about.")
    expected = models.CharField(max_length=200, blank=True)
    found = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["check_name", "subject"], condition=Q(resolved_at=None), name="difference_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_name}: {self.subject}"
