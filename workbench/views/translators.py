"""Texts in further languages that go to translators as a file, and come back."""

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse

from catalog.files.translations.formats import FORMATS
from integrations.stores import platforms
from projects import languages as project_languages
from projects import summaries
from projects.models import Project
from projects.translators import export, intake
from projects.translators.asked import AskedFile
from scribe.api import files
from scribe.api.access import REVIEWERS
from scribe.types import Json
from workbench import charts
from workbench.pages import go
from workbench.views.languages import name_of, to_review
from workbench.views.projects import ProjectPage
from workbench.views.sources import sent_file
from writing import languages

MOST_ROWS = 200


class TranslatorsPage(ProjectPage):
    """Taking the texts along for a translator, and putting a file in. A long file is a job."""

    may_submit = REVIEWERS
    support = True

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        return self._shown(request.GET)

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
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

    def _shown(self, form: QueryDict, **context: object) -> HttpResponse:
        project = self.project()
        main, own = project_languages.main(project), project_languages.languages_to_write(project)
        platform = platforms.get(project.platform)
        originals = export.originals(project).count()
        covered = export.counts_by_language(project)
        counts = summaries.counts_by_language(project, [code for code in own if code != main])
        progress = [
            language_progress(code, counts[code], originals - covered.get(code, 0)) for code in sorted(counts) if code
        ]
        return self.show_project(
            "translators",
            project=project,
            tab="languages",
            languages=sorted(
                (row for row in languages.BY_CODE.values() if row.code != main), key=lambda row: row.code not in own
            ),
            originals=originals,
            progress=progress,
            to_review=to_review(counts),
            missing=sum(row["missing"] for row in progress),
            formats=[row for row in FORMATS.values() if not row.view or "store_views" in platform.extras],
            platform=platform,
            chosen={name: form.get(name, "") for name in ("language", "format", "store_view")},
            **context,  # type: ignore[arg-type]  # handed on
        )


def language_progress(code: str, counts: summaries.LanguageCounts, missing: int) -> Json:
    """How far the translations into a language are. Each is counted once: `all` is done, waiting or missing."""
    done = {status: n for status in export.APPROVED if (n := counts.by_status[status])}
    number = sum(done.values())
    whole = number + counts.waiting + missing
    return {
        "code": code,
        "name": name_of(code),
        "done": number,
        "done_as": next(iter(done)) if len(done) == 1 else "",  # the review lists one state
        "share": charts.percent(number, whole),
        "waiting": counts.waiting,
        "missing": missing,
        "all": whole,
    }


class TranslatorsFile(ProjectPage):
    def get(self, request: HttpRequest, project_id: str) -> StreamingHttpResponse:
        project = self.project()
        asked = asked_of(project, request.GET, "?")
        file = asked.row.file
        open_only, of_shop = (request.GET.get(name) == "1" for name in ("open_only", "of_shop"))
        chunks = export.export_file(project, asked, open_only=open_only, of_shop=of_shop)
        name = f"translations-{asked.language}-{str(project.pk)[-12:]}.{file.extension}"
        return files.attachment(chunks, name, f"{file.media_type}; charset=utf-8")


def asked_of(project: Project, form: QueryDict, at: str) -> AskedFile:
    named = form.get("format", "")
    return AskedFile.of(
        project,
        format=named if named in FORMATS else "xliff",
        language=form.get("language", ""),
        view=form.get("store_view", "")[:64],
        at=at,
    )
