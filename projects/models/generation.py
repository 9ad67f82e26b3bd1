"""The items of one generation job. These rows decide which items are still to be written."""

from django.db import models
from django.db.models import Q

from scribe import gdpr
from scribe.rows import OrganizationRow


class GenerationItem(OrganizationRow):
    """One item in one job. `quoted_max` XCT of the job's hold are set aside for it until it settles, exactly once."""

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    job = models.ForeignKey("scribe.Job", on_delete=models.CASCADE, related_name="generation_items")
    item = models.ForeignKey("projects.ContentItem", on_delete=models.CASCADE, related_name="generation_items")
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    # The lease under which a worker has it in hand; free if nobody works under that lease any more.
    taken_by = models.UUIDField(null=True, blank=True)
    # The lease under which its model was called, until the call is recorded.
    called_by = models.UUIDField(null=True, blank=True)
    # What people had decided about the text when the job was made (`Judged`); empty for one that was still to be written, None
    # in jobs from before this was noted.
    judged = models.CharField(max_length=32, null=True, blank=True)
    quoted_max = models.DecimalField(max_digits=16, decimal_places=4)
    xct_used = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    outcome = models.CharField(max_length=10, blank=True, default="")  # generated or flagged
    code = models.CharField(max_length=64, blank=True, default="")
    reason = models.TextField(blank=True, default="")

    personal_data = gdpr.PersonalData(export="id job_id item_id state outcome reason xct_used")

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["job", "position"], condition=Q(state="pending"), name="generation_item_pending"),
        ]
        constraints = [models.UniqueConstraint(fields=["job", "item"], name="generation_item_once_per_job")]


class GenerationBatch(models.Model):
    """Texts of a large order whose rows are still to be written, from position `first` of its job on (`order_rows.OrderedText`)."""

    job = models.ForeignKey("scribe.Job", on_delete=models.CASCADE, related_name="generation_batches", db_index=False)
    first = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    texts = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "first"], name="generation_batch_once")]

    def __str__(self) -> str:
        return f"{self.count} texts of {self.job_id}"
