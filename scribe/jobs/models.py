"""Jobs and their events. These rows hold the state of all long work."""

from datetime import UTC, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from scribe import gdpr, messages
from scribe.ids import uuid7
from scribe.rows import OrganizationQuerySet, OrganizationRow

#: `due_at` of a job that workers of release 1.1.0 leave alone, since they would not do all of its work. Others may take it at once.
NEWER_WORKERS_ONLY = datetime(9999, 1, 1, tzinfo=UTC)


class JobQuerySet(OrganizationQuerySet["Job"]):
    test_mark = "is_test"

    def due(self, at: datetime) -> Self:
        """The jobs that may be taken at that time."""
        return self.filter(Q(due_at=None) | Q(due_at__lte=at) | Q(due_at=NEWER_WORKERS_ONLY))

    def active(self) -> Self:
        return self.filter(status__in=Job.ACTIVE)


class Job(OrganizationRow):
    """One piece of long work. A worker holds it by a lease with a fence. A worker with an older fence cannot change it any
    more."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        COMPLETED = "completed", "Completed"
        COMPLETED_WITH_ERRORS = "completed_with_errors", "Completed with errors"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    class Type(models.TextChoices):
        GENERATION = "generation", "Generation"
        REGENERATION = "regeneration", "Regeneration"
        SYNC = "sync", "Sync"
        IMPORT = "import", "Import"
        MEMORY_IMPORT = "memory_import", "Import of a translation memory"
        VERIFY = "verify", "Comparison with the store"
        BULK_CHANGE = "bulk_change", "Change of many items"
        LAW_RECHECK = "law_recheck", "Check of texts whose evidence has ended"
        REMOVAL = "removal", "Deletion"
        BLOG_GENERATION = "blog_generation", "Blog generation"
        BLOG_PUBLISH = "blog_publish", "Blog publishing"
        STORE_AUDIT = "store_audit", "Store audit"
        FIX_PROJECT = "fix_project", "Copies for a fix project"
        GDPR_EXPORT = "gdpr_export", "Data export"

    #: Those that workers of release 1.1.0 do not know.
    NEWER_TYPES = frozenset((Type.MEMORY_IMPORT, Type.BULK_CHANGE, Type.LAW_RECHECK, Type.REMOVAL, Type.FIX_PROJECT))

    ACTIVE = (Status.QUEUED, Status.RUNNING)
    ENDED = (Status.COMPLETED, Status.COMPLETED_WITH_ERRORS, Status.FAILED, Status.CANCELLED)

    job_type = models.CharField(max_length=20)
    status = models.CharField(max_length=24, choices=Status, default=Status.QUEUED)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, null=True, blank=True, related_name="jobs"
    )
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    writes_items = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Its kind writes the project's items, so it is the only one that does.",
    )
    is_test = models.BooleanField(
        default=False, db_default=False, help_text="Work of a test project or key: it costs nothing and reaches nobody."
    )
    payload = models.JSONField(default=dict, blank=True)
    progress_current = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    result = messages.MessagesJSON(default=dict, blank=True)
    error = messages.MessageText(blank=True, default="")
    error_values = messages.MessageValues(null=True, blank=True, editable=False)
    error_code = models.CharField(max_length=64, blank=True, default="")
    request_id = models.CharField(max_length=128, blank=True, default="")
    trace = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="The trace that it belongs to, as a traceparent.",
    )
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    worker_died = False  # in memory: whether the lease before this one ran out without being given back
    # The lease: its fence, its end, and the fields of waiting and retries.
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)  # the job is not taken before this time (TryAgain)
    attempts = models.PositiveIntegerField(default=0)  # leases in a row that ended without any progress
    event_count = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)  # when its message last went to the broker
    taken_at = models.DateTimeField(null=True, blank=True)  # when a worker last took it
    is_long = models.BooleanField(
        default=False, db_default=False, help_text="It takes long, by its size or by what it took until now."
    )
    worked_seconds = models.FloatField(
        default=0, db_default=0, help_text="For which workers had it, those that helped included."
    )
    processor_seconds = models.FloatField(default=0, db_default=0, help_text="Of the processor, in workers.")
    settled_at = models.DateTimeField(null=True, blank=True)  # when the work after its end (notices) was done

    objects: ClassVar = JobQuerySet.as_manager()

    personal_data = gdpr.PersonalData(
        export="id job_type status progress_current progress_total result error created_at completed_at",
    )

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["organization", "-created_at"], name="job_by_organization"),
            models.Index(fields=["project", "-created_at"], name="job_by_project"),
            models.Index(fields=["lease_until"], condition=Q(status__in=("queued", "running")), name="job_active"),
            models.Index(fields=["organization", "-taken_at"], condition=Q(taken_at__isnull=False), name="job_taken"),
            models.Index(fields=["-taken_at"], condition=Q(is_long=True), name="job_long"),
        ]
        constraints = [
            # One job at a time writes a project's items.
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(status__in=("queued", "running"), writes_items=True),
                name="job_one_writer_per_project",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_type} {self.pk}"

    @property
    def ended(self) -> bool:
        return self.status in self.ENDED


class JobHelper(models.Model):
    """A further worker's lease of a shared job. Its id marks the rows that it has in hand."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="helpers")
    lease_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"a helper of {self.job_id}"


class JobEvent(models.Model):
    """One event of a job's stream, kept 30 days. `number` rises by one within a job, in commit order."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=20)
    data = messages.MessagesJSON(default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["job", "number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="job_event_once")]
