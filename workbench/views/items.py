"""The list of a project's items, a page at a time, and the pictures of other hosts that pages show."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.db.models import F
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from projects import item_orders, items, project_export, readiness, review, standings
from projects.models import ContentItem, SavedFilter
from scribe.api import rate_limits
from scribe.api.access import PUBLIC, VIEWERS
from scribe.api.addresses import client_address, network_of
from workbench import dashboards, pictures
from workbench.labels import READINESS, STATUSES, Labels
from workbench.pages import Page, PageRequest, go
from workbench.queue import list_columns
from workbench.views.projects import ProjectPage
from workbench.views.review import ItemPart
from writing import images

PAGE = 50
MORE = {"failure": F("generation_metadata__last_error"), "found_at": F("drift__found_at")}
SORTS: Labels = {
    item_orders.CREATED: _("Import order"),
    item_orders.NAME: _("Name"),
    item_orders.CONFIDENCE: _("Lowest confidence first"),
    item_orders.UPDATED: _("Recently changed"),
}
#: Statuses that say more than an item's readiness.
REFINED = (ContentItem.Status.FLAGGED, ContentItem.Status.REJECTED, "excluded")


class ItemsPage(ProjectPage):
    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project, query = self.project(), query_of(request.GET)
        sort = query.get("sort", item_orders.CREATED)
        status, state, search = (query.get(name, "") for name in ("status", "readiness", "q"))
        found = items.filter_items(project=project, status=status, readiness=state, search=search)
        if status == ContentItem.Status.PENDING:
            found = found.exclude(item_type=ContentItem.Type.VARIANT)  # nobody can write these
        before, after = request.GET.get("before"), request.GET.get("after")
        place = self.row(ContentItem.rows.filter(project=project), before or after) if before or after else None
        ordered = item_orders.order_items(found, sort, place, backwards=bool(before))
        rows = list(list_columns(ordered).annotate(readiness=readiness.state(), **MORE)[: PAGE + 1])
        more, rows = len(rows) > PAGE, rows[:PAGE]
        if before:
            rows.reverse()
        for row in rows:
            row["step"] = dashboards.page_for(self.user, row["readiness"], project, row["pk"])
        counts = standings.count_by_project([project.pk])[project.pk]
        chosen = counts.to_do[status] if status else counts.by_readiness[state]
        rest = [(name, value) for name, value in query.items() if name in ("q", "sort")]
        saved = list(SavedFilter.objects.visible_to(self.user).filter(project=project, user=self.user))
        return self.show_project(
            "items",
            project=project,
            tab="items",
            rows=rows,
            earlier=rows[0]["pk"] if rows and (after or (before and more)) else "",
            further=rows[-1]["pk"] if rows and (before or more) else "",
            only_status=status,
            state=state,
            search=search,
            sort=sort,
            sorts=SORTS.items(),
            query=urlencode(query),
            saved=[(one, urlencode(one.query)) for one in saved],
            current=next((one for one in saved if one.query == query), None),
            found=None if search or (status and state) else chosen,
            step=dashboards.next_step(self.user, {project.pk: project}, {project.pk: counts}),
            states=[
                ("", _("All"), counts.by_readiness.total(), urlencode(rest)),
                *(
                    (key, label, counts.by_readiness[key], urlencode([("readiness", key), *rest]))
                    for key, label in READINESS.items()
                    if counts.by_readiness[key] or key == state
                ),
            ],
            statuses=[
                (key, label, counts.to_do[key])
                for key, label in STATUSES.items()
                if (key in REFINED and counts.to_do[key]) or key == status
            ],
        )


class SavedFilters(ProjectPage):
    """Keeps the filter of the list under a name, for this person; a filter of theirs with this name gives way. `remove`
    takes one away."""

    may_submit = VIEWERS

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project, query = self.project(), query_of(request.POST)
        if pk := request.POST.get("remove"):
            self.row(SavedFilter.objects.filter(project=project, user=self.user), pk).delete()
            return go("items", project.pk, **query)
        items.save_filter(project=project, user=self.user, name=request.POST.get("name", ""), query=query)
        return go("items", project.pk, **query)


def query_of(data: Mapping[str, str]) -> dict[str, str]:
    """What the list is asked for: `status`, `readiness`, `q` and `sort`, where they are set and known."""
    status, state, sort = (data.get(name, "") for name in ("status", "readiness", "sort"))
    found = {
        "status": status if status in STATUSES else "",
        "readiness": state if state in READINESS else "",
        "q": data.get("q", "").strip()[:200],
        "sort": sort if sort in SORTS and sort != item_orders.CREATED else "",
    }
    return {name: value for name, value in found.items() if value}


class ItemImage(ItemPart):
    """The item's first image, shrunk, through the guarded client; a placeholder if the shop does not give it."""

    def get(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        item = self.item()
        found = images.addresses(item.source_data.get("images"), review.settings_of(item).media_url)
        return pictures.shrunk_picture(found[0] if found else "", str(item.organization_id))


class ProjectFile(ProjectPage):
    """The project's texts as a CSV file that its platform can import unchanged."""

    def get(self, request: HttpRequest, project_id: str) -> FileResponse:
        project = self.project()
        wanted = request.GET.get("status", "approved")
        chosen = project_export.items_to_export(
            project=project, status_filter=wanted if wanted in STATUSES else "approved"
        )
        done = project_export.export(project=project, items=chosen)
        name = f"{project.platform}-{str(project.pk)[-12:]}.csv"
        return FileResponse(done.file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


class Picture(Page):
    """One picture. Its signed address is the right to it: a preview's frame sends no cookie, and shows many at once."""

    who = PUBLIC
    rate_scope = "picture"

    def enter(self, request: PageRequest) -> None:
        rate_limits.check(self.rate_scope, network_of(client_address(request)))
        request.user = None

    def get(self, request: HttpRequest) -> HttpResponse:
        return pictures.requested_picture(request.GET)
