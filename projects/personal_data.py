"""The rows of this app that hold customers' data, with the rules of their export and erasure."""

from __future__ import annotations

from projects.models import (
    ContentItem,
    ContentProfile,
    DataSource,
    Drift,
    GenerationItem,
    GlossaryTerm,
    ItemComment,
    ItemVersion,
    LearnedRule,
    PluginGeneration,
    Project,
    SourceRow,
    StoreText,
    SyncRecord,
)
from scribe import gdpr


def register() -> None:
    gdpr.register(
        Project,
        export=[
            "id",
            "name",
            "platform",
            "is_test",
            "status",
            "settings",
            "settings_overrides",
            "created_at",
            "completed_at",
            "deleted_at",
        ],
    )
    gdpr.register(ContentProfile, export=["id", "name", "is_default", "settings", "created_at"])
    gdpr.register(
        GlossaryTerm,
        export=["id", "profile_id", "text", "language", "description", "do_not_translate", "case_sensitive", "targets"],
    )
    gdpr.register(
        DataSource,
        export=["id", "project_id", "type", "name", "status", "item_count", "config", "created_at"],
    )
    gdpr.register(SourceRow, export=["id", "source_id", "item_id", "position"])
    gdpr.register(
        ContentItem,
        export=[
            "id",
            "project_id",
            "data_source_id",
            "external_id",
            "main_id",
            "language",
            "item_type",
            "status",
            "source_data",
            "view_data",
            "generated_content",
            "generation_metadata",
            "metadata",
            "decisions",
            "reject_reason",
            "assignee_id",
            "created_at",
        ],
    )
    gdpr.register(ItemVersion, export=["id", "item_id", "generated_content", "reason", "reject_reason", "created_at"])
    gdpr.register(ItemComment, export=["id", "item_id", "author_id", "text", "created_at"])
    gdpr.register(GenerationItem, export=["id", "job_id", "item_id", "state", "outcome", "reason", "xct_used"])
    gdpr.register(
        LearnedRule, export=["id", "project_id", "kind", "term", "instead", "state", "decided_by_id", "created_at"]
    )
    gdpr.register(PluginGeneration, export=["id", "kind", "source", "project_id", "item_id", "post_id", "created_at"])
    gdpr.register(StoreText, export=["id", "item_id", "held", "ours"])
    gdpr.register(Drift, export=["id", "item_id", "gone", "fields", "found_at"])
    gdpr.register(
        SyncRecord,
        export=[
            "id",
            "item_id",
            "job_id",
            "connection_name",
            "kind",
            "state",
            "before",
            "after",
            "error_message",
            "synced_at",
        ],
    )
