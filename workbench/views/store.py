"""The project's store: connect it, import from it, push approved texts into it, and undo a push."""

from collections.abc import Iterable

from django import forms
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from integrations import connections
from integrations.models import Provenance, StoreConnection
from integrations.shopify import installs
from integrations.stores import platforms
from integrations.stores.wordpress import guard
from projects import items, lifecycle, summaries
from projects.models import ContentItem, Project, SyncRecord
from projects.readiness import Readiness
from projects.store_import import filters
from projects.store_import import job as store_import
from projects.store_work import placement_of, settings_of
from projects.sync import conflicts, warnings
from projects.sync import job as sync_job
from projects.sync.push import READY
from scribe.api.access import ADMINS, MEMBERS
from scribe.errors import UpstreamFailed, UpstreamTimeout
from scribe.models import Job
from scribe.types import Json
from workbench import dashboards, form_values, labels, queue
from workbench.form_values import is_fragment
from workbench.forms import PageForm, connect
from workbench.pages import Page, go
from workbench.reading import Piece, mark_new_words, visible
from workbench.views.projects import ProjectPage

MOST_LISTED = 50
MOST_SYNCS = 10
MOST_OPTIONS = 1000
#: Form fields for secrets, by the names that connections use.
SECRETS: dict[str, Promise] = {
    "consumer_key": gettext_lazy("Consumer key"),
    "consumer_secret": gettext_lazy("Consumer secret"),
    "access_token": gettext_lazy("Access token"),
    "access_token_secret": gettext_lazy("Access token secret"),
}


class StoreForm(PageForm):
    """A new connection: the address, and the secrets that the platform needs."""

    base_url = forms.CharField(
        label=gettext_lazy("Store address (URL)"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://shop.example.com", "autocomplete": "url"}),
    )

    def __init__(self, *args: object, platform: platforms.Platform, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in platform.credential_fields:
            self.fields[name] = forms.CharField(
                label=str(SECRETS[name]),
                required=name in platform.required_secrets,
                max_length=4000,
                widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
            )


class OfStore(ProjectPage):
    """The base of the store's page. It shows the project's store and what would be pushed, or the form to connect a
    store."""

    def page(self, project: Project, status: int = 200, **context: object) -> HttpResponse:
        platform = platforms.get(project.platform)
        if project.store_connection is None:
            rows = StoreConnection.objects.visible_to(self.user).filter(platform=project.platform)
            context.setdefault("form", StoreForm(platform=platform))
            known = rows.order_by("name")[:MOST_LISTED]
            return self.show_project(
                "store_connect", project=project, tab="store", status=status, platform=platform, known=known, **context
            )
        counts = summaries.counts([project.pk])[project.pk]
        ready = items.filter_items(project=project, readiness=Readiness.READY)
        waiting = ready.count()
        gone = items.filter_items(project=project, readiness=Readiness.NOT_IN_STORE)
        syncs = Job.objects.visible_to(self.user).filter(project=project, job_type=Job.Type.SYNC)
        records = SyncRecord.objects.filter(job=OuterRef("pk"))
        syncs = syncs.annotate(undone=Exists(records.exclude(undone_at=None)), stands=Exists(records.pushed()))
        return self.show_project(
            "store",
            project=project,
            tab="store",
            status=status,
            connection=project.store_connection,
            platform=platform,
            provenance=labels.PROVENANCE.items(),
            counts=counts,
            ready=waiting,
            send_label=dashboards.label_of_step(Readiness.READY, waiting),
            gone=gone.count(),
            exclude_url=dashboards.page_for(self.user, Readiness.NOT_IN_STORE, project),
            rows=queue.list_columns(ready.order_by("id"))[:MOST_LISTED],
            syncs=syncs.order_by("-created_at")[:MOST_SYNCS],
            conflicts=conflicts.open_in(project).count(),
            **context,
        )


class StorePage(OfStore):
    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        return self.page(self.project())


class StoreCreation(OfStore):
    """A new connection. It is tested at once, and kept only when the store answers. The keys that were typed stay in the
    browser's fields for another try: they are never sent back."""

    who = ADMINS

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        form = StoreForm(request.POST, platform=platforms.get(project.platform))
        named = {"name": project.name, "platform": project.platform}
        if form.is_valid() and (made := connect(connections, form, by=self.user, **named)):
            link(project, made)
            on = go("store", project.pk, said="connected")
            return HttpResponse(status=204, headers={"HX-Redirect": on.url}) if is_fragment(request) else on
        if is_fragment(request):
            return self.show("parts/refused", status=422, form=form)
        return self.page(project, status=422, form=form)


class StoreLink(ProjectPage):
    """Links an existing connection, or unlinks the present one."""

    support = True

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project, pk = self.project(), request.POST.get("connection", "")
        link(project, self.row(StoreConnection.objects.all(), pk) if pk else None)
        return go("store", project.pk, said="project-saved")


class StoreTest(OfStore):
    """Tests now whether the store answers."""

    support = True

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        if project.store_connection is None:
            return go("store", project.pk)
        found = connections.test(connection=project.store_connection)
        project.store_connection.refresh_from_db(fields=["status", "guarded", "last_connected_at"])
        return self.page(project, tested=found)


class StoreProvenance(OfStore):
    """What is kept of where the texts come from, and whether the shop is told."""

    who = ADMINS

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project, chosen = self.project(), request.POST.get("provenance", "")
        if project.store_connection is None or chosen not in Provenance.values:
            return go("store", project.pk)
        connections.update(connection=project.store_connection, by=self.user, provenance=chosen)
        return go("store", project.pk, said="saved")


class GuardPlugin(ProjectPage):
    """Our plugin for the shop, as a file to upload there."""

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        self.project()
        reply = HttpResponse(guard.archive(), content_type="application/zip")
        reply["Content-Disposition"] = f'attachment; filename="{guard.NAME}.zip"'
        return reply


class StoreImport(ProjectPage):
    """Imports products from the store, all or those that fit the filters. Texts of items that are here already are kept."""

    who = MEMBERS
    support = True

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        return self.show_project("store_import", project=self.project(), tab="store")

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        keep_custom_fields(project, request.POST)
        job, _pages = store_import.start(project=project, given=filters_in(request.POST), by=self.user)
        return go("job", project.pk, job.pk)


class ImportFilters(ProjectPage):
    """The store's own filters, asked live. Without them everything can be imported."""

    who = MEMBERS

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        if project.store_connection is None:
            return self.show("parts/import_filters")
        try:
            found = filters.available(project=project)
        except (UpstreamFailed, UpstreamTimeout) as error:
            return self.show("parts/import_filters", project=project, failure=error.render())
        choices = [
            {"key": key, "options": options[:MOST_OPTIONS]} for key, options in found["filters"].items() if options
        ]
        more = {"unavailable": found["unavailable"].items(), "custom_fields": found["custom_fields"]}
        return self.show("parts/import_filters", choices=choices, **more)


class ImportPreview(ProjectPage):
    """How many products would come. Saves nothing."""

    saves = False

    support = True

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        try:
            seen = filters.preview(project=self.project(), given=filters_in(request.POST))
        except (UpstreamFailed, UpstreamTimeout) as error:
            return self.show("parts/import_preview", failure=error.render())
        return self.show("parts/import_preview", minutes=round(seen["estimated_time_seconds"] / 60), seen=seen)


class PushWarnings(ProjectPage):
    """The texts that a push would replace for good, since the store could not take the old ones back as they were."""

    who = MEMBERS

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        found = warnings.list_warnings(project) if project.store_connection else []
        replaced, found = [one for one in found if "elements" in one], [one for one in found if "elements" not in one]
        missing = warnings.without_place(project) if project.store_connection else []
        return self.show(
            "parts/push_warnings", project=project, warnings=found[:MOST_LISTED], count=len(found), missing=missing,
            replaced=replaced[:MOST_LISTED], replaced_count=len(replaced),
        )  # fmt: skip


class StorePush(ProjectPage):
    """Pushes approved texts into the store: all that are ready, or one item's. For one item, `force` overwrites the
    merchant's changes."""

    support = True

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project, pk = self.project(), request.POST.get("item", "")
        items = [self.row(ContentItem.rows.filter(project=project), pk)] if pk else None
        job = sync_job.start(
            project=project,
            by=self.user,
            mode="selected" if items else READY,
            items=items,
            force=bool(items) and request.POST.get("force") == "1",
            single=bool(items),
            languages=[items[0].language if items else ""],
            leave_unrestorable=request.POST.get("spare") == "1",
        )
        return go("job", project.pk, job.pk)


class SyncUndo(ProjectPage):
    """Restores what a whole sync replaced, where the store still shows our texts."""

    support = True

    def post(self, request: HttpRequest, project_id: str, job_id: str) -> HttpResponse:
        project = self.project()
        rows = Job.objects.select_related("project", "organization")
        job = sync_job.undo_job(job=self.row(rows, job_id, project_id=project.pk), by=self.user)
        return go("job", project.pk, job.pk)


class ItemUndo(ProjectPage):
    """Restores what the item's last push replaced."""

    support = True

    def post(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        project = self.project()
        item = self.row(ContentItem.rows.filter(project=project), item_id)
        job = sync_job.undo_item(project=project, item=item, by=self.user)
        return go("job", project.pk, job.pk)


class ItemSyncs(ProjectPage):
    """The pushes of one item into the store, and their results."""

    def get(self, request: HttpRequest, project_id: str, item_id: str) -> HttpResponse:
        item = self.row(ContentItem.rows.filter(project_id=project_id), item_id)
        records = SyncRecord.objects.filter(item=item).order_by("-created_at")[:MOST_LISTED]
        return self.show("parts/syncs", item=item, records=push_summaries(records))


def filters_in(form: QueryDict) -> dict[str, list[str]]:
    """The form's filters. `filter-categories` has the ids chosen for the filter `categories`."""
    names = [name for name in form if name.startswith("filter-")]
    found = {name.removeprefix("filter-"): [value for value in form.getlist(name) if value] for name in names}
    return {name: values for name, values in found.items() if values}


def keep_custom_fields(project: Project, form: QueryDict) -> None:
    """Keep which custom fields are facts, as the form names them: `fact-wash` has the name for the field `wash`."""
    before = dict(placement_of(project).facts)
    given = {name.removeprefix("fact-"): form_values.text(form, name, 80) for name in form if name.startswith("fact-")}
    kept = {key: name for key, name in {**before, **given}.items() if name}
    if kept != before:
        sync = {**settings_of(project), "custom_fields": kept}
        lifecycle.update(project=project, changes={"settings": {**(project.settings or {}), "sync": sync}})


def link(project: Project, connection: StoreConnection | None) -> None:
    changes = {"store_connection_id": connection.pk if connection else None}
    lifecycle.update(project=project, changes=changes, store_connection=connection)


def push_summaries(pushes: Iterable[SyncRecord]) -> list[Json]:
    """Pushes as a page shows them: the texts before and after, and the conflicts. Both texts of these are marked with
    what the one before them did not have."""
    records = list(pushes)
    left = conflicts.texts_before([record for record in records if record.kind == SyncRecord.Kind.PUSH])
    return [
        {
            "record": record,
            "changes": [(name, visible(record.before.get(name)), visible(new)) for name, new in record.after.items()],
            "conflicts": [
                _conflict_summary(clash, left.get((record.pk, clash["field"]))) for clash in record.conflicts
            ],
        }
        for record in records
    ]


def _conflict_summary(clash: Json, left: object) -> Json:
    base = visible(clash.get("before", clash.get("pushed", left)))
    store, ours = visible(clash.get("store")), visible(clash.get("generated"))
    return {
        "field": clash.get("field"),
        "base": Piece(base),
        "store": mark_new_words(base, store),
        "ours": mark_new_words(base, ours),
        "elements": clash.get("elements") or [],
    }


class ShopifyCallbackPage(Page):
    """Shopify sends the browser here after the merchant's consent: finishes an installation that they began here or there."""

    who = ADMINS

    def get(self, request: HttpRequest) -> HttpResponse:
        found = {name: request.GET.get(name, "") for name in ("shop", "code", "install", "status", "reason")}
        return self.show("shopify_callback", found=found)

    def post(self, request: HttpRequest) -> HttpResponse:
        shop, code, install = (request.POST.get(name, "") for name in ("shop", "code", "install"))
        installs.finalize(by=self.user, shop=shop, code=code, install=install)
        return go("home", said="connected")
