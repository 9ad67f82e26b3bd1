"""The counts of projects' items and sources, for any number of projects in two queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from projects.models import ContentItem, DataSource, Project
from projects.review_queue import GROUPS


@dataclass
class ProjectCounts:
    by_status: dict[str, int] = field(
        default_factory=lambda: {**dict.fromkeys(ContentItem.Status.values, 0), "excluded": 0}
    )
    sources: int = 0

    @property
    def items(self) -> int:
        return sum(self.by_status.values())

    @property
    def waiting(self) -> int:
        """The items that are written and wait for a review."""
        return sum(self.by_status[status] for status in GROUPS)


def counts(project_ids: Iterable[Any], language: str = "") -> dict[Any, ProjectCounts]:
    """The counts of each project's items, or with `language` of their texts in this further language."""
    found = {pk: ProjectCounts() for pk in project_ids}
    rows = (
        ContentItem.rows.filter(project_id__in=found, language=language)
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


def plugin_projects(principal: Any) -> QuerySet[Project]:
    """The projects that shop plugins filled, newest use first, with `count` of items and `last_used`."""
    return (
        Project.objects.visible_to(principal)
        .kept()
        .exclude(plugin_source="")
        .annotate(count=Count("items", filter=Q(items__language="")), last_used=Max("items__created_at"))
        .order_by("-last_used", "-created_at")
    )
