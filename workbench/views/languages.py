"""How the project's languages stand, and what writing the rest of one costs."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from projects import languages as project_languages
from projects import summaries
from projects.generation import job as generation
from scribe.errors import DomainError, InvalidInput
from scribe.types import Json
from workbench.views.projects import ProjectPage
from writing.languages import BY_CODE

SHOWN = ("generated", "flagged", "approved", "rejected", "synced")  # the states that have a column each


class LanguagesPage(ProjectPage):
    """A row per language, the main one first: how many texts are missing, to review, approved, outdated."""

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        main, wanted = project_languages.main(project), project_languages.languages_to_write(project)
        found = summaries.counts_by_language(project, [code for code in wanted if code != main])
        rows = [{"code": code, "name": name_of(code or main), "counts": found[code]} for code in sorted(found)]
        return self.show_project(
            "languages",
            project=project,
            tab="languages",
            rows=rows,
            main=main,
            statuses=SHOWN,
            to_review=to_review(found),
        )


class LanguageQuotePart(ProjectPage):
    """The price of the texts of one language that are missing, or have to follow their originals. Saves nothing."""

    support = True
    saves = False

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        code, selection = request.POST.get("language", ""), request.POST.get("selection", "")
        if code not in BY_CODE:
            raise InvalidInput.at("#/language", _("This language does not exist."), "unknown_language")
        if selection not in (generation.PENDING, generation.STALE):
            raise InvalidInput.at("#/selection", _("Choose missing or outdated texts."), "invalid_choice")
        try:
            quote = generation.estimate(project=project, request={"languages": [code]}, selection=selection)
        except DomainError as error:
            if error.status != 400:
                raise
            return self.show("parts/quote", problems=[error.render()])
        return self.show("parts/language_quote", project=project, quote=quote, code=code, selection=selection)


def to_review(counts: dict[str, summaries.LanguageCounts]) -> Json | None:
    """The further language with the most texts to review, if any has some."""
    code = max(filter(None, counts), key=lambda code: counts[code].waiting, default="")
    return {"code": code, "name": name_of(code), "n": counts[code].waiting} if code and counts[code].waiting else None


def name_of(code: str) -> str:
    return BY_CODE[code].native_name if code in BY_CODE else code
