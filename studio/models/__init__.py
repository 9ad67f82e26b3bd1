from studio.models.audit import AuditedProduct, StoreAudit
from studio.models.chat import ChatConversation, ChatMessage, KnowledgeText
from studio.models.profile_template import ProfileTemplate
from studio.models.request import StudioComment, StudioRequest
from studio.models.tool import Tool

__all__ = [
    "AuditedProduct",
    "ChatConversation",
    "ChatMessage",
    "KnowledgeText",
    "ProfileTemplate",
    "StoreAudit",
    "StudioComment",
    "StudioRequest",
    "Tool",
]
