"""The bases of every admin page, and the pages of the system's own rows."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from unfold.decorators import display

from scribe import jobs
from scribe.api import rate_limits
from scribe.backoffice.deeds import Deed, DeedForm
from scribe.backoffice.pages import ReadOnlyAdmin, StaffAdmin, link, list_link
from scribe.models import AuditEntry, Job, JobEvent, RateLimit

__all__ = ["Deed", "DeedForm", "ReadOnlyAdmin", "StaffAdmin", "link", "list_link"]

JOB_COLORS = {
    "queued": "info",
    "running": "info",
    "completed": "success",
    "completed_with_errors": "warning",
    "failed": "danger",
    "cancelled": "default",
}


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["number", "created_at", "action", "actor_label", "target_type", "target_id", "reason"]
    list_filter = ["action", "target_type"]
    search_fields = ["action", "actor_label", "target_id", "reason"]
    date_hierarchy = "created_at"
    list_display_links = ["number", "action"]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Also allow the id by which links from a row's page lead here."""
        return lookup in ("target_id__exact", "organization_id__exact") or super().lookup_allowed(
            lookup, value, request
        )


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["id", "job_type", "shown_status", "organization", "project", "progress", "created_at", "error_code"]
    list_filter = ["job_type", "status", "is_test"]
    list_select_related = ["organization", "project"]
    search_fields = ["=id", "organization__name", "project__name", "error_code"]
    date_hierarchy = "created_at"
    deeds = (
        Deed(
            name="cancel",
            label="Cancel job",
            icon="cancel",
            danger=True,
            bulk=True,
            audit_action="job.cancelled",
            explanation="The job ends at once and its unspent XCT are available again. What was finished stays.",
            run=lambda job, by, values: jobs.cancel(job, by=by) and None,
            refusal=lambda job: "" if not job.ended else f"it has ended ({job.status})",
            state=lambda job: {"status": job.status},
        ),
        Deed(
            name="retry",
            label="Run again",
            icon="replay",
            bulk=True,
            audit_action="job.retried",
            explanation="A new job takes up what this one left undone.",
            run=lambda job, by, values: f"New job: {jobs.retry(job, by=by).pk}",
            refusal=lambda job: (
                "" if job.status in ("failed", "cancelled", "completed_with_errors") else f"it is {job.status}"
            ),
            state=lambda job: {"status": job.status},
        ),
    )

    @display(description="Status", ordering="status", label=JOB_COLORS)
    def shown_status(self, job: Job) -> Any:
        return job.status, job.get_status_display()

    @display(description="Progress")
    def progress(self, job: Job) -> str:
        return f"{job.progress_current} / {job.progress_total}"

    @display(description="Events")
    def events(self, job: Job) -> str:
        return list_link("scribe_jobevent", f"{job.event_count} events", job__id__exact=job.pk)

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return [*super().get_fields(request, obj), "events"]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return ["events"]


@admin.register(JobEvent)
class JobEventAdmin(ReadOnlyAdmin):
    list_display = ["job_id", "number", "name", "created_at"]
    list_filter = ["name"]
    search_fields = ["=job__id"]
    ordering = ["-id"]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "job__id__exact" or super().lookup_allowed(lookup, value, request)


@admin.register(RateLimit)
class RateLimitAdmin(StaffAdmin):
    list_display = ["scope", "number", "seconds", "updated_at"]
    may_delete = True  # without a row, the limit of the settings applies again

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        rate_limits.rows.forget()
