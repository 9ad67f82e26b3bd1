"""The translation memory's page: TMX out and in, and what came in deleted again."""

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from projects import memory_files
from projects.memory_files import LanguagePair
from scribe.api import files
from scribe.errors import DomainError
from workbench.forms import PageForm
from workbench.pages import go
from workbench.views.account import AccountPage
from workbench.views.glossary import LANGUAGES, MOST_REFUSED
from writing.translation.files import tmx


class PairForm(PageForm):
    source_language = forms.ChoiceField(label=_("Source language"), choices=LANGUAGES)
    language = forms.ChoiceField(label=_("Target language"), choices=LANGUAGES, initial="de")


class FileForm(PairForm):
    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"accept": ".tmx"}))


class PairPage(AccountPage):
    tab = "glossary"

    def between(self, form: PairForm) -> LanguagePair:
        asked = form.cleaned_data
        return LanguagePair(
            self.user.organization_id,
            asked["source_language"],
            asked["language"],
            project_limits=self.user.project_limits,
        )

    def page(self, form: FileForm, status: int = 200, **context: object) -> HttpResponse:
        pairs = {name: PairForm(auto_id=f"{name}_%s") for name in ("out", "gone")}
        return self.show_account("memory", status=status, form=form, **pairs, **context)


class MemoryPage(PairPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(FileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, 422)
        file = form.cleaned_data["file"]
        try:
            done = memory_files.load(
                organization=self.user.organization,
                file=file.file,
                name=file.name or "memory.tmx",
                to=self.between(form),
                by=self.user,
            )
        except DomainError as error:
            form.refuse(error)
            return self.page(form, 422)
        return self.page(FileForm(), done=done, refused=done["refused"][:MOST_REFUSED])


class MemoryDownload(PairPage):
    def get(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        form = PairForm(request.GET)
        if not form.is_valid():
            return go("memory")
        asked = self.between(form)
        name = f"memory-{asked.source}-{asked.language}.{tmx.EXTENSION}"
        return files.attachment(memory_files.export_file(asked), name, f"{tmx.MEDIA_TYPE}; charset=utf-8")


class MemoryDeletionPage(PairPage):
    def post(self, request: HttpRequest) -> HttpResponse:
        form = PairForm(request.POST)
        if form.is_valid():
            memory_files.erase(self.between(form))
        return go("memory", said="memory-deleted" if form.is_valid() else "")
