"""Sources: a file with the columns found in it, the rows that could not be read, and the project's items."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.files.layouts import FIELDS
from integrations.stores import platforms
from projects import file_import, source_export, sources
from projects.models import DataSource, Project
from scribe.api.access import MEMBERS
from scribe.errors import InvalidInput
from scribe.types import Json
from workbench.form_values import is_fragment
from workbench.labels import FIELD_NAMES
from workbench.pages import go
from workbench.views.projects import ProjectPage

#: The most columns whose mapping can be corrected by hand. Further ones keep the mapping that was found.
MOST_COLUMNS = 400
MOST_FAULTS = 500
#: What a fault of a file means for its rows, by the fault's code.
MEANINGS = {
    "ragged_row": _(
        "A text probably contains a separator, so the cells after it are in the wrong columns. Check "
        "the items from these rows."
    ),
    "missing_parent": _("Import the file with the product first, then import this one again."),
    "repeated_key": _("The second row was imported as a separate item."),
    "mixed_encoding": _(
        "Letters such as ä or č may be wrong in these rows. Save the file as UTF-8 and import it again."
    ),
    "no_name": _("Texts may not be generated for these rows. Add the names, then import the file again."),
    "repeated_sku": _("Each row was imported as an item of its own. Check which one your store has."),
    "no_number": _("The value was imported as it is, and texts may repeat it. Correct it, then import the file again."),
    "no_key": _("Without one of these, we can't match the row when you import again."),
}


class NewSourcePage(ProjectPage):
    """Importing a file: its columns are shown first, then imported with the reader's corrections."""

    who = MEMBERS
    support = True

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        return self.show_project("source_new", project=self.project(), tab="overview")

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        upload = sent_file(request)
        if "foreign" not in request.POST and (other := file_import.foreign_platform(project=project, file=upload.file)):
            raise InvalidInput.at("#/foreign", foreign_sentence(project, other), "foreign_platform")
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

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        found = file_import.detect_columns(project=project, file=sent_file(request).file)
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
        other = file_import.foreign_platform(project=project, file=sent_file(request).file)
        question: Json = {"foreign": other, "foreign_sentence": foreign_sentence(project, other)} if other else {}
        known = platforms.PLATFORMS.get(found["platform"])
        name = known.name if known else gettext("another system")
        return self.show("parts/columns", found=found, platform_name=name, columns=columns, fields=fields, **question)


class SourcePage(ProjectPage):
    """One source: what was imported from it, and what was left out."""

    def get(self, request: HttpRequest, project_id: str, source_id: str) -> HttpResponse:
        project = self.project()
        source = self.row(DataSource.objects.all(), source_id, project=project)
        return self.show_project(
            "source",
            project=project,
            tab="overview",
            source=source,
            faults=[*group_faults(source.errors, left_out=True), *group_faults(source.warnings, left_out=False)],
            counts=source.config.get("counts", {}),
        )


class SourceDeletion(ProjectPage):
    def post(self, request: HttpRequest, project_id: str, source_id: str) -> HttpResponse:
        project = self.project()
        job = sources.delete(source=self.row(DataSource.objects.all(), source_id, project=project), by=self.user)
        if job is not None:
            return go("job", project.pk, job.pk)
        return go("project", project.pk, said="source-deleted")


class SourceFile(ProjectPage):
    """The file as it was uploaded, with the approved texts put in."""

    def get(self, request: HttpRequest, project_id: str, source_id: str) -> FileResponse:
        project = self.project()
        rows = DataSource.objects.select_related("project")
        done = source_export.export(source=self.row(rows, source_id, project=project))
        return FileResponse(done.file, as_attachment=True, filename=done.name, content_type=done.media_type)


def foreign_sentence(project: Project, platform: str) -> str:
    known = {"file": platforms.get(platform).name, "project": platforms.get(project.platform).name}
    return gettext("This looks like a file from %(file)s, but this project is for %(project)s.") % known


def group_faults(faults: list[Json], *, left_out: bool) -> list[Json]:
    """The faults of a file, each once with the lines that have it, and with what became of these."""
    found: dict[tuple[str, str], list[int]] = {}
    for fault in faults[:MOST_FAULTS]:
        found.setdefault((fault.get("code", ""), fault["reason"]), []).append(fault["line"])
    return [
        {"reason": reason, "lines": lines, "means": MEANINGS.get(code, ""), "left_out": left_out}
        for (code, reason), lines in found.items()
    ]


def sent_file(request: HttpRequest) -> Any:  # type: ignore[explicit-any]  # one that Django wraps
    """The file of the form. Raises InvalidInput when the form has none."""
    found = request.FILES.get("file")
    if found is None:
        raise InvalidInput.at("#/file", gettext("Choose a file first."), "required")
    return found


def mapping_of(form: QueryDict) -> dict[str, str | None]:
    """The reader's mapping. `field-3` is the field for the column that `column-3` names; None leaves the column out."""
    named = {key.removeprefix("column-"): str(value) for key, value in form.items() if key.startswith("column-")}
    return {column: form.get(f"field-{number}") or None for number, column in named.items()}
