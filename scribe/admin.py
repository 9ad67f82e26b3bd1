"""The bases of every admin page, and the pages of the system's own rows."""

from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.decorators import display

from scribe import jobs
from scribe.api import rate_limits
from scribe.backoffice.pages import OrganizationRowAdmin, ReadOnlyAdmin, StaffAdmin, StaffRequest, link, list_link
from scribe.backoffice.staff_actions import StaffAction, StaffActionForm
from scribe.jobs.registry import kinds
from scribe.models import AuditEntry, Job, JobEvent, RateLimit

__all__ = ["StaffAction", "StaffActionForm", "OrganizationRowAdmin", "ReadOnlyAdmin", "StaffAdmin", "link", "list_link"]

JOB_COLORS = {
    "queued": "info",
    "running": "info",
    "completed": "success",
    "completed_with_errors": "warning",
    "failed": "danger",
    "cancelled": "default",
}


NOT_AGAIN = "work of this kind must be ordered anew by the customer, so that its XCT and its rows are set aside for it"


def _why_not_again(job: Job) -> str:
    if job.status not in ("failed", "cancelled", "completed_with_errors"):
        return f"it is {job.status}"
    return "" if kinds[job.job_type].repeatable else NOT_AGAIN


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["number", "created_at", "action", "actor_label", "target_type", "target_id", "reason"]
    list_filter = ["action", "target_type"]
    search_fields = ["action", "actor_label", "target_id", "reason"]
    date_hierarchy = "created_at"
    list_display_links = ["number", "action"]
    linked_by = ("target_id__exact", "organization_id__exact")


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["id", "job_type", "shown_status", "organization", "project", "progress", "created_at", "error_code"]
    list_filter = ["job_type", "status", "is_test"]
    search_fields = ["=id", "organization__name", "project__name", "error_code"]
    date_hierarchy = "created_at"
    staff_actions = (
        StaffAction(
            name="cancel",
            label="Cancel job",
            icon="cancel",
            danger=True,
            bulk=True,
            audit_action="job.cancelled",
            explanation="The job ends at once and its unspent XCT are available again. What was finished stays.",
            run=lambda job, by, values: jobs.cancel(job, by=by),
            refusal=lambda job: "" if not job.ended else f"it has ended ({job.status})",
            state=lambda job: {"status": job.status},
        ),
        StaffAction(
            name="retry",
            label="Run again",
            icon="replay",
            bulk=True,
            audit_action="job.retried",
            explanation="A new job takes up what this one left undone.",
            run=lambda job, by, values: f"New job: {jobs.retry(job, by=by).pk}",
            refusal=_why_not_again,
            state=lambda job: {"status": job.status},
        ),
    )

    @display(description="Status", ordering="status", label=JOB_COLORS)
    def shown_status(self, job: Job) -> tuple[str, str]:
        return job.status, job.get_status_display()

    @display(description="Progress")
    def progress(self, job: Job) -> str:
        return f"{job.progress_current} / {job.progress_total}"

    @display(description="Events")
    def events(self, job: Job) -> str:
        return list_link("scribe_jobevent", f"{job.event_count} events", job__id__exact=job.pk)

    def get_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [*super().get_fields(request, obj), "events"]

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return ["events"]


@admin.register(JobEvent)
class JobEventAdmin(ReadOnlyAdmin):
    list_display = ["job_id", "number", "name", "created_at"]
    list_filter = ["name"]
    search_fields = ["=job__id"]
    ordering = ["-id"]
    linked_by = ("job__id__exact",)


@admin.register(RateLimit)
class RateLimitAdmin(StaffAdmin):
    list_display = ["scope", "number", "seconds", "updated_at"]
    may_delete = True  # without a row, the limit of the settings applies again

    def save_model(
        self, request: StaffRequest, obj: models.Model, form: "ModelForm[models.Model]", change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        rate_limits.rows.forget()
