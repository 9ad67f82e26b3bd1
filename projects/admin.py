"""Admin pages of content. Customers' content is read-only to staff; the prompts are theirs to publish."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from unfold.decorators import display

from projects import models as rows
from projects.models import ContentItem, DataSource, Project
from scribe.admin import ReadOnlyAdmin, link, list_link


class ProjectRowAdmin(ReadOnlyAdmin):
    """Rows of one organization, also listed from the page of their project."""

    list_select_related = ["organization"]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        known = ("organization__id__exact", "project__id__exact", "content_item__id__exact", "job__id__exact")
        return lookup in known or super().lookup_allowed(lookup, value, request)

    @display(description="Organization", ordering="organization__name")
    def of(self, row: Any) -> str:
        return link(row.organization)


@admin.register(Project)
class ProjectAdmin(ProjectRowAdmin):
    list_display = ["name", "of", "platform", "status", "store_connection", "created_at", "deleted_at"]
    list_filter = ["platform", "status", "is_test", ("deleted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["organization", "store_connection"]
    search_fields = ["name", "organization__name", "=id"]
    date_hierarchy = "created_at"
    readonly_fields = ["rows_of_it"]

    @display(description="Its rows")
    def rows_of_it(self, project: Project) -> str:
        from django.utils.html import format_html

        return format_html(
            "{} · {} · {}",
            list_link("projects_contentitem", "Items", project__id__exact=project.pk),
            list_link("projects_datasource", "Sources", project__id__exact=project.pk),
            list_link("scribe_job", "Jobs", project__id__exact=project.pk),
        )

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return [*super().get_fields(request, obj), "rows_of_it"]


@admin.register(ContentItem)
class ContentItemAdmin(ProjectRowAdmin):
    list_display = ["external_id", "item_type", "status", "project", "of", "created_at"]
    list_filter = ["status", "item_type"]
    list_select_related = ["organization", "project"]
    search_fields = ["=id", "=external_id", "=project__id"]
    show_full_result_count = False


@admin.register(DataSource)
class DataSourceAdmin(ProjectRowAdmin):
    list_display = ["name", "project", "of", "status", "item_count", "created_at"]
    list_filter = ["status"]
    list_select_related = ["organization", "project"]
    search_fields = ["name", "organization__name", "project__name"]


@admin.register(rows.ItemComment)
class ItemCommentAdmin(ProjectRowAdmin):
    list_display = ["created_at", "of", "item", "author", "text"]
    list_select_related = ["organization", "item", "author"]
    search_fields = ["=item__id", "organization__name"]
    show_full_result_count = False


@admin.register(rows.ContentProfile)
class ContentProfileAdmin(ProjectRowAdmin):
    list_display = ["name", "of", "is_default", "created_at"]
    search_fields = ["name", "organization__name"]


@admin.register(rows.LearnedRule)
class LearnedRuleAdmin(ProjectRowAdmin):
    list_display = ["line", "of", "project", "kind", "state", "created_at"]
    list_filter = ["kind", "state"]
    list_select_related = ["organization", "project"]
    search_fields = ["=project__id", "organization__name"]


@admin.register(rows.SyncRecord)
class SyncRecordAdmin(ProjectRowAdmin):
    list_display = ["synced_at", "of", "item", "kind", "state", "code", "connection_name", "forced", "undone_at"]
    list_filter = ["state", "kind", "forced", "code"]
    list_select_related = ["organization", "item"]
    search_fields = ["=item__id", "=job__id", "organization__name"]


@admin.register(rows.GlossaryTerm)
class GlossaryTermAdmin(ProjectRowAdmin):
    list_display = ["text", "language", "do_not_translate", "profile", "of", "updated_at"]
    list_filter = ["language", "do_not_translate"]
    list_select_related = ["organization", "profile"]
    search_fields = ["text", "=id", "organization__name"]
