"""The form to have items written: which, how, and at what price, shown before anything is spent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _

from accounts import tones
from integrations.ai import registry
from projects import languages as project_languages
from projects import summaries, writing_settings
from projects.generation import job as generation
from projects.models import ContentItem, ContentProfile, Project
from scribe.errors import DomainError
from scribe.models import Job
from workbench import details
from workbench.forms import PageForm
from workbench.labels import FLAGS
from workbench.pages import go
from workbench.views.projects import ProjectPage
from writing import languages
from writing.fields import SETTINGS
from writing.settings import WritingSettings

NAMED = "named"
SELECTIONS = (
    (generation.PENDING, _("What is still to write")),
    (generation.STALE, _("What is outdated")),
    (generation.REJECTED, _("What was rejected, anew")),
    (generation.ALL, _("Everything, anew")),
    (NAMED, _("The items that you marked")),
)
MOST_MARKED = 500


class WritingForm(PageForm):
    """How to write. Settings that the form doesn't ask for come from the profile, the project and the organization."""

    selection = forms.ChoiceField(label=_("What to write"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language"))
    further = forms.MultipleChoiceField(
        label=_("Further languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "The approved texts are translated into those that you tick. The items' own texts stay as they are."
        ),
    )
    replace_existing = forms.BooleanField(
        label=_(
            "Also what the shop has translated already. Those translations stay there until you choose between the two."
        ),
        required=False,
    )
    tone = forms.ChoiceField(label=_("Tone"))
    content_variant = forms.ChoiceField(label=_("Length"), choices=[("short", _("Short")), ("long", _("Long"))])
    ai_provider = forms.ChoiceField(label=_("Who writes"), required=False)
    fields_wanted = forms.MultipleChoiceField(
        label=_("Fields"), required=False, choices=[(name, FLAGS[name]) for name in SETTINGS],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    custom_instructions = forms.CharField(
        label=_("Instructions"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you say here counts as true: a text may repeat it."),
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField | forms.MultipleChoiceField)
            field.choices = found

    def wishes(self) -> dict[str, Any]:
        """The settings that the form names, in the form that a generation takes."""
        data = self.cleaned_data
        flags = {name: name in data["fields_wanted"] for name in SETTINGS}
        plain = {key: data[key] for key in ("language", "tone", "content_variant", "custom_instructions")}
        further = {"languages": data["further"]} if data["further"] else {}
        further |= {"replace_existing": True} if further and data["replace_existing"] else {}
        return {**plain, **flags, **further} | ({"ai_provider": data["ai_provider"]} if data["ai_provider"] else {})


Choices = Mapping[str, list[tuple[str, Any]]]


class WishesPage(ProjectPage):
    """What the form and its quote have in common: the profile, and the items that were marked."""

    support = True

    def form(self, project: Project, marked: list[str], **more: Any) -> WritingForm:
        return WritingForm(choices=choices(project, marked), **more)

    def profiles(self) -> list[ContentProfile]:
        return list(ContentProfile.objects.visible_to(self.user).order_by("name")[:200])

    def profile(self, profiles: list[ContentProfile], pk: str) -> ContentProfile | None:
        """The profile that the reader chose, or None to use the project's own."""
        return next((profile for profile in profiles if str(profile.pk) == pk), None)

    def request_of(self, form: WritingForm, chosen: ContentProfile | None) -> dict[str, Any]:
        return {**(chosen.settings if chosen else {}), **form.wishes()}

    def marked_ids(self, project: Project, marked: list[str]) -> list[Any]:
        return [item.pk for item in self.rows(ContentItem.objects.filter(project=project).only("pk"), list(marked))]


class WritingPage(WishesPage):
    """The form, with initial values from the project and the chosen profile."""

    def get(self, request: Any, project_id: str) -> HttpResponse:
        project = self.project()
        profiles = self.profiles()
        chosen = self.profile(profiles, request.GET.get("profile", ""))
        marked = marked_in(request.GET)
        form = self.form(project, marked, initial=initial(project, chosen, marked))
        return self.page(project, form, profiles, chosen, marked)

    def post(self, request: Any, project_id: str) -> HttpResponse:
        """Start the work. Its quoted maximum is held first, and the bill never exceeds it."""
        project, marked = self.project(), marked_in(request.POST)
        profiles = self.profiles()
        chosen = self.profile(profiles, request.POST.get("profile", ""))
        form = self.form(project, marked, data=request.POST)
        if not form.is_valid():
            return self.page(project, form, profiles, chosen, marked, status=422)
        selection = form.cleaned_data["selection"]
        anew = selection in (generation.ALL, generation.REJECTED)
        try:
            job = generation.start(
                project=project,
                by=self.user,
                request=self.request_of(form, chosen),
                selection=generation.ALL if selection == NAMED else selection,
                item_ids=self.marked_ids(project, marked) if selection == NAMED else None,
                job_type=Job.Type.REGENERATION if anew else Job.Type.GENERATION,
                reset=anew,
            )
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
        shown = {"form": form, "profiles": profiles, "chosen": chosen, "marked": marked, "counts": counts}
        return self.show_project("write", project=project, tab="write", status=status, **shown)


class QuotePart(WishesPage):
    """The price of what the form asks for. Saves nothing."""

    saves = False

    def post(self, request: Any, project_id: str) -> HttpResponse:
        project, marked = self.project(), marked_in(request.POST)
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
            return self.show("parts/quote", problems=[details.of(error)])
        wallet = self.user.organization.wallet
        return self.show("parts/quote", quote=quote, short=wallet.available < Decimal(quote["xct_max"]))


def marked_in(form: QueryDict) -> list[str]:
    """The ids of the items that were marked in the list."""
    return list(dict.fromkeys(form.getlist("item")))[:MOST_MARKED]


def choices(project: Project, marked: list[str]) -> Choices:
    organization = project.organization
    own = set(organization.own_keys.values_list("provider", flat=True)) if organization.byok_enabled else set()
    providers = [row for row in registry.PROVIDERS.values() if registry.is_configured(row.id) or row.id in own]
    named = [(row.code, f"{row.name} · {row.native_name}") for row in languages.LANGUAGES]
    further, main = project_languages.of(project), project_languages.main(project)
    offered = [row for row in named if row[0] != main]  # the project's own first
    return {
        "selection": [row for row in SELECTIONS if row[0] != NAMED or marked],
        "language": named,
        "further": sorted(offered, key=lambda row: row[0] not in further),
        "tone": [(tone.id, tone.name) for tone in tones.of(organization)],
        "ai_provider": [("", _("As the settings say")), *((row.id, row.name) for row in providers)],
    }


def initial(project: Project, chosen: ContentProfile | None, marked: list[str]) -> dict[str, Any]:
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
