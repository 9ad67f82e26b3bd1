"""The studio's rows with customers' data, to be exported and erased, and those without."""

from __future__ import annotations

from scribe import gdpr
from studio.models import (
    AuditedProduct,
    ChatConversation,
    ChatMessage,
    KnowledgeText,
    ProfileTemplate,
    StoreAudit,
    StudioComment,
    StudioRequest,
    Tool,
)


def register() -> None:
    gdpr.register(StoreAudit, export=["id", "project_id", "checks", "status", "health_score", "summary", "created_at"])
    gdpr.register(
        AuditedProduct, export=["id", "audit_id", "content_item_id", "product_title", "product_url", "issues", "scores"]
    )
    gdpr.register(
        StudioRequest,
        export=["id", "user_id", "description", "budget_range", "exclusivity", "status", "priority", "created_at"],
    )
    gdpr.register(StudioComment, export=["id", "request_id", "user_id", "content", "is_internal", "created_at"])
    gdpr.register(ChatConversation, export=["id", "bot", "conversation_id", "rounds", "created_at"])
    gdpr.register(
        ChatMessage,
        organization="conversation__organization_id",
        export=["id", "conversation_id", "direction", "content", "created_at"],
    )
    gdpr.holds_none(Tool, "The catalogue, the same for all.")
    gdpr.holds_none(ProfileTemplate, "Texts of our own.")
    gdpr.holds_none(KnowledgeText, "Texts of our own.")
