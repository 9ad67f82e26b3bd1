"""Projects: the list with its guided start, the form for a new one, and the pages of one project."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from integrations.stores import platforms
from projects import languages as project_languages
from projects import lifecycle, sample_catalogue, standings, summaries
from projects.models import ContentItem, DataSource, Project
from scribe import chosen_projects
from scribe.api.access import MEMBERS
from scribe.errors import DomainError
from scribe.models import Job
from scribe.types import Json
from workbench import dashboards
from workbench.first_steps import first_steps
from workbench.forms import PageForm, entries_of, line_of, text
from workbench.labels import INDUSTRIES
from workbench.pages import Page, go
from writing import languages
from writing.settings import LANGUAGE_WAYS

MOST_LISTED = 200
MOST_JOBS = 8
#: What a project may leave open.
OPENED = ("languages", "language_way", "sells_in", "trade")
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
    """The first page: how the organization's texts stand, and its projects; or how to begin."""

    def get(self, request: HttpRequest) -> HttpResponse:
        trash = request.GET.get("trash") == "1"
        rows = Project.objects.visible_to(self.user)
        rows = rows.trashed() if trash else rows.kept()
        projects = {project.pk: project for project in rows.order_by("-created_at")[:MOST_LISTED]}
        found = standings.count_by_project(projects)
        shown: list[Json] = [{"project": project, "counts": found[pk]} for pk, project in projects.items()]
        if trash:
            return self.show("trash", section="projects", rows=shown)
        pictures = summaries.first_pictures(projects)
        steps = first_steps(self.request, [(one, found[pk], pictures[pk]) for pk, one in projects.items()])
        if not shown:
            return self.show("start", section="projects", steps=steps)
        for row, (pk, project) in zip(shown, projects.items(), strict=True):
            step = dashboards.next_step(self.user, {pk: project}, found)
            row |= {"parts": dashboards.parts(found[pk]), "step": step, "pictures": pictures[pk]}
        live = {pk: project for pk, project in projects.items() if not project.is_test}
        board = dashboards.dashboard(self.user, live or projects, found)
        return self.show("projects", section="projects", rows=shown, steps=steps, **board)


class NewProjectPage(Page):
    who = MEMBERS
    support = True

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen_projects.check_may_add(self.user)
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


class OverviewPage(ProjectPage):
    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        found = standings.count_by_project([project.pk])
        return self.show_project(
            "project",
            project=project,
            tab="overview",
            counts=found[project.pk],
            **dashboards.dashboard(self.user, {project.pk: project}, found),
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
