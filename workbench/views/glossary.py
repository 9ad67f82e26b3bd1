"""The glossary: a merchant's terms as a table, a page to edit each, and their CSV."""

from collections.abc import Iterator
from typing import cast
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from projects import changed_terms, glossary, glossary_csv
from projects.models import ContentProfile, GlossaryTerm
from scribe import messages
from scribe.api import files
from scribe.api.access import MEMBERS
from scribe.errors import Conflict, DomainError, InvalidInput, VersionConflict
from scribe.rows import OrganizationQuerySet
from scribe.types import Json, StrPromise
from workbench import form_values
from workbench.forms import ListedLanguages, PageForm
from workbench.forms import text as text_field
from workbench.pages import go
from workbench.views.account import AccountPage
from writing import languages

PAGE = 100
BLANK = 2  # languages that a form has room for beside those that the term has
MOST_PROFILES = 200
MOST_REFUSED = 200  # rows of a file that the page names
LONGEST_LIST = glossary.MOST_FORMS * (glossary.LONGEST_WORD + 2)
LANGUAGES = [(row.code, f"{row.name} · {row.native_name}") for row in languages.BY_CODE.values()]


class TermForm(PageForm):
    text = forms.CharField(label=_("Term"), max_length=glossary.LONGEST_WORD)
    language = forms.ChoiceField(label=_("Language of the term"), choices=LANGUAGES)
    profile = forms.ChoiceField(
        label=_("Applies to"),
        required=False,
        help_text=_("A term for one profile overrides the same term for all projects."),
    )
    description = forms.CharField(label=_("Meaning"), max_length=glossary.LONGEST_NOTE, required=False)
    do_not_translate = forms.BooleanField(label=_("Don't translate this term"), required=False)
    case_sensitive = forms.BooleanField(label=_("Match case"), required=False)

    def __init__(self, *args: object, profiles: list[tuple[str, StrPromise]] | None, **kwargs: object) -> None:
        """`profiles` are offered to a new term; a term that is there keeps its own."""
        super().__init__(*args, **kwargs)
        if profiles is None:
            del self.fields["profile"]
        else:
            self.offer({"profile": profiles})

    def values(self) -> Json:
        return {name: value for name, value in self.cleaned_data.items() if name != "profile"}


class TargetForm(PageForm):
    """How one language says the term."""

    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", "–"), *LANGUAGES])
    text = forms.CharField(label=_("Word"), required=False, max_length=glossary.LONGEST_WORD)
    forms_listed = text_field(_("Other forms"), LONGEST_LIST, rows=2, required=False)
    forbidden = text_field(_("Forbidden words"), LONGEST_LIST, rows=2, required=False)
    note = forms.CharField(label=_("Note for the AI"), required=False, max_length=glossary.LONGEST_NOTE)

    def clean(self) -> Json:
        data: Json = super().clean() or self.cleaned_data
        if any(value for name, value in data.items() if name != "language") and not data.get("language"):
            self.add_error("language", _("Choose the language."))
        return data

    def said(self) -> Json | None:
        """The language's words; None where nothing is said."""
        data = self.cleaned_data
        found = {
            "text": data.get("text", ""),
            "forms": data.get("forms_listed", "").splitlines(),
            "forbidden": data.get("forbidden", "").splitlines(),
            "note": data.get("note", ""),
        }
        return found if any(found.values()) else None


class Targets(ListedLanguages):
    """The languages of a term."""

    def values(self, before: Json) -> Json:
        """What the rules take as `targets`: None for a language of `before` that is no longer here."""
        named = {form.cleaned_data["language"]: form.said() for form in self.forms if form.cleaned_data.get("language")}
        return {**dict.fromkeys(before), **named}

    def refuse(self, error: DomainError) -> bool:
        """Show an error of the rules beside the language that it names. False if it names none of them."""
        faults = [fault for fault in error.extra.get("errors") or () if fault["pointer"].startswith("#/targets/")]
        for fault in faults:
            _hash, _targets, code, *part = fault["pointer"].split("/")
            name = {"forms": "forms_listed"}.get(part[0], part[0]) if part else "language"
            for form in self.forms:
                if form.cleaned_data.get("language") == code:
                    form.add_error(name, messages.render(fault["detail"]))
                    form.describe()
        return bool(faults)


TARGETS = cast(
    "type[Targets]",
    forms.formset_factory(
        TargetForm, formset=Targets, extra=BLANK, max_num=len(LANGUAGES) + BLANK, absolute_max=len(LANGUAGES) + BLANK
    ),
)


class ImportForm(PageForm):
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("CSV with one column for the term and one per language. Files from Tolgee and Crowdin also work."),
    )
    language = forms.ChoiceField(
        label=_("Language of the terms"),
        choices=LANGUAGES,
        initial="en",
        help_text=_("Used if no column names the language."),
    )
    profile = forms.ChoiceField(label=_("Applies to"), required=False)

    def __init__(self, *args: object, profiles: list[tuple[str, StrPromise]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.offer({"profile": profiles})


def languages_of_term(targets: Json) -> Iterator[Json]:
    """The languages of a term in the order of their codes, as the form and the table show them."""
    for code, said in sorted(targets.items()):
        yield {
            "language": code,
            "text": said.get("text", ""),
            "forms_listed": "\n".join(said.get("forms") or ()),
            "forbidden": "\n".join(said.get("forbidden") or ()),
            "note": said.get("note", ""),
        }


class GlossaryBase(AccountPage):
    tab = "glossary"

    def profiles(self) -> list[tuple[str, StrPromise]]:
        rows = ContentProfile.objects.visible_to(self.user).order_by("name")[:MOST_PROFILES]
        return [("", _("all projects")), *((str(row.pk), row.name) for row in rows)]

    def profile(self, pk: str) -> ContentProfile | None:
        return self.row(ContentProfile.objects.all(), pk) if pk else None

    def wanted(self) -> dict[str, str]:
        """What the address asks for."""
        found = {name: self.request.GET.get(name, "").strip()[:200] for name in ("q", "language", "profile")}
        return found if found["language"] in languages.BY_CODE else {**found, "language": ""}

    def chosen(self, wanted: dict[str, str]) -> OrganizationQuerySet[GlossaryTerm]:
        rows = GlossaryTerm.objects.visible_to(self.user).select_related("profile")
        profile = self.profile(wanted["profile"])
        return glossary.filter_terms(rows, profile=profile, language=wanted["language"], search=wanted["q"])


class GlossaryPage(GlossaryBase):
    """The terms, a page at a time."""

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted, named = self.wanted(), request.GET.get("page", "")
        page = form_values.whole(named, 999) or 1
        rows = list(self.chosen(wanted)[(page - 1) * PAGE : page * PAGE + 1])
        return self.show_account(
            "glossary",
            rows=[{"term": row, "said": list(languages_of_term(row.targets))} for row in rows[:PAGE]],
            wanted=wanted,
            narrow=any(wanted.values()),
            query=urlencode({name: value for name, value in wanted.items() if value}),
            before=page - 1,
            after=page + 1 if len(rows) > PAGE else 0,
            languages=LANGUAGES,
            profiles=self.profiles(),
        )


class GlossaryDownload(GlossaryBase):
    """The terms that the page shows, as a CSV that the import reads."""

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        rows = self.chosen(self.wanted())
        return files.attachment(glossary_csv.export_lines(rows), "glossary.csv")


class GlossaryImportPage(GlossaryBase):
    who = MEMBERS
    support = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_account("glossary_import", form=ImportForm(profiles=self.profiles()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST, request.FILES, profiles=self.profiles())
        if not form.is_valid():
            return self.show_account("glossary_import", status=422, form=form)
        asked = form.cleaned_data
        try:
            done = glossary_csv.import_csv(
                organization=self.user.organization,
                profile=self.profile(asked["profile"]),
                file=asked["file"].file,
                language=asked["language"],
            )
        except DomainError as error:
            form.refuse(error)
            return self.show_account("glossary_import", status=422, form=form)
        fresh = ImportForm(profiles=self.profiles())
        return self.show_account("glossary_import", form=fresh, done=done, refused=done.refused[:MOST_REFUSED])


class NewTermPage(GlossaryBase):
    who = MEMBERS
    support = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(TermForm(profiles=self.profiles()), TARGETS(prefix="said"))

    def page(self, form: TermForm, targets: Targets, status: int = 200, **context: object) -> HttpResponse:
        return self.show_account("glossary_term", status=status, form=form, targets=targets, **context)

    def saved(self, term: GlossaryTerm) -> HttpResponse:
        """The table; or the term's own page, where the texts that its change concerns are checked."""
        if changed_terms.checks_of(term, self.user):
            return go("term", term.pk, said="saved")
        return go("glossary", said="saved")

    def post(self, request: HttpRequest) -> HttpResponse:
        form, targets = TermForm(request.POST, profiles=self.profiles()), TARGETS(request.POST, prefix="said")
        if form.is_valid() and targets.is_valid():
            try:
                term = changed_terms.create(
                    profile=self.profile(form.cleaned_data["profile"]),
                    values={**form.values(), "targets": targets.values({})},
                    by=self.user,
                )
                return self.saved(term)
            except (InvalidInput, Conflict) as error:
                if not targets.refuse(error):
                    form.refuse(error)
        return self.page(form, targets, status=422)


class TermPage(NewTermPage):
    """A term to edit. A change that comes after somebody else's is shown beside it, and overwrites nothing."""

    def term(self) -> GlossaryTerm:
        return self.row(GlossaryTerm.objects.select_related("profile"), self.kwargs["term_id"])

    def get(self, request: HttpRequest, term_id: str) -> HttpResponse:  # type: ignore[override]
        term = self.term()
        names = ("text", "language", "description", "do_not_translate", "case_sensitive")
        form = TermForm(initial={name: getattr(term, name) for name in names}, profiles=None)
        targets = TARGETS(initial=list(languages_of_term(term.targets)), prefix="said")
        checks = changed_terms.checks_of(term, self.user)
        return self.page(form, targets, term=term, checks=checks, checking=any(not job.ended for job in checks))

    def post(self, request: HttpRequest, term_id: str) -> HttpResponse:  # type: ignore[override]
        term, accepted = self.term(), self.version() or frozenset()
        form, targets = TermForm(request.POST, profiles=None), TARGETS(request.POST, prefix="said")
        if form.is_valid() and targets.is_valid():
            values = {**form.values(), "targets": targets.values(term.targets)}
            try:
                return self.saved(changed_terms.update(term=term, values=values, by=self.user, accepted=accepted))
            except VersionConflict:
                term = self.term()
                return self.page(form, targets, status=412, term=term, standing=list(languages_of_term(term.targets)))
            except (InvalidInput, Conflict) as error:
                if not targets.refuse(error):
                    form.refuse(error)
        return self.page(form, targets, status=422, term=term)


class TermDeletion(GlossaryBase):
    def post(self, request: HttpRequest, term_id: str) -> HttpResponse:
        glossary.delete(term=self.row(GlossaryTerm.objects.all(), term_id))
        return go("glossary", said="term-deleted")
