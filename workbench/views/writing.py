"""The form to have items written: which, how, and at what price, shown before anything is spent."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django import forms
from django.db import transaction
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import tones
from integrations.ai import registry
from projects import languages as project_languages
from projects import summaries, writing_settings
from projects.generation import job as generation
from projects.models import ContentItem, ContentProfile, Project
from scribe.api.access import MEMBERS
from scribe.errors import DomainError, InvalidInput
from scribe.models import Job
from scribe.types import Json, StrPromise
from workbench import queue
from workbench.forms import PageForm, text
from workbench.labels import FLAGS
from workbench.pages import go
from workbench.views.projects import ProjectPage
from writing import languages
from writing.fields import SETTINGS
from writing.settings import WritingSettings

NAMED = "named"
SELECTIONS = (
    (generation.PENDING, _("Items without texts")),
    (generation.STALE, _("Outdated texts")),
    (generation.REJECTED, _("Rejected texts")),
    (generation.ALL, _("All items (replaces existing texts)")),
    (NAMED, _("Selected items")),
)
MOST_MARKED = 500


class WritingForm(PageForm):
    """How to write. Settings that the form doesn't ask for come from the profile, the project and the organization."""

    selection = forms.ChoiceField(label=_("Items"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language"))
    further = forms.MultipleChoiceField(
        label=_("Additional languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Texts in the languages you tick are translated from the approved texts. The built-in text generator can't "
            "translate: it writes them from the product data. The original texts do not change."
        ),
    )
    replace_existing = forms.BooleanField(
        label=_(
            "Also texts that already have a translation in the store. The store keeps its own until you "
            "choose between the two."
        ),
        required=False,
    )
    tone = forms.ChoiceField(label=_("Tone of voice"))
    content_variant = forms.ChoiceField(label=_("Length"), choices=[("short", _("Short")), ("long", _("Long"))])
    ai_provider = forms.ChoiceField(label=_("AI model"), required=False)
    fields_wanted = forms.MultipleChoiceField(
        label=_("Fields"), required=False, choices=[(name, FLAGS[name]) for name in SETTINGS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Where existing texts are replaced, fields that are not ticked have no text afterwards. "
            "The earlier versions keep it."
        ),
    )  # fmt: skip
    custom_instructions = text(
        _("Instructions"),
        8000,
        rows=3,
        required=False,
        help_text=_("We treat what you write here as fact: texts may repeat it."),
    )

    def __init__(self, *args: object, choices: "Choices", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.offer(choices)

    def wishes(self) -> Json:
        """The settings that the form names, in the form that a generation takes."""
        data = self.cleaned_data
        flags = {name: name in data["fields_wanted"] for name in SETTINGS}
        plain = {key: data[key] for key in ("language", "tone", "content_variant", "custom_instructions")}
        further = {"languages": data["further"]} if data["further"] else {}
        further |= {"replace_existing": True} if further and data["replace_existing"] else {}
        return {**plain, **flags, **further} | ({"ai_provider": data["ai_provider"]} if data["ai_provider"] else {})


Choices = Mapping[str, Sequence[tuple[str, StrPromise]]]


class WritingFormPage(ProjectPage):
    """What the form and its quote have in common: the profile, and the items that were marked."""

    who = MEMBERS
    support = True

    def form(self, project: Project, marked: list[str], **more: object) -> WritingForm:
        return WritingForm(choices=choices(project, marked), **more)

    def profiles(self) -> list[ContentProfile]:
        return list(ContentProfile.objects.visible_to(self.user).order_by("name")[:200])

    def profile(self, profiles: list[ContentProfile], pk: str) -> ContentProfile | None:
        """The profile that the reader chose, or None to use the project's own."""
        return next((profile for profile in profiles if str(profile.pk) == pk), None)

    def request_of(self, form: WritingForm, chosen: ContentProfile | None) -> Json:
        return {**(chosen.settings if chosen else {}), **form.wishes()}

    def marked(self, project: Project, form: QueryDict) -> list[str]:
        """The ids of the items that the form names, or that its filter finds by their texts."""
        if not form.get(queue.FOUND):
            return marked_in(form)
        asked = {**form.dict(), "language": form.get(queue.TEXTS_IN, "")}
        rows = queue.selected_items(asked, project).rows(project)
        return [str(pk) for pk in rows.values_list(Coalesce("main_id", "pk"), flat=True)]

    def marked_ids(self, project: Project, marked: list[str]) -> list[UUID]:
        return [item.pk for item in self.rows(ContentItem.objects.filter(project=project).only("pk"), list(marked))]


class WritingPage(WritingFormPage):
    """The form, with initial values from the project and the chosen profile."""

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        profiles = self.profiles()
        chosen = self.profile(profiles, request.GET.get("profile", ""))
        marked = self.marked(project, request.GET)
        further = request.GET.getlist("further") or [*filter(None, [request.GET.get(queue.TEXTS_IN)])]
        plain = {name: request.GET.get(name, "") for name in ("selection", "replace_existing")}
        asked = {**plain, "further": further}
        asked = {name: value for name, value in asked.items() if value}
        form = self.form(project, marked, initial={**initial(project, chosen, marked), **asked})
        return self.page(project, form, profiles, chosen, marked)

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        """Start the work. Its quoted maximum is held first, and the bill never exceeds it."""
        project = self.project()
        marked = self.marked(project, request.POST)
        profiles = self.profiles()
        chosen = self.profile(profiles, request.POST.get("profile", ""))
        form = self.form(project, marked, data=request.POST)
        if not form.is_valid():
            return self.page(project, form, profiles, chosen, marked, status=422)
        selection = form.cleaned_data["selection"]
        anew = selection in (generation.ALL, generation.REJECTED)
        try:
            with transaction.atomic():
                job = generation.start(
                    project=project,
                    by=self.user,
                    request=self.request_of(form, chosen),
                    selection=generation.ALL if selection == NAMED else selection,
                    item_ids=self.marked_ids(project, marked) if selection == NAMED else None,
                    job_type=Job.Type.REGENERATION if anew else Job.Type.GENERATION,
                    reset=anew,
                )
                if not job.progress_total:
                    raise InvalidInput.at("#/selection", gettext("Nothing to generate."))
        except DomainError as error:
            if error.status != 400:
                raise
            form.refuse(error)
            return self.page(project, form, profiles, chosen, marked, status=422)
        return go("job", project.pk, job.pk)

    def page(
        self,
        project: Project,
        form: WritingForm,
        profiles: list[ContentProfile],
        chosen: ContentProfile | None,
        marked: list[str],
        status: int = 200,
    ) -> HttpResponse:
        counts = summaries.counts([project.pk])[project.pk]
        shown: Json = {"form": form, "profiles": profiles, "chosen": chosen, "marked": marked}
        shown["counts"] = counts
        form_sent = self.request.POST or self.request.GET
        names = {queue.FOUND, queue.WAITING, queue.TEXTS_IN, *queue.Wanted().named()} - {"language"}
        filtered = [(name, form_sent[name]) for name in sorted(names) if form_sent.get(name)]
        shown["asked"] = filtered if form_sent.get(queue.FOUND) else [("item", pk) for pk in marked]
        return self.show_project("write", project=project, tab="write", status=status, **shown)


class QuotePart(WritingFormPage):
    """The price of what the form asks for. Saves nothing."""

    saves = False

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        marked = self.marked(project, request.POST)
        form = self.form(project, marked, data=request.POST)
        if not form.is_valid():
            return self.show("parts/quote", problems=[text for found in form.errors.values() for text in found])
        chosen = self.profile(self.profiles(), request.POST.get("profile", ""))
        selection = form.cleaned_data["selection"]
        try:
            quote = generation.estimate(
                project=project,
                request=self.request_of(form, chosen),
                selection=generation.ALL if selection == NAMED else selection,
                item_ids=self.marked_ids(project, marked) if selection == NAMED else None,
            )
        except DomainError as error:
            if error.status != 400:
                raise
            return self.show("parts/quote", problems=[error.render()])
        wallet = self.user.organization.wallet
        short, further = wallet.available < Decimal(quote["xct_max"]), bool(form.cleaned_data["further"])
        said = sum(n for one in quote["per_language"] for n in one["left_out"].values())
        return self.show("parts/quote", quote=quote, short=short, further=further, unsaid=quote["skipped"] - said)


def marked_in(form: QueryDict) -> list[str]:
    """The ids of the items that were marked in the list."""
    return list(dict.fromkeys(form.getlist("item")))[:MOST_MARKED]


def choices(project: Project, marked: list[str]) -> Choices:
    organization = project.organization
    own = set(organization.own_keys.values_list("provider", flat=True)) if organization.byok_enabled else set()
    providers = [row for row in registry.PROVIDERS.values() if registry.is_configured(row.id) or row.id in own]
    named = [(row.code, f"{row.name} · {row.native_name}") for row in languages.BY_CODE.values()]
    further, main = project_languages.languages_to_write(project), project_languages.main(project)
    offered = [row for row in named if row[0] != main]  # the project's own first
    return {
        "selection": [row for row in SELECTIONS if row[0] != NAMED or marked],
        "language": named,
        "further": sorted(offered, key=lambda row: row[0] not in further),
        "tone": [(tone.id, tone.name) for tone in tones.available_tones(organization)],
        "ai_provider": [("", _("Default model")), *((row.id, row.name) for row in providers)],
    }


def initial(project: Project, chosen: ContentProfile | None, marked: list[str]) -> Json:
    """Initial values of the form, as the settings resolve for this project, or with another profile."""
    if chosen is not None:
        project.content_profile = chosen
    found: WritingSettings = writing_settings.for_checking(project)
    return {
        "selection": NAMED if marked else generation.PENDING,
        "language": found.language,
        "tone": found.tone,
        "content_variant": found.content_variant,
        "ai_provider": "",
        "custom_instructions": found.custom_instructions,
        "fields_wanted": [name for name in SETTINGS if getattr(found, name)],
    }
