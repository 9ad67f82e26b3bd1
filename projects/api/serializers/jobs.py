"""Request and reply bodies of the job operations."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from scribe.api.fields import AnyJSON, FreeObject, UtcDateTime, utc
from scribe.api.serializers import Reply, Request
from scribe.jobs import events
from scribe.models import Job


class JobListQuery(Request):
    status = serializers.ChoiceField(choices=Job.Status.choices, required=False, help_text="Only jobs in this status.")


class JobListItem(Reply):
    id = serializers.CharField()
    job_type = serializers.CharField()
    status = serializers.CharField()
    progress_current = serializers.IntegerField()
    progress_total = serializers.IntegerField()
    created_at = UtcDateTime()
    started_at = UtcDateTime(allow_null=True)
    completed_at = UtcDateTime(allow_null=True)
    error = serializers.CharField(allow_blank=True)
    is_test = serializers.BooleanField(help_text="Test work: it costs nothing and reaches nobody.")


class JobReplyBody(Reply):
    """A job with its last 50 events and its totals."""

    id = serializers.CharField()
    job_type = serializers.CharField()
    status = serializers.CharField()
    progress_current = serializers.IntegerField()
    progress_total = serializers.IntegerField()
    progress_detail = serializers.ListField(child=AnyJSON(), help_text="The last 50 events, oldest first.")
    result = FreeObject()
    error = serializers.CharField(allow_blank=True)
    is_test = serializers.BooleanField(help_text="Test work: it costs nothing and reaches nobody.")
    project_id = serializers.CharField(allow_null=True)
    created_at = UtcDateTime()
    started_at = UtcDateTime(allow_null=True)
    completed_at = UtcDateTime(allow_null=True)


class JobCreation(Request):
    job_type = serializers.CharField(max_length=20, help_text="`generation`, `regeneration` or `sync`.")
    payload = FreeObject(
        required=False,
        help_text="For generations the body of `/generate`; for `sync` `{mode, item_ids, force}`.",
    )


class JobCreated(Reply):
    job_id = serializers.CharField()
    status = serializers.CharField()


def listed(job: Job) -> dict[str, Any]:
    return {
        "id": str(job.pk),
        "job_type": job.job_type,
        "status": job.status,
        "progress_current": job.progress_current,
        "progress_total": job.progress_total,
        "created_at": utc(job.created_at),
        "started_at": utc(job.started_at),
        "completed_at": utc(job.completed_at),
        "error": job.error,
        "is_test": job.is_test,
    }


def shown(job: Job) -> dict[str, Any]:
    return {
        **listed(job),
        "project_id": str(job.project_id) if job.project_id else None,
        "progress_detail": events.latest(job.pk),
        "result": job.result,
    }
