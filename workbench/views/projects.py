"""Projects: the list with its guided start, the form for a new one, and the pages of one project."""

from collections import Counter

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from integrations.stores import platforms
from projects import languages as project_languages
from projects import lifecycle, sample_catalogue, summaries
from projects.models import ContentItem, DataSource, Project
from projects.models.expressions import FailedChecks
from projects.models.item import JUDGED
from scribe.api.access import MEMBERS
from scribe.errors import DomainError
from scribe.models import Job
from scribe.types import Json
from workbench.first_steps import first_steps
from workbench.forms import PageForm, entries_of, line_of, text
from workbench.labels import CHECKS, INDUSTRIES
from workbench.pages import Page, go
from workbench.views.usage import shares
from writing import languages
from writing.settings import LANGUAGE_WAYS

MOST_LISTED = 200
MOST_JOBS = 8
#: What a project may leave open.
OPENED = ("languages", "language_way", "sells_in", "trade")
MOST_FLAGGED = 2000  # items whose failed checks are counted
FLAGGED = ContentItem.Status.FLAGGED
#: How texts in further languages are written, as a form says it.
WAYS = {"translation": _("Translate the approved texts"), "native": _("Generate new texts from the product data")}


class ProjectForm(PageForm):
    name = forms.CharField(label=_("Name"), max_length=255)
    platform = forms.ChoiceField(
        label=_("Store platform"),
        choices=platforms.choices,
        help_text=_("Determines how we read your files and which columns exported texts use."),
    )


class SettingsForm(PageForm):
    name = forms.CharField(label=_("Name"), max_length=255)
    forbidden_words = text(
        _("Forbidden words"),
        8000,
        rows=3,
        required=False,
        help_text=_("Separate with commas. Texts that contain one of these words are flagged."),
    )
    sells_in = forms.CharField(
        label=_("Countries you sell in"),
        required=False,
        max_length=500,
        help_text=_(
            "Two-letter codes separated by commas (DE, AT), or EU. Texts are checked against the law of "
            "these countries."
        ),
    )
    trade = forms.ChoiceField(
        label=_("What you sell"), required=False, choices=[("", _("Not set")), *INDUSTRIES.items()]
    )
    languages = forms.MultipleChoiceField(
        label=_("Additional languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("If you remove a language, its texts are kept and return if you add it again."),
    )
    language_way = forms.ChoiceField(
        label=_("How to create texts in additional languages"),
        required=False,
        choices=[("", _("Not set")), *((way, WAYS[way]) for way in LANGUAGE_WAYS)],
    )

    def __init__(self, *args: object, project: Project, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        main, own = project_languages.main(project), project_languages.own(project)
        rows = [row for row in languages.BY_CODE.values() if row.code != main]
        rows.sort(
            key=lambda row: own.index(row.code) if row.code in own else len(own)
        )  # the chosen ones keep their order
        self.offer({"languages": [(row.code, f"{row.name} · {row.native_name}") for row in rows]})

    def settings(self, before: Json) -> Json:
        """`before` with what the form sets. What the form leaves open is no longer set."""
        data = self.cleaned_data
        words = entries_of(data["forbidden_words"])
        countries = [code.upper() for code in entries_of(data["sells_in"])]
        named = {name: data[name] for name in ("languages", "language_way", "trade") if data[name]}
        named |= {"sells_in": countries} if countries else {}
        rest = {name: value for name, value in before.items() if name not in OPENED}
        return {**rest, "forbidden_words": words, **named}


class ProjectPage(Page):
    """A page below a project. A project in the trash answers as not found."""

    def project(self, *, trashed: bool = False) -> Project:
        rows = Project.objects.select_related("organization", "content_profile", "store_connection")
        return self.row(rows.trashed() if trashed else rows.kept(), self.kwargs["project_id"])

    def show_project(
        self, template: str, /, project: Project, tab: str, status: int = 200, **context: object
    ) -> HttpResponse:
        """A page with the project's name and tabs above it."""
        return self.show(template, status=status, section="projects", project=project, tab=tab, **context)


class ProjectsPage(Page):
    """The first page: the organization's projects, or how to begin."""

    def get(self, request: HttpRequest) -> HttpResponse:
        trash = request.GET.get("trash") == "1"
        rows = Project.objects.visible_to(self.user).select_related("store_connection")
        rows = rows.trashed() if trash else rows.kept()
        found = list(rows.order_by("-created_at")[:MOST_LISTED])
        numbers = summaries.counts([project.pk for project in found])
        pictures = summaries.first_pictures(numbers)
        shown = [{"project": one, "counts": numbers[one.pk], "pictures": pictures[one.pk]} for one in found]
        steps = first_steps(self.request, [(one, numbers[one.pk], pictures[one.pk]) for one in found])
        if not shown and not trash:
            return self.show("start", section="projects", steps=steps)
        return self.show("projects", section="projects", projects=shown, steps=steps, trash=trash)


class NewProjectPage(Page):
    who = MEMBERS
    support = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show("project_new", section="projects", form=ProjectForm(initial=request.GET.dict()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProjectForm(request.POST)
        if not form.is_valid():
            return self.show("project_new", status=422, section="projects", form=form)
        project = lifecycle.create(organization=self.user.organization, by=self.user, **form.cleaned_data)
        return go("source-new", project.pk)


class SampleProject(Page):
    """The guided start: a project with the sample catalogue and its texts, in the language of the page."""

    support = True

    def post(self, request: HttpRequest) -> HttpResponse:
        return go("review", sample_catalogue.create(by=self.user, language=get_language() or "").pk)


def stages(counts: summaries.ProjectCounts) -> list[Json]:
    """How many of the texts are written, approved and in the shop, each with its share of all that are wanted."""
    by = counts.to_do
    synced, approved = by["synced"], by["synced"] + by["approved"]
    written, wanted = counts.waiting + by["rejected"] + approved, sum(by.values()) - by["excluded"]
    rows = ((_("Generated"), written), (_("Approved"), approved), (_("In store"), synced))
    return [
        {"name": name, "n": n, "wanted": wanted, "share": round(100 * n / wanted) if wanted else 0} for name, n in rows
    ]


def flags(items: QuerySet[ContentItem]) -> list[Json]:
    """How many of up to MOST_FLAGGED flagged items failed each check, the most frequent first."""
    found = items.filter(JUDGED).annotate(failed=FailedChecks()).order_by("pk")
    failed = found.values_list("failed", flat=True)[:MOST_FLAGGED]
    counted = Counter(check for checks in failed for check in checks or () if check in CHECKS)
    return [{"check": check, "used": n} for check, n in counted.most_common()]


class OverviewPage(ProjectPage):
    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        counts = summaries.counts([project.pk])[project.pk]
        flagged = ContentItem.rows.filter(project=project, language="").included().filter(status=FLAGGED)
        return self.show_project(
            "project",
            project=project,
            tab="overview",
            counts=counts,
            waiting=counts.waiting,
            stages=stages(counts),
            flags=shares(flags(flagged)) if counts.by_status[FLAGGED] else [],
            flags_among=MOST_FLAGGED if counts.by_status[FLAGGED] > MOST_FLAGGED else 0,
            sources=DataSource.objects.visible_to(self.user).filter(project=project)[:50],
            jobs=Job.objects.visible_to(self.user).filter(project=project).order_by("-created_at")[:MOST_JOBS],
        )


class ProjectSettingsPage(ProjectPage):
    who = MEMBERS
    support = True

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        settings = project.settings or {}
        words = settings.get("forbidden_words") or []
        words = words if isinstance(words, str) else line_of(words)
        initial = {
            "name": project.name,
            "forbidden_words": words,
            "sells_in": line_of(settings.get("sells_in") or []),
            "trade": settings.get("trade") or "",
            "languages": project_languages.own(project),
            "language_way": settings.get("language_way") or "",
        }
        return self.page(project, SettingsForm(initial=initial, project=project))

    def page(self, project: Project, form: SettingsForm, status: int = 200) -> HttpResponse:
        """The form. Where a profile names the languages, they count before the project's own, and the page says so."""
        counting = project_languages.languages_to_write(project)
        stronger = counting if counting != project_languages.own(project) else ()
        return self.show_project(
            "project_settings",
            project=project,
            tab="settings",
            form=form,
            status=status,
            stronger=[languages.BY_CODE[code].native_name for code in stronger],
        )

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        form, before = SettingsForm(request.POST, project=project), project_languages.own(project)
        if not form.is_valid():
            return self.page(project, form, status=422)
        changes = {"name": form.cleaned_data["name"], "settings": form.settings(project.settings or {})}
        try:
            lifecycle.update(project=project, changes=changes)
        except DomainError as error:
            form.refuse(error)
            return self.page(self.project(), form, status=422)
        removed = set(before) - set(form.cleaned_data["languages"])
        kept = removed and ContentItem.rows.filter(project=project, language__in=removed).exists()
        return go("project-settings", project.pk, said="languages-kept" if kept else "project-saved")


class ProjectTrash(ProjectPage):
    """Moves the project into the trash and cancels its jobs."""

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        lifecycle.trash(project=self.project())
        return go("home", said="project-trashed")


class ProjectRestoration(ProjectPage):
    support = True

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = lifecycle.restore(project=self.project(trashed=True))
        return go("project", project.pk, said="project-restored")
