"""The list of a project's items, a page at a time."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse

from projects import items, project_export, review, summaries
from scribe.ids import parse
from workbench import pictures
from workbench.labels import STATUSES
from workbench.listing import listed
from workbench.views.projects import ProjectPage
from workbench.views.review import ItemPart
from writing import images

PAGE = 50


class ItemsPage(ProjectPage):
    def get(self, request: Any, project_id: str) -> HttpResponse:
        project = self.project()
        status = request.GET.get("status", "")
        status = status if status in STATUSES else ""
        search = request.GET.get("q", "").strip()[:200]
        found = items.chosen(project=project, status=status or None, search=search)
        if after := parse(request.GET.get("after")):
            found = found.filter(pk__gt=after)
        rows = list(listed(found)[: PAGE + 1])
        counts = summaries.counts([project.pk])[project.pk]
        return self.show_project(
            "items",
            project=project,
            tab="items",
            rows=rows[:PAGE],
            further=rows[PAGE - 1]["pk"] if len(rows) > PAGE else "",
            state=status,
            search=search,
            counts=counts,
            statuses=[(key, label, counts.by_status[key]) for key, label in STATUSES.items()],
        )


class ItemImage(ItemPart):
    """The item's first image, shrunk, through the guarded client; a placeholder if the shop does not give it."""

    def get(self, request: Any, project_id: str, item_id: str) -> HttpResponse:
        item = self.item()
        found = images.addresses(item.source_data.get("images"), review.settings_of(item).media_url)
        return pictures.shown(found[0] if found else "", str(item.organization_id))


class ProjectFile(ProjectPage):
    """The project's texts as a CSV file that its platform can import unchanged."""

    def get(self, request: Any, project_id: str) -> Any:
        project = self.project()
        wanted = request.GET.get("status", "approved")
        chosen = project_export.chosen(project=project, status_filter=wanted if wanted in STATUSES else "approved")
        done = project_export.export(project=project, items=chosen)
        name = f"{project.platform}-{str(project.pk)[-12:]}.csv"
        return FileResponse(done.file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
