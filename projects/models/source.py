"""A data source: the file, store or manual entry that a project's items came from."""

from __future__ import annotations

from django.db import models

from scribe.rows import OrganizationRow


class DataSource(OrganizationRow):
    class Type(models.TextChoices):
        FILE = "file", "File"
        MANUAL = "manual", "Manual entry"
        STORE = "store", "Store"

    class Status(models.TextChoices):
        PROCESSING = "processing", "Processing"
        READY = "ready", "Ready"
        ERROR = "error", "Error"

    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="sources")
    type = models.CharField(max_length=10, choices=Type)
    name = models.CharField(max_length=255)
    # File sources: file_key, snapshot_key, job_id while processing, and the settings for writing the file back.
    config = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.READY)
    item_count = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    error_message = models.TextField(blank=True, default="")
    last_synced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["project", "-created_at"], name="source_by_project")]

    def __str__(self) -> str:
        return self.name
