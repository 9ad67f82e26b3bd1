"""The routes of the studio and of the support chat."""

from django.urls import path

from studio.api.views.audits import AuditViewSet
from studio.api.views.chat import ChatbotViewSet
from studio.api.views.evidence import EvidenceViewSet
from studio.api.views.profile_builder import ProfileBuilderViewSet, TemplatesViewSet
from studio.api.views.requests import StudioRequestViewSet
from studio.api.views.tools import ToolsViewSet

urlpatterns = [
    path("studio/tools", ToolsViewSet.as_view({"get": "list_tools"})),
    path("studio/store-audit", AuditViewSet.as_view({"get": "list_audits"})),
    path("studio/store-audit/run", AuditViewSet.as_view({"post": "run"})),
    path("studio/store-audit/<str:audit_id>", AuditViewSet.as_view({"get": "retrieve", "delete": "destroy"})),
    path("studio/store-audit/<str:audit_id>/create-fix-project", AuditViewSet.as_view({"post": "create_fix_project"})),
    path("studio/profile-builder/templates", TemplatesViewSet.as_view({"get": "list_templates"})),
    path("studio/profile-builder/generate", ProfileBuilderViewSet.as_view({"post": "generate"})),
    path("studio/profile-builder/generate/estimate", ProfileBuilderViewSet.as_view({"post": "estimate_generate"})),
    path("evidence", EvidenceViewSet.as_view({"get": "list", "post": "create"})),
    path("evidence/<str:evidence_id>", EvidenceViewSet.as_view({"delete": "destroy"})),
    path("studio-requests", StudioRequestViewSet.as_view({"get": "list_requests", "post": "create"})),
    path("studio-requests/<str:request_id>", StudioRequestViewSet.as_view({"get": "retrieve"})),
    path("studio-requests/<str:request_id>/comments", StudioRequestViewSet.as_view({"post": "comment"})),
    path("chatbot/webhook", ChatbotViewSet.as_view({"post": "account"})),
    path("chatbot/email-webhook", ChatbotViewSet.as_view({"post": "email"})),
    path("chatbot/xtracode-webhook", ChatbotViewSet.as_view({"post": "xtracode"})),
]
