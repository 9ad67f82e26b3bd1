"""Admin pages of the studio: the catalogue, requests with comments, audits, and the bots' knowledge and chats."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from scribe.admin import ReadOnlyAdmin, StaffAction, StaffActionForm, StaffAdmin
from scribe.types import Json
from studio import requests
from studio.models import (
    ChatConversation,
    ChatMessage,
    KnowledgeText,
    ProfileTemplate,
    StoreAudit,
    StudioComment,
    StudioRequest,
    Tool,
)


class ReadOnlyInline(TabularInline):  # type: ignore[misc]  # it has no types
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class CommentInline(ReadOnlyInline):
    model = StudioComment
    fields = ["created_at", "user", "is_internal", "content"]
    readonly_fields = fields


class AnswerForm(StaffActionForm):
    content = forms.CharField(label="Text", max_length=10_000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}))


class StatusForm(StaffActionForm):
    status = forms.ChoiceField(choices=StudioRequest.Status.choices, widget=UnfoldAdminSelectWidget())


def _count(request: StudioRequest) -> Json:
    return {"comments": request.comments.count()}


@admin.register(StudioRequest)
class StudioRequestAdmin(StaffAdmin):
    """Staff can't change customers' words. They set the priority, answer, add notes and change the status."""

    list_display = ["__str__", "organization", "shown_status", "priority", "budget_range", "created_at", "updated_at"]
    list_filter = ["status", "priority", "exclusivity"]
    search_fields = ["description", "organization__name", "user__email"]
    date_hierarchy = "created_at"
    may_add = False
    fields = ["organization", "user", "description", "budget_range", "exclusivity", "status", "priority", "created_at"]
    readonly_fields = ["organization", "user", "description", "budget_range", "exclusivity", "status", "created_at"]
    inlines = [CommentInline]
    staff_actions = (
        StaffAction(
            name="answer",
            label="Answer",
            icon="reply",
            audit_action="studio_request.answered",
            form=AnswerForm,
            explanation="The customer sees the text and is told of it.",
            run=lambda row, by, values: requests.answer(
                request=row, by=by, content=values["content"], is_internal=False
            ),
            state=_count,
        ),
        StaffAction(
            name="note",
            label="Internal note",
            icon="lock",
            audit_action="studio_request.noted",
            form=AnswerForm,
            explanation="Only staff see it.",
            run=lambda row, by, values: requests.answer(
                request=row, by=by, content=values["content"], is_internal=True
            ),
            state=_count,
        ),
        StaffAction(
            name="status",
            label="Set status",
            icon="flag",
            form=StatusForm,
            bulk=True,
            explanation="The customer is told of the new status.",
            run=lambda row, by, values: requests.set_status(
                request=row, status=values["status"], by=by, reason=values["reason"]
            ),
            initial=lambda row: {"status": row.status},
        ),
    )

    @display(
        description="Status",
        ordering="status",
        label={"new": "info", "in_review": "info", "quoted": "warning", "accepted": "success", "declined": "danger"},
    )
    def shown_status(self, request: StudioRequest) -> tuple[str, str]:
        return request.status, request.get_status_display()


@admin.register(Tool)
class ToolAdmin(StaffAdmin):
    list_display = ["name", "slug", "min_tier", "is_visible", "position"]
    list_filter = ["min_tier", "is_visible"]
    search_fields = ["name", "slug", "description"]
    may_add = False  # tools are code; staff set their texts, plan and visibility here
    readonly_fields = ["slug"]
    fields = ["slug", "name", "description", "icon", "min_tier", "is_visible", "position"]


@admin.register(ProfileTemplate)
class ProfileTemplateAdmin(StaffAdmin):
    list_display = ["name", "slug", "is_active", "position"]
    list_filter = ["is_active"]
    search_fields = ["name", "slug", "description", "instructions"]
    fields = ["slug", "name", "description", "icon", "instructions", "defaults", "is_active", "position"]


@admin.register(StoreAudit)
class StoreAuditAdmin(ReadOnlyAdmin):
    list_display = ["id", "organization", "project", "status", "product_count", "health_score", "created_at"]
    list_filter = ["status"]
    search_fields = ["=id", "organization__name", "project__name"]
    date_hierarchy = "created_at"


@admin.register(KnowledgeText)
class KnowledgeTextAdmin(StaffAdmin):
    list_display = ["title", "bot", "is_active", "position", "updated_at"]
    list_filter = ["bot", "is_active"]
    search_fields = ["title", "text"]
    fields = ["bot", "title", "text", "is_active", "position"]
    may_delete = True


class MessageInline(ReadOnlyInline):
    model = ChatMessage
    fields = ["created_at", "direction", "state", "content", "model", "input_tokens", "output_tokens"]
    readonly_fields = fields


@admin.register(ChatConversation)
class ChatConversationAdmin(ReadOnlyAdmin):
    list_display = ["bot", "conversation_id", "organization", "rounds", "handover_reason", "created_at", "updated_at"]
    list_filter = ["bot", "handover_reason"]
    search_fields = ["=conversation_id", "organization__name"]
    date_hierarchy = "created_at"
    inlines = [MessageInline]
