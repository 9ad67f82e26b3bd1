"""Admin pages of content. Customers' content is read-only to staff; the prompts are theirs to publish."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from projects import models as rows
from projects.models import ContentItem, DataSource, Project, PromptTemplate
from projects.writing import templates
from scribe import audit
from scribe.admin import Deed, ReadOnlyAdmin, StaffAdmin, link, list_link
from scribe.backoffice.pages import ReasonedForm


class OfOrganization(ReadOnlyAdmin):
    """Rows of one organization, also listed from the page of their project."""

    list_select_related = ["organization"]

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        known = ("organization__id__exact", "project__id__exact", "content_item__id__exact", "job__id__exact")
        return lookup in known or super().lookup_allowed(lookup, value, request)

    @display(description="Organization", ordering="organization__name")
    def of(self, row: Any) -> str:
        return link(row.organization)


@admin.register(Project)
class ProjectAdmin(OfOrganization):
    list_display = ["name", "of", "platform", "status", "store_connection", "created_at", "deleted_at"]
    list_filter = ["platform", "status", ("deleted_at", admin.EmptyFieldListFilter)]
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
class ContentItemAdmin(OfOrganization):
    list_display = ["external_id", "item_type", "status", "project", "of", "created_at"]
    list_filter = ["status", "item_type"]
    list_select_related = ["organization", "project"]
    search_fields = ["=id", "=external_id", "=project__id"]
    show_full_result_count = False


@admin.register(DataSource)
class DataSourceAdmin(OfOrganization):
    list_display = ["name", "project", "of", "status", "item_count", "created_at"]
    list_filter = ["status"]
    list_select_related = ["organization", "project"]
    search_fields = ["name", "organization__name", "project__name"]


@admin.register(rows.ContentProfile)
class ContentProfileAdmin(OfOrganization):
    list_display = ["name", "of", "is_default", "created_at"]
    search_fields = ["name", "organization__name"]


class PromptForm(ReasonedForm):
    """A prompt is changed by publishing its next version."""

    class Meta:
        model = PromptTemplate
        fields = ("kind", "text", "note")
        widgets = {
            "kind": UnfoldAdminTextInputWidget(),
            "text": UnfoldAdminTextareaWidget(attrs={"rows": 24}),
            "note": UnfoldAdminTextInputWidget(),
        }

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError("A prompt has a text.")
        return text


@admin.register(PromptTemplate)
class PromptTemplateAdmin(StaffAdmin):
    form = PromptForm
    list_display = ["kind", "version", "active", "note", "created_by", "created_at"]
    list_filter = ["active", "kind"]
    list_select_related = ["created_by"]
    search_fields = ["kind", "text", "note"]
    fields = ("kind", "version", "active", "text", "note", "created_by", "created_at")
    readonly_fields = ["version", "active", "created_by", "created_at"]
    deeds = (
        Deed(
            name="activate",
            label="Put this version to use",
            icon="check_circle",
            audit_action="prompt.activated",
            run=lambda row, by, values: templates.activate(row),
            refusal=lambda row: "it is in use" if row.active else "",
            state=lambda row: {"active": row.active, "kind": row.kind, "version": row.version},
        ),
    )

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(["kind"] if obj else [])]

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """The text becomes the next version of its kind; the row that was edited stays as it is."""
        before = PromptTemplate.objects.filter(kind=obj.kind, active=True).values_list("version", flat=True).first()
        row = templates.publish(kind=obj.kind, text=obj.text, by=request.user, note=obj.note)
        audit.record(
            action="prompt.published",
            actor=request.user,
            target=row,
            reason=form.cleaned_data["audit_reason"],
            before={"kind": obj.kind, "version": before},
            after={"kind": row.kind, "version": row.version},
        )
        obj.pk = row.pk


@admin.register(rows.SyncRecord)
class SyncRecordAdmin(OfOrganization):
    list_display = ["synced_at", "of", "item", "kind", "state", "code", "connection_name", "forced", "undone_at"]
    list_filter = ["state", "kind", "forced", "code"]
    list_select_related = ["organization", "item"]
    search_fields = ["=item__id", "=job__id", "organization__name"]
