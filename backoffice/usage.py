"""Who uses how much of what: the organizations that come first in each measure, in the admin and for Prometheus."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib.admin import AdminSite
from django.core.cache import cache
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization
from backoffice import figures
from billing.models import UsageRecord
from projects.models import DataSource
from scribe.api import open_streams
from scribe.metrics import Reading
from scribe.models import Job
from scribe.stored_files import StoredFile

TOP = 10  # organizations of each measure
WINDOW = timedelta(days=1)
CACHE_KEY, CACHE_SECONDS = "backoffice.usage", 60

#: The figures of the first ones by measure, and in each by organization.
Figures = Mapping[str, Mapping[UUID, float]]
#: The measures with their titles. Those that are counted over WINDOW say so.
MEASURES = {
    "stored_bytes": "Bytes",
    "items": "Items",
    "jobs": "Jobs, 24 h",
    "worked_seconds": "Worker seconds, 24 h",
    "processor_seconds": "Processor seconds, 24 h",
    "streams": "Streams",
    "model_calls": "Calls of models, 24 h",
}


@dataclass(frozen=True)
class UsageLine:
    """An organization with its figures, in the order of MEASURES, and where staff stop or resume its new work."""

    organization: Organization
    figures: list[float]
    deed: str
    url: str


def first_ones() -> Figures:
    """Computed once a minute at most, for all who look."""
    found: Figures | None = cache.get(CACHE_KEY)
    if found is None:
        found = compute()
        cache.set(CACHE_KEY, found, CACHE_SECONDS)
    return found


def compute() -> Figures:
    start = timezone.now() - WINDOW
    grouped = {
        "stored_bytes": StoredFile.objects.values("organization_id").annotate(value=Sum("size")),
        "items": DataSource.objects.values("organization_id").annotate(value=Sum("item_count")),
        "model_calls": figures.since(UsageRecord.objects.all(), start)
        .order_by()
        .values("organization_id")
        .annotate(value=Count("pk")),
    }
    jobs = figures.since(Job.objects.all(), start).order_by().values("organization_id")
    for measure, value in (
        ("jobs", Count("pk")),
        ("worked_seconds", Sum("worked_seconds")),
        ("processor_seconds", Sum("processor_seconds")),
    ):
        grouped[measure] = jobs.annotate(value=value)
    found = {
        measure: {row["organization_id"]: float(row["value"] or 0) for row in rows.order_by("-value")[:TOP]}
        for measure, rows in grouped.items()
    }
    streams = sorted(open_streams.counts().items(), key=lambda each: -each[1])
    found["streams"] = {organization_id: float(number) for organization_id, number in streams[:TOP]}
    return {measure: {key: value for key, value in found[measure].items() if value} for measure in MEASURES}


def gauge() -> Reading:
    return [
        ({"measure": measure, "organization": str(organization_id)}, value)
        for measure, values in first_ones().items()
        for organization_id, value in values.items()
    ] or [({"measure": "", "organization": ""}, 0)]


def lines() -> list[UsageLine]:
    """The organizations that are among the first ones of any measure; those come first that had workers for longest."""
    found = first_ones()
    ids = {organization_id for values in found.values() for organization_id in values}
    rows = [
        UsageLine(row, [found[measure].get(row.pk, 0.0) for measure in MEASURES], *deed_of(row))
        for row in Organization.objects.filter(pk__in=ids)
    ]
    rank = list(MEASURES).index("worked_seconds")
    return sorted(rows, key=lambda line: -line.figures[rank])


def deed_of(organization: Organization) -> tuple[str, str]:
    name, label = ("reinstate", "Reinstate") if organization.is_suspended else ("suspend", "Suspend")
    return label, f"{reverse(f'admin:accounts_organization_{name}')}?ids={organization.pk}"


def page(site: AdminSite) -> Callable[[HttpRequest], HttpResponse]:
    def usage(request: HttpRequest) -> HttpResponse:
        context = {**site.each_context(request), "title": "Who uses how much"}
        context |= {"measures": MEASURES.values(), "lines": lines(), "top": TOP}
        return TemplateResponse(request, "admin/backoffice/usage.html", context)

    return usage
