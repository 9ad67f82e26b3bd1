"""Texts in further languages that go to translators as a file, and come back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

from projects import languages as project_languages
from projects.files.translations.formats import FORMATS
from projects.translators import AskedFile, export, intake
from workbench.pages import go
from workbench.views.projects import ProjectPage
from workbench.views.sources import sent_file
from writing import languages

MOST_ROWS = 200


class TranslatorsPage(ProjectPage):
    """Taking the texts along for a translator, and putting a file in. A long file is a job."""

    support = True

    def get(self, request: Any, project_id: str) -> HttpResponse:
        return self._shown(request.GET)

    def post(self, request: Any, project_id: str) -> HttpResponse:
        project = self.project()
        upload = sent_file(request)
        done = intake.load(
            project=project,
            file=upload.file,
            name=upload.name or "upload",
            asked=asked_of(project, request.POST, "#/"),
            by=self.user,
        )
        if done["job_id"]:
            return go("job", project.pk, done["job_id"])
        return self._shown(
            request.POST, done={**done, **{name: done[name][:MOST_ROWS] for name in ("refused", "warnings")}}
        )

    def _shown(self, form: Any, **context: Any) -> HttpResponse:
        project = self.project()
        main = project_languages.main(project)
        return self.show_project(
            "translators",
            project=project,
            tab="overview",
            languages=[row for row in languages.LANGUAGES if row.code != main],
            formats=FORMATS.values(),
            chosen={name: form.get(name, "") for name in ("language", "format", "store_view")},
            **context,
        )


class TranslatorsFile(ProjectPage):
    def get(self, request: Any, project_id: str) -> Any:
        project = self.project()
        asked = asked_of(project, request.GET, "?")
        file = asked.row.file
        chunks = export.exported(project, asked, open_only=request.GET.get("open_only") == "1")
        response = StreamingHttpResponse(chunks, content_type=f"{file.media_type}; charset=utf-8")
        name = f"translations-{asked.language}-{str(project.pk)[-12:]}.{file.extension}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def asked_of(project: Any, form: Any, at: str) -> AskedFile:
    named = form.get("format", "")
    return AskedFile.of(
        project,
        format=named if named in FORMATS else "xliff",
        language=form.get("language", ""),
        view=form.get("store_view", "")[:64],
        at=at,
    )
