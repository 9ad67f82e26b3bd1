"""What was used: per day, per model, per project, as charts with their tables, and as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from billing import breakdowns
from projects.models import Project
from workbench import charts
from workbench.spreadsheet import download
from workbench.views.account import AccountPage

SPANS = (7, 30, 90)
MOST_ROWS = 30


class SpannedPage(AccountPage):
    """A page about the last days, as many as the address says."""

    @property
    def days(self) -> int:
        text = self.request.GET.get("days", "")
        return int(text) if text in map(str, SPANS) else SPANS[1]

    def names(self, ids: set[Any]) -> dict[Any, str]:
        """The names of projects. One that is gone has none."""
        return dict(Project.objects.visible_to(self.user).filter(pk__in=ids - {None}).values_list("pk", "name"))


class UsagePage(SpannedPage):
    tab = "usage"

    def get(self, request: Any) -> HttpResponse:
        organization, days = self.user.organization_id, self.days
        daily = charts.columns(breakdowns.by_day(organization, days=days))
        projects = charts.shares(breakdowns.by_project(organization, days=days)[:MOST_ROWS])
        names = self.names({row["project_id"] for row in projects})
        for row in projects:
            row["name"] = project_name(row["project_id"], names)
            row["known"] = row["project_id"] in names
        return self.show_account(
            "usage",
            days=days,
            spans=SPANS,
            daily=daily,
            used=sum(day["used"] for day in daily),
            calls=sum(day["calls"] for day in daily),
            most=max(day["used"] for day in daily),
            models=charts.shares(breakdowns.by_model(organization, days=days)[:MOST_ROWS]),
            projects=projects,
        )


class UsageFile(SpannedPage):
    """One line per day, project and model, as CSV."""

    def get(self, request: Any) -> StreamingHttpResponse:
        organization, days = self.user.organization_id, self.days
        names = self.names({row["project_id"] for row in breakdowns.by_project(organization, days=days)})
        rows = (
            (
                row["day"].isoformat(),
                project_name(row["project_id"], names),
                row["provider"],
                row["model"],
                row["calls"],
                row["tokens"],
                row["used"],
            )
            for row in breakdowns.lines(organization, days=days)
        )
        header = ("day", "project", "provider", "model", "calls", "tokens", "xct")
        return download(f"usage-{days}-days.csv", header, rows)


def project_name(pk: Any, names: dict[Any, str]) -> str:
    if pk is None:
        return _("Outside of projects")
    return names.get(pk) or _("A deleted project")
