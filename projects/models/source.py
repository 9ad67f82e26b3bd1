"""A data source: the file, store or manual entry that a project's items came from."""

from django.db import models

from scribe import gdpr, messages
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
    errors = messages.MessagesJSON(default=list, blank=True)
    warnings = messages.MessagesJSON(default=list, blank=True)
    error_message = messages.MessageText(blank=True, default="")
    error_message_values = messages.MessageValues(null=True, blank=True, editable=False)
    last_synced_at = models.DateTimeField(null=True, blank=True)

    personal_data = gdpr.PersonalData(export="id project_id type name status item_count config created_at")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["project", "-created_at"], name="source_by_project")]

    def __str__(self) -> str:
        return self.name


# A position behind the last record of every file: of an item whose own source has no row for it.
NO_ROW = 2**31 - 1


class SourceRow(OrganizationRow):
    """One row of a file, or of a shop that got another host, whose item came with another source, found by id or SKU.
    The first source of an item has no such row: it is the item's `data_source`, with the row at its `position`."""

    # The database itself deletes the rows of what is deleted: 0028 has the constraints.
    source = models.ForeignKey(
        "projects.DataSource",
        on_delete=models.CASCADE,
        related_name="further_rows",
        db_index=False,
        db_constraint=False,
    )
    item = models.ForeignKey(
        "projects.ContentItem",
        on_delete=models.CASCADE,
        related_name="further_rows",
        db_index=False,
        db_constraint=False,
    )
    position = models.PositiveIntegerField()

    personal_data = gdpr.PersonalData(export="id source_id item_id position")

    class Meta:
        ordering = ["position"]
        # Shopify's product and its first variant share a row.
        indexes = [models.Index(fields=["source", "position"], name="source_row_by_position")]
        constraints = [models.UniqueConstraint(fields=["item", "source"], name="source_row_once_per_item")]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.position}"
