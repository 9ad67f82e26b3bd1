"""The bases of every admin page, and the pages of the system's own rows."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from unfold.admin import ModelAdmin

from scribe.models import AuditEntry, Job


class StaffAdmin(ModelAdmin):
    """A page that staff may edit. Lists are paged, filtered by the database and free of further queries per row."""

    list_per_page = 50
    show_full_result_count = False
    list_fullwidth = True
    compressed_fields = True


class ReadOnlyAdmin(StaffAdmin):
    """A page that shows and never changes."""

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["number", "created_at", "action", "actor_label", "target_type", "target_id", "reason"]
    list_filter = ["action"]
    search_fields = ["action", "actor_label", "target_id", "organization_id", "reason"]


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = [
        "id",
        "job_type",
        "status",
        "organization",
        "project",
        "progress_current",
        "progress_total",
        "created_at",
    ]
    list_filter = ["job_type", "status"]
    list_select_related = ["organization", "project"]
    search_fields = ["id", "organization__name", "project__name", "error"]
