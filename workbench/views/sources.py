"""Sources: a file with the columns found in it, the rows that could not be read, and the project's items."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from projects import file_import, source_export, sources
from projects.files.layouts import FIELDS
from projects.models import DataSource
from scribe.errors import InvalidInput
from workbench.fragments import is_fragment
from workbench.labels import FIELD_NAMES
from workbench.pages import go
from workbench.views.projects import ProjectPage

#: The most columns whose mapping can be corrected by hand. Further ones keep the mapping that was found.
MOST_COLUMNS = 400
MOST_FAULTS = 500


class NewSourcePage(ProjectPage):
    """Importing a file: its columns are shown first, then imported with the reader's corrections."""

    support = True

    def get(self, request: Any, project_id: str) -> HttpResponse:
        return self.show_project("source_new", project=self.project(), tab="overview")

    def post(self, request: Any, project_id: str) -> HttpResponse:
        project = self.project()
        upload = sent_file(request)
        source = file_import.upload(
            project=project,
            file=upload.file,
            name=upload.name or "upload",
            mapping=mapping_of(request.POST) or None,
            match="apart" not in request.POST,
            by=self.user,
        )
        job_id = source.config.get("job_id")
        on = go("job", project.pk, job_id) if job_id else go("source", project.pk, source.pk, said="imported")
        if is_fragment(request):
            return HttpResponse(status=204, headers={"HX-Redirect": on.url})
        return on


class SourceColumns(ProjectPage):
    """How a file would be read: its columns, some of their cells, and the field that each seems to be. Saves
    nothing."""

    saves = False

    support = True

    def post(self, request: Any, project_id: str) -> HttpResponse:
        found = file_import.detect_columns(project=self.project(), file=sent_file(request).file)
        rows = found["sample_rows"]
        columns = [
            {
                "name": name,
                "samples": [cell for row in rows[:3] if (cell := str(row.get(name, "")).strip())],
                "field": found["mapping"].get(name, ""),
                "sure": found["column_confidence"].get(name, 0) >= 0.8,
                "attribute": f"attributes.{name}"[:200],
            }
            for name in list(dict.fromkeys(found["columns"]))[:MOST_COLUMNS]
        ]
        fields = [(name, FIELD_NAMES.get(name, name)) for name in FIELDS]
        return self.show("parts/columns", found=found, columns=columns, fields=fields)


class SourcePage(ProjectPage):
    """One source: what was imported from it, and what was left out."""

    def get(self, request: Any, project_id: str, source_id: str) -> HttpResponse:
        project = self.project()
        source = self.row(DataSource.objects.all(), source_id, project=project)
        return self.show_project(
            "source",
            project=project,
            tab="overview",
            source=source,
            faults=[
                *({**fault, "left_out": True} for fault in source.errors[:MOST_FAULTS]),
                *({**fault, "left_out": False} for fault in source.warnings[:MOST_FAULTS]),
            ],
            counts=source.config.get("counts", {}),
        )


class SourceDeletion(ProjectPage):
    def post(self, request: Any, project_id: str, source_id: str) -> HttpResponse:
        project = self.project()
        sources.delete(source=self.row(DataSource.objects.all(), source_id, project=project))
        return go("project", project.pk, said="source-deleted")


class SourceFile(ProjectPage):
    """The file as it was uploaded, with the approved texts put in."""

    def get(self, request: Any, project_id: str, source_id: str) -> Any:
        project = self.project()
        rows = DataSource.objects.select_related("project")
        done = source_export.export(source=self.row(rows, source_id, project=project))
        return FileResponse(done.file, as_attachment=True, filename=done.name, content_type=done.media_type)


def sent_file(request: Any) -> Any:
    """The file of the form. Raises InvalidInput when the form has none."""
    found = request.FILES.get("file")
    if found is None:
        raise InvalidInput.at("#/file", _("Choose a file first."), "required")
    return found


def mapping_of(form: Any) -> dict[str, str | None]:
    """The reader's mapping. `field-3` is the field for the column that `column-3` names; None leaves the column out."""
    named = {key.removeprefix("column-"): value for key, value in form.items() if key.startswith("column-")}
    return {column: form.get(f"field-{number}") or None for number, column in named.items()}
