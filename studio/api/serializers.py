"""Request and reply bodies of the studio's operations."""

from rest_framework import serializers

from scribe.api.fields import Choice, DecimalString, FreeObject, UtcDateTime
from scribe.api.pagination import EnvelopeQuery
from scribe.api.serializers import Reply, Request, StartRequest
from studio.audits import checks
from studio.models import StudioRequest

ALL_CHECKS = sorted(checks.IDS)


class ToolReply(Reply):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    icon = serializers.CharField()
    min_tier = serializers.CharField(source="min_tier_id", help_text="The lowest plan that includes it.")
    unlocked = serializers.BooleanField()


class ToolList(Reply):
    tools = ToolReply(many=True)


# --- Store audit


class AuditRequest(Request):
    project_id = serializers.CharField(max_length=64)
    enabled_checks = serializers.ListField(
        child=Choice(choices=ALL_CHECKS),
        required=False,
        allow_null=True,
        help_text="Default: all sixteen checks.",
    )


class AuditQuery(Request):
    project_id = serializers.CharField(max_length=64, required=False)


class AuditStarted(Reply):
    audit_id = serializers.UUIDField()
    job_id = serializers.UUIDField()
    estimated_products = serializers.IntegerField()
    estimated_xct = DecimalString(help_text="Deterministic checks cost nothing.")


class AuditReply(Reply):
    id = serializers.UUIDField()
    project_id = serializers.UUIDField()
    job_id = serializers.UUIDField(allow_null=True)
    status = serializers.CharField()
    product_count = serializers.IntegerField()
    health_score = serializers.FloatField(
        allow_null=True,
        help_text="100 × (1 − weights of failed checks / weights of applicable checks). Weights: 3 missing_description, "
        "duplicate_content, missing_images, missing_price; 2 thin_content, missing_seo_title, missing_meta_description, "
        "keyword_stuffing, broken_html; 1 the others.",
    )
    summary = FreeObject(help_text="`{counts: {check: products}, skipped: [checks for which data is missing]}`")
    xct_used = DecimalString()
    created_at = UtcDateTime()
    completed_at = UtcDateTime(allow_null=True)
    error = serializers.CharField(allow_null=True)


class AuditList(Reply):
    audits = AuditReply(many=True)


class AuditedProductReply(Reply):
    id = serializers.UUIDField()
    content_item_id = serializers.UUIDField(allow_null=True)
    product_title = serializers.CharField()
    product_url = serializers.CharField()
    description_word_count = serializers.IntegerField()
    description_preview = serializers.CharField()
    issues = serializers.ListField(child=serializers.CharField())
    scores = FreeObject()


class AuditDetail(AuditReply):
    products = AuditedProductReply(many=True)


class FixRequest(Request):
    issue_type = serializers.CharField(max_length=60, help_text="The id of a check.")

    def validate_issue_type(self, value: str) -> str:
        if value not in checks.BY_ID:
            raise serializers.ValidationError("There is no such check.", code="unknown_check")
        return value


class FixReply(Reply):
    project_id = serializers.UUIDField()
    product_count = serializers.IntegerField()
    job_id = serializers.UUIDField(
        allow_null=True, help_text="The job that still copies the products; `null` if all are copied."
    )


# --- Profile builder


class ProfileTemplateReply(Reply):
    id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    icon = serializers.CharField()
    defaults = FreeObject(help_text="Settings of a content profile.")


class InstructionsRequest(StartRequest):
    template_id = serializers.CharField(max_length=60)
    brand_name = serializers.CharField(max_length=300, required=False, allow_blank=True, allow_null=True)
    target_audience = serializers.CharField(max_length=1000, required=False, allow_blank=True, allow_null=True)
    unique_selling_points = serializers.CharField(max_length=2000, required=False, allow_blank=True, allow_null=True)
    tone = serializers.CharField(max_length=60, required=False, allow_blank=True, allow_null=True)
    language = serializers.CharField(max_length=20, required=False, allow_blank=True, allow_null=True)
    things_to_avoid = serializers.CharField(max_length=1000, required=False, allow_blank=True, allow_null=True)


class InstructionsReply(Reply):
    custom_instructions = serializers.CharField()
    xct_used = serializers.FloatField()


# --- Requests


class RequestQuery(EnvelopeQuery):
    status = Choice(choices=StudioRequest.Status.choices, required=False)


class RequestBody(Request):
    description = serializers.CharField(max_length=10_000)
    budget_range = serializers.CharField(max_length=120, required=False, allow_blank=True, allow_null=True)
    exclusivity = serializers.BooleanField(required=False, allow_null=True)


class StudioRequestReply(Reply):
    id = serializers.UUIDField()
    organization_id = serializers.UUIDField()
    user_id = serializers.UUIDField(allow_null=True)
    user_name = serializers.CharField()
    user_email = serializers.CharField()
    description = serializers.CharField()
    budget_range = serializers.CharField()
    exclusivity = serializers.BooleanField()
    status = serializers.CharField()
    priority = serializers.IntegerField(help_text="0 to 3, set by staff.")
    comment_count = serializers.IntegerField()
    latest_comment_at = UtcDateTime(allow_null=True)
    created_at = UtcDateTime()
    updated_at = UtcDateTime()


class StudioRequestList(Reply):
    requests = StudioRequestReply(many=True)
    total = serializers.IntegerField()
    has_more = serializers.BooleanField()


class CommentBody(Request):
    content = serializers.CharField(max_length=10_000)
    is_internal = serializers.BooleanField(
        required=False, allow_null=True, help_text="Ignored for customers: their comments are always public."
    )


class CommentReply(Reply):
    id = serializers.UUIDField()
    request_id = serializers.UUIDField()
    user_id = serializers.UUIDField(allow_null=True)
    user_name = serializers.CharField()
    user_email = serializers.CharField()
    content = serializers.CharField()
    is_internal = serializers.BooleanField()
    created_at = UtcDateTime()


class StudioRequestDetail(StudioRequestReply):
    organization_name = serializers.CharField(source="organization.name")
    comments = CommentReply(many=True)
    comment_count = None  # type: ignore[assignment]  # the comments themselves are there
    latest_comment_at = None  # type: ignore[assignment]


# --- Chat


class ChatReply(Reply):
    received = serializers.BooleanField()
    outcome = serializers.CharField(help_text="`queued`, `repeated` or `ignored`.")
