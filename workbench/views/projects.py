"""Projects: the list with its guided start, the form for a new one, and the pages of one project."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from integrations.stores import platforms
from projects import languages as project_languages
from projects import lifecycle, summaries
from projects.models import ContentItem, DataSource, Project
from scribe.errors import DomainError
from scribe.models import Job
from workbench import sample
from workbench.forms import PageForm
from workbench.pages import Page, go
from writing import languages
from writing.settings import LANGUAGE_WAYS

MOST_LISTED = 200
MOST_JOBS = 8
#: How texts in further languages are written, as a form says it.
WAYS = {"translation": _("translated from the approved texts"), "native": _("written anew from the facts")}


class ProjectForm(PageForm):
    name = forms.CharField(label=_("Name"), max_length=255)
    platform = forms.ChoiceField(
        label=_("Platform of the shop"),
        choices=platforms.choices,
        help_text=_("It decides how files are read, and in which columns texts come back."),
    )


class SettingsForm(PageForm):
    name = forms.CharField(label=_("Name"), max_length=255)
    forbidden_words = forms.CharField(
        label=_("Forbidden words"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Separated by commas. A text that has one of them is flagged."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Further languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The texts of a language that you take out are kept, and are here again once you add it."),
    )
    language_way = forms.ChoiceField(
        label=_("How texts in further languages are written"),
        required=False,
        choices=[("", _("Leave it open")), *((way, WAYS[way]) for way in LANGUAGE_WAYS)],
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        main, own = project_languages.main(project), project_languages.own(project)
        rows = [row for row in languages.LANGUAGES if row.code != main]
        rows.sort(
            key=lambda row: own.index(row.code) if row.code in own else len(own)
        )  # the chosen ones keep their order
        field = self.fields["languages"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(row.code, f"{row.name} · {row.native_name}") for row in rows]

    def settings(self, before: dict[str, Any]) -> dict[str, Any]:
        """`before` with what the form sets. What the form leaves open is no longer set."""
        data = self.cleaned_data
        words = [word.strip() for word in data["forbidden_words"].split(",") if word.strip()]
        named = {name: data[name] for name in ("languages", "language_way") if data[name]}
        rest = {name: value for name, value in before.items() if name not in ("languages", "language_way")}
        return {**rest, "forbidden_words": words, **named}


class ProjectPage(Page):
    """A page below a project. A project in the trash answers as not found."""

    def project(self, *, trashed: bool = False) -> Project:
        rows = Project.objects.select_related("organization", "content_profile", "store_connection")
        return self.row(rows.trashed() if trashed else rows.kept(), self.kwargs["project_id"])

    def show_project(
        self, template: str, /, project: Project, tab: str, status: int = 200, **context: Any
    ) -> HttpResponse:
        """A page with the project's name and tabs above it."""
        return self.show(template, status=status, section="projects", project=project, tab=tab, **context)


class ProjectsPage(Page):
    """The first page: the organization's projects, or how to begin."""

    def get(self, request: Any) -> HttpResponse:
        trash = request.GET.get("trash") == "1"
        rows = Project.objects.visible_to(self.user).select_related("store_connection")
        rows = rows.trashed() if trash else rows.kept()
        found = list(rows.order_by("-created_at")[:MOST_LISTED])
        numbers = summaries.counts([project.pk for project in found])
        shown = [{"project": project, "counts": numbers[project.pk]} for project in found]
        if not shown and not trash:
            return self.show("start", section="projects")
        return self.show("projects", section="projects", projects=shown, trash=trash)


class NewProjectPage(Page):
    support = True

    def get(self, request: Any) -> HttpResponse:
        return self.show("project_new", section="projects", form=ProjectForm())

    def post(self, request: Any) -> HttpResponse:
        form = ProjectForm(request.POST)
        if not form.is_valid():
            return self.show("project_new", status=422, section="projects", form=form)
        project = lifecycle.create(organization=self.user.organization, by=self.user, **form.cleaned_data)
        return go("source-new", project.pk)


class SampleProject(Page):
    """The guided start: a project with the sample catalogue. The built-in writer writes it at once, free of charge."""

    support = True

    def post(self, request: Any) -> HttpResponse:
        job = sample.begin(by=self.user)
        return go("job", job.project_id, job.pk)


class OverviewPage(ProjectPage):
    def get(self, request: Any, project_id: str) -> HttpResponse:
        project = self.project()
        counts = summaries.counts([project.pk])[project.pk]
        return self.show_project(
            "project",
            project=project,
            tab="overview",
            counts=counts,
            waiting=counts.waiting,
            sources=DataSource.objects.visible_to(self.user).filter(project=project)[:50],
            jobs=Job.objects.visible_to(self.user).filter(project=project).order_by("-created_at")[:MOST_JOBS],
        )


class ProjectSettingsPage(ProjectPage):
    support = True

    def get(self, request: Any, project_id: str) -> HttpResponse:
        project = self.project()
        settings = project.settings or {}
        words = settings.get("forbidden_words") or []
        words = words if isinstance(words, str) else ", ".join(map(str, words))
        initial = {
            "name": project.name,
            "forbidden_words": words,
            "languages": project_languages.own(project),
            "language_way": settings.get("language_way") or "",
        }
        return self.page(project, SettingsForm(initial=initial, project=project))

    def page(self, project: Project, form: SettingsForm, status: int = 200) -> HttpResponse:
        """The form. Where a profile names the languages, they count before the project's own, and the page says so."""
        counting = project_languages.of(project)
        stronger = counting if counting != project_languages.own(project) else ()
        return self.show_project(
            "project_settings",
            project=project,
            tab="settings",
            form=form,
            status=status,
            stronger=[languages.BY_CODE[code].native_name for code in stronger],
        )

    def post(self, request: Any, project_id: str) -> HttpResponse:
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

    def post(self, request: Any, project_id: str) -> HttpResponse:
        lifecycle.trash(project=self.project())
        return go("home", said="project-trashed")


class ProjectRestoration(ProjectPage):
    support = True

    def post(self, request: Any, project_id: str) -> HttpResponse:
        project = lifecycle.restore(project=self.project(trashed=True))
        return go("project", project.pk, said="project-restored")
