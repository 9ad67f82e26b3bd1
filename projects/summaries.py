"""Projects as lists show them: with the counts of their items and sources, for any number of projects in two queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone

from projects.models import ContentItem, DataSource, Project
from scribe.api.fields import utc

ACTIVE_DAYS = 30


@dataclass
class Counts:
    by_status: dict[str, int] = field(
        default_factory=lambda: {**dict.fromkeys(ContentItem.Status.values, 0), "excluded": 0}
    )
    sources: int = 0

    @property
    def items(self) -> int:
        return sum(self.by_status.values())


def counts(project_ids: Iterable[Any]) -> dict[Any, Counts]:
    found = {pk: Counts() for pk in project_ids}
    rows = (
        ContentItem.objects.filter(project_id__in=found)
        .order_by()
        .values_list("project_id", "status")
        .annotate(included=Count("pk", filter=Q(excluded_at=None)), excluded=Count("pk", filter=~Q(excluded_at=None)))
    )
    for project_id, status, included, excluded in rows:
        found[project_id].by_status[status] += included
        found[project_id].by_status["excluded"] += excluded
    sources = (
        DataSource.objects.filter(project_id__in=found).order_by().values_list("project_id").annotate(n=Count("pk"))
    )
    for project_id, number in sources:
        found[project_id].sources = number
    return found


def shown(project: Project, numbers: Counts) -> dict[str, Any]:
    """A project as the API shows it. Wants `store_connection` loaded."""
    return {
        "id": str(project.pk),
        "name": project.name,
        "platform": project.platform,
        "status": project.status,
        "settings": project.settings,
        "created_at": utc(project.created_at),
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
    return shown(project, counts([project.pk])[project.pk])


def plugin_projects(principal: Any) -> list[dict[str, Any]]:
    """The projects that shop plugins filled, newest use first; `active` ones were used in the last 30 days."""
    since = timezone.now() - timedelta(days=ACTIVE_DAYS)
    rows = (
        Project.objects.visible_to(principal)
        .kept()
        .exclude(plugin_source="")
        .annotate(count=Count("items"), last_used=Max("items__created_at"))
        .order_by("-last_used", "-created_at")
    )
    return [
        {
            "project_id": str(project.pk),
            "name": project.name,
            "source": project.plugin_source,
            "platform": project.platform,
            "item_count": project.count,
            "last_used_at": utc(project.last_used),
            "active": bool(project.last_used and project.last_used >= since),
            "created_at": utc(project.created_at),
        }
        for project in rows
    ]
