"""What was used: per day, per model, per project, as charts with their tables, and as a file."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from billing import summaries
from projects.models import Project
from workbench.charts import columns, shares
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

    def names(self, ids: set[UUID | None]) -> dict[UUID | None, str]:
        """The names of projects. One that is gone has none."""
        return dict(
            Project.objects.visible_to(self.user).filter(pk__in=[pk for pk in ids if pk]).values_list("pk", "name")
        )


class UsagePage(SpannedPage):
    tab = "usage"

    def get(self, request: HttpRequest) -> HttpResponse:
        user, days = self.user, self.days
        daily = columns(summaries.by_day(user, days=days))
        projects = shares(summaries.by_project(user, days=days)[:MOST_ROWS])
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
            models=shares(summaries.by_model(user, days=days)[:MOST_ROWS]),
            projects=projects,
        )


class UsageFile(SpannedPage):
    """One line per day, project and model, as CSV."""

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        user, days = self.user, self.days
        names = self.names({row["project_id"] for row in summaries.by_project(user, days=days)})
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
            for row in summaries.lines(user, days=days)
        )
        header = ("day", "project", "provider", "model", "calls", "tokens", "xct")
        return download(f"usage-{days}-days.csv", header, rows)


def project_name(pk: UUID | None, names: dict[UUID | None, str]) -> str:
    if pk is None:
        return _("Not in a project")
    return names.get(pk) or _("Deleted project")
