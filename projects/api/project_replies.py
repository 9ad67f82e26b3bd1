"""Projects as the API shows them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from projects import summaries
from projects.models import ContentItem, Project
from scribe.api.fields import utc

ACTIVE_DAYS = 30


def shown(project: Project, numbers: summaries.ProjectCounts) -> dict[str, Any]:
    """A project as the API shows it. Its `store_connection` should be loaded."""
    return {
        "id": str(project.pk),
        "name": project.name,
        "platform": project.platform,
        "status": project.status,
        "settings": project.settings,
        "created_at": utc(project.created_at),
        "is_test": project.is_test,
        "completed_at": utc(project.completed_at),
        "item_count": numbers.items,
        "flagged_count": numbers.by_status[ContentItem.Status.FLAGGED],
        "source_count": numbers.sources,
        "deleted_at": utc(project.deleted_at),
        "status_counts": numbers.by_status,
        "store_connection_id": str(project.store_connection_id) if project.store_connection_id else None,
        "store_connection_name": project.store_connection.name if project.store_connection else None,
        "content_profile_id": str(project.content_profile_id) if project.content_profile_id else None,
        "settings_overrides": project.settings_overrides,
        "updated_at": utc(project.updated_at),
    }


def one(project: Project) -> dict[str, Any]:
    return shown(project, summaries.counts([project.pk])[project.pk])


def of_plugin(project: Any) -> dict[str, Any]:
    """A row of `summaries.plugin_projects` as the API shows it. An `active` project was used in the last 30 days."""
    since = timezone.now() - timedelta(days=ACTIVE_DAYS)
    return {
        "project_id": str(project.pk),
        "name": project.name,
        "source": project.plugin_source,
        "platform": project.platform,
        "item_count": project.count,
        "last_used_at": utc(project.last_used),
        "active": bool(project.last_used and project.last_used >= since),
        "created_at": utc(project.created_at),
    }
