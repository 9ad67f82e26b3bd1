"""The counts of projects' items and sources, for any number of projects in two queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Max, OuterRef, Q, QuerySet

from projects.models import ContentItem, DataSource, Project
from projects.models.item import OF_MERCHANT, OUTDATED
from projects.readiness import UNWRITTEN_VARIANT
from projects.review_queue import GROUPS
from projects.sync import conflicts
from scribe.rows import Principal


@dataclass
class ProjectCounts:
    by_status: dict[str, int] = field(
        default_factory=lambda: {**dict.fromkeys(ContentItem.Status.values, 0), "excluded": 0}
    )
    sources: int = 0
    variants: int = 0

    @property
    def to_do(self) -> dict[str, int]:
        """`by_status`, where `pending` has what can be written: a variant takes its product's texts."""
        return {**self.by_status, "pending": self.by_status["pending"] - self.variants}

    @property
    def items(self) -> int:
        return sum(self.by_status.values())

    @property
    def written(self) -> int:
        return self.items - self.by_status["pending"] - self.by_status["excluded"]

    @property
    def waiting(self) -> int:
        """The items that are written and wait for a review."""
        return sum(self.by_status[status] for status in GROUPS)


def counts(project_ids: Iterable[UUID], language: str = "") -> dict[UUID, ProjectCounts]:
    """The counts of each project's items, or with `language` of their texts in this further language."""
    found = {pk: ProjectCounts() for pk in project_ids}
    rows = (
        ContentItem.rows.filter(project_id__in=found, language=language)
        .order_by()
        .values_list("project_id", "status")
        .annotate(
            included=Count("pk", filter=Q(excluded_at=None)),
            excluded=Count("pk", filter=~Q(excluded_at=None)),
            unwritten=Count("pk", filter=Q(excluded_at=None) & UNWRITTEN_VARIANT),
        )
    )
    for project_id, status, included, excluded, unwritten in rows:
        found[project_id].variants += unwritten
        found[project_id].by_status[status] += included
        found[project_id].by_status["excluded"] += excluded
    sources = (
        DataSource.objects.filter(project_id__in=found).order_by().values_list("project_id").annotate(n=Count("pk"))
    )
    for project_id, number in sources:
        found[project_id].sources = number
    return found


def first_pictures(project_ids: Iterable[UUID], most: int = 4) -> dict[UUID, list[object]]:
    """The `images` of the first `most` items of each project, as their source has them."""
    first = ContentItem.rows.filter(project=OuterRef("pk"), language="").order_by("pk").values("source_data__images")
    rows = Project.objects.filter(pk__in=list(project_ids)).annotate(pictures=ArraySubquery(first[:most]))
    return dict(rows.values_list("pk", "pictures"))


def plugin_projects(principal: Principal) -> QuerySet[Project]:
    """The projects that shop plugins filled, newest use first, with `count` of items and `last_used`."""
    return (
        Project.objects.visible_to(principal)
        .kept()
        .exclude(plugin_source="")
        .annotate(count=Count("items", filter=Q(items__language="")), last_used=Max("items__created_at"))
        .order_by("-last_used", "-created_at")
    )


@dataclass
class LanguageCounts:
    """The counts of one language, of `wanted` items that can be written. `merchant` are the shop's own translations,
    which are not written over; `missing` has neither one of these nor a text of ours. `outdated` and `conflicts` are
    counted in their states as well."""

    by_status: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ContentItem.Status.values, 0))
    wanted: int = 0
    merchant: int = 0
    outdated: int = 0
    conflicts: int = 0

    @property
    def waiting(self) -> int:
        """The texts that wait for a review."""
        return sum(self.by_status[status] for status in GROUPS)

    @property
    def written(self) -> int:
        return sum(self.by_status.values()) - self.by_status["pending"]

    @property
    def missing(self) -> int:
        return max(0, self.wanted - self.written - self.merchant)


def counts_by_language(project: Project, codes: Iterable[str]) -> dict[str, LanguageCounts]:
    """The counts of each language: the main one as "", the further ones that are named, and those that have texts."""
    found = defaultdict(LanguageCounts, {code: LanguageCounts() for code in ("", *codes)})
    rows = ContentItem.rows.filter(project=project, excluded_at=None).order_by()
    for code, status, number in rows.values_list("language", "status").annotate(n=Count("pk")):
        found[code].by_status[status] = number
    variants = rows.filter(language="", item_type=ContentItem.Type.VARIANT, status=ContentItem.Status.PENDING).count()
    found[""].by_status["pending"] -= variants
    by_language = (
        ("merchant", rows.filter(OF_MERCHANT).values_list("language").annotate(n=Count("pk"))),
        ("outdated", rows.filter(OUTDATED).values_list("language").annotate(n=Count("pk"))),
        ("conflicts", conflicts.open_in(project).order_by().values_list("item__language").annotate(n=Count("pk"))),
    )
    for name, counted in by_language:
        for code, number in counted:
            setattr(found[code], name, number)
    for one in found.values():
        one.wanted = sum(found[""].by_status.values())
    return dict(found)
