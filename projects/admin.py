"""Admin pages of content. Customers' content is read-only to staff; the prompts are theirs to publish."""

import json

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from unfold.decorators import display

from projects import models as rows
from projects import provenance
from projects.models import ContentItem, DataSource, Project
from scribe.admin import OrganizationRowAdmin, list_link


class ProjectRowAdmin(OrganizationRowAdmin):
    """Rows that are also listed from the page of their project."""

    linked_by = ("organization__id__exact", "project__id__exact", "content_item__id__exact", "job__id__exact")


@admin.register(Project)
class ProjectAdmin(ProjectRowAdmin):
    list_display = ["name", "of", "platform", "status", "store_connection", "created_at", "deleted_at"]
    list_filter = ["platform", "status", "is_test", ("deleted_at", admin.EmptyFieldListFilter)]
    search_fields = ["name", "organization__name", "=id"]
    date_hierarchy = "created_at"
    readonly_fields = ["rows_of_it"]

    @display(description="Its rows")
    def rows_of_it(self, project: Project) -> str:
        return format_html(
            "{} · {} · {}",
            list_link("projects_contentitem", "Items", project__id__exact=project.pk),
            list_link("projects_datasource", "Sources", project__id__exact=project.pk),
            list_link("scribe_job", "Jobs", project__id__exact=project.pk),
        )

    def get_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [*super().get_fields(request, obj), "rows_of_it"]


@admin.register(ContentItem)
class ContentItemAdmin(ProjectRowAdmin):
    list_display = ["external_id", "item_type", "status", "project", "of", "created_at"]
    list_filter = ["status", "item_type"]
    search_fields = ["=id", "=external_id", "=project__id"]
    readonly_fields = ["record"]

    @display(description="Where its texts come from")
    def record(self, item: ContentItem) -> str:
        return format_html("<pre>{}</pre>", json.dumps(provenance.record_of(item), ensure_ascii=False, indent=2))

    def get_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [*super().get_fields(request, obj), "record"]


@admin.register(rows.Approval)
class ApprovalAdmin(ProjectRowAdmin):
    list_display = ["created_at", "of", "item", "person_id", "override", "reason"]
    list_filter = ["override"]
    search_fields = ["=item__id", "=person_id", "organization__name"]


@admin.register(rows.SavedFilter)
class SavedFilterAdmin(ProjectRowAdmin):
    list_display = ["name", "of", "project", "user", "query"]
    search_fields = ["name", "=user__email", "organization__name"]


@admin.register(DataSource)
class DataSourceAdmin(ProjectRowAdmin):
    list_display = ["name", "project", "of", "status", "item_count", "created_at"]
    list_filter = ["status"]
    search_fields = ["name", "organization__name", "project__name"]


@admin.register(rows.ItemComment)
class ItemCommentAdmin(ProjectRowAdmin):
    list_display = ["created_at", "of", "item", "author", "text"]
    search_fields = ["=item__id", "organization__name"]


@admin.register(rows.ContentProfile)
class ContentProfileAdmin(ProjectRowAdmin):
    list_display = ["name", "of", "is_default", "created_at"]
    search_fields = ["name", "organization__name"]


@admin.register(rows.LearnedRule)
class LearnedRuleAdmin(ProjectRowAdmin):
    list_display = ["line", "of", "project", "kind", "state", "created_at"]
    list_filter = ["kind", "state"]
    search_fields = ["=project__id", "organization__name"]


@admin.register(rows.SyncRecord)
class SyncRecordAdmin(ProjectRowAdmin):
    list_display = ["synced_at", "of", "item", "kind", "state", "code", "connection_name", "forced", "undone_at"]
    list_filter = ["state", "kind", "forced", "code"]
    search_fields = ["=item__id", "=job__id", "organization__name"]


@admin.register(rows.GlossaryTerm)
class GlossaryTermAdmin(ProjectRowAdmin):
    list_display = ["text", "language", "do_not_translate", "profile", "of", "updated_at"]
    list_filter = ["language", "do_not_translate"]
    search_fields = ["text", "=id", "organization__name"]
