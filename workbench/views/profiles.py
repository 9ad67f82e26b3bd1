"""Content profiles: how texts are written, kept under a name. What a profile leaves open comes from the levels below it."""

from typing import cast

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import tones
from accounts.models import Organization
from integrations.ai import registry
from projects import profiles
from projects.models import ContentProfile
from scribe.api.access import MEMBERS
from scribe.errors import DomainError, VersionConflict
from scribe.rows import claim_version
from scribe.types import Json
from workbench.forms import ListedLanguages, PageForm, text
from workbench.labels import FLAGS
from workbench.pages import go
from workbench.views.account import AccountPage
from workbench.views.glossary import LANGUAGES
from writing.fields import OFFERED
from writing.language_settings import MOST_INSTRUCTIONS, MOST_LANGUAGES
from writing.settings import BOUNDS
from writing.verifier import choice

MOST_LISTED = 200
OPEN = ("", _("Not set"))
#: The form's settings that stay open when they are empty.
PLAIN = (
    "language",
    "tone",
    "benefits",
    "ai_provider",
    "custom_instructions",
    "max_short_chars",
    "max_long_chars",
    "grounding",
)


class ProfileForm(PageForm):
    name = forms.CharField(label=_("Name"), max_length=255)
    language = forms.ChoiceField(label=_("Language"), required=False)
    tone = forms.ChoiceField(label=_("Tone of voice"), required=False)
    ai_provider = forms.ChoiceField(label=_("AI model"), required=False)
    grounding = forms.ChoiceField(
        label=_("Fact check"),
        required=False,
        choices=[
            OPEN,
            (choice.TABLES, _("Basic check")),
            (choice.READ, _("Basic check and a second AI model (costs extra XCT)")),
            (choice.STRICT, _("Same, and flag texts that the second model could not check")),
        ],
    )
    benefits = forms.ChoiceField(
        label=_("Benefits"),
        required=False,
        choices=[
            OPEN,
            ("usual", _("Usual: also benefits that follow from a fact")),
            ("cautious", _("Cautious: only what the product data states")),
        ],
    )
    max_short_chars = forms.IntegerField(
        label=_("Maximum characters in short description"),
        required=False,
        min_value=BOUNDS["max_short_chars"][0],
        max_value=BOUNDS["max_short_chars"][1],
    )
    max_long_chars = forms.IntegerField(
        label=_("Maximum characters in description"),
        required=False,
        min_value=BOUNDS["max_long_chars"][0],
        max_value=BOUNDS["max_long_chars"][1],
    )
    custom_instructions = text(
        _("Instructions"),
        8000,
        rows=4,
        required=False,
        help_text=_("We treat what you write here as fact: texts may repeat it."),
    )
    decides_fields = forms.BooleanField(label=_("This profile sets which fields are generated"), required=False)
    fields_wanted = forms.MultipleChoiceField(
        label=_("Fields"),
        required=False,
        choices=[(name, FLAGS[name]) for name in OFFERED],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: object, organization: Organization, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        found = {
            "language": LANGUAGES,
            "tone": [(tone.id, tone.name) for tone in tones.available_tones(organization)],
            "ai_provider": [(row.id, row.name) for row in registry.PROVIDERS.values()],
        }
        self.offer({name: [OPEN, *choices] for name, choices in found.items()})

    def settings(self) -> Json:
        """What the form sets; None leaves a setting open."""
        data = self.cleaned_data
        flags = {name: (name in data["fields_wanted"]) if data["decides_fields"] else None for name in OFFERED}
        return {**{name: data[name] or None for name in PLAIN}, **flags}


class LanguageForm(PageForm):
    """What a profile says of one language."""

    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", "–"), *LANGUAGES])
    formality = forms.ChoiceField(
        label=_("Form of address"),
        required=False,
        choices=[OPEN, ("formal", _("Formal (“Sie”, “vous”)")), ("informal", _("Informal (“du”, “tu”)"))],
    )
    instructions = text(_("Instructions for this language"), MOST_INSTRUCTIONS, rows=2, required=False)

    def clean(self) -> Json:
        data: Json = super().clean() or self.cleaned_data
        if (data.get("formality") or data.get("instructions")) and not data.get("language"):
            self.add_error("language", _("Choose the language."))
        return data


class LanguageForms(ListedLanguages):
    def settings(self) -> Json:
        """What they set. A form that was sent without them leaves those that stand."""
        if not self.is_bound:
            return {}
        said = [dict(form.cleaned_data) for form in self.forms if form.cleaned_data.get("language")]
        found = {one.pop("language"): {key: value for key, value in one.items() if value} for one in said}
        return {"language_settings": found or None}


SPOKEN = cast(
    "type[LanguageForms]",
    forms.formset_factory(
        LanguageForm, formset=LanguageForms, extra=1, max_num=MOST_LANGUAGES, absolute_max=MOST_LANGUAGES
    ),
)


def language_forms(request: HttpRequest, profile: ContentProfile | None = None) -> LanguageForms:
    """Those that were sent, or those of the profile."""
    sent = request.POST if "spoken-TOTAL_FORMS" in request.POST else None
    standing = (profile.settings.get("language_settings") or {}) if profile else {}
    rows = [{"language": code, **said} for code, said in sorted(standing.items())]
    return SPOKEN(sent, prefix="spoken", initial=rows)


def are_valid(form: ProfileForm, spoken: LanguageForms) -> bool:
    return form.is_valid() and (not spoken.is_bound or spoken.is_valid())


def initial(profile: ContentProfile, organization: Organization) -> Json:
    shown = profiles.resolved_settings(profile, organization)
    return {
        "name": profile.name,
        **{name: profile.settings.get(name, "") for name in PLAIN},
        "grounding": choice.NAMES.get(profile.settings.get("grounding", ""), ""),
        "decides_fields": any(name in profile.settings for name in OFFERED),
        "fields_wanted": [name for name in OFFERED if shown[name]],
    }


class ProfilesPage(AccountPage):
    tab = "profiles"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = ContentProfile.objects.visible_to(self.user).order_by("-is_default", "name")
        return self.show_account("profiles", profiles=rows[:MOST_LISTED])


class NewProfilePage(AccountPage):
    who = MEMBERS
    tab = "profiles"
    support = True

    def get(self, request: HttpRequest) -> HttpResponse:
        form = ProfileForm(organization=self.user.organization)
        return self.show_account("profile", form=form, spoken=language_forms(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        organization = self.user.organization
        form, spoken = ProfileForm(request.POST, organization=organization), language_forms(request)
        if are_valid(form, spoken):
            settings = {**form.settings(), **spoken.settings()}
            with form.refusals():
                profiles.create(organization=organization, name=form.cleaned_data["name"], settings=settings)
                return go("profiles", said="saved")
        return self.show_account("profile", status=422, form=form, spoken=spoken)


class ProfilePage(AccountPage):
    """A profile to edit. A change that comes after somebody else's is shown beside it, and overwrites nothing."""

    who = MEMBERS
    tab = "profiles"
    support = True

    def profile(self) -> ContentProfile:
        return self.row(ContentProfile.objects.select_related("organization"), self.kwargs["profile_id"])

    def get(self, request: HttpRequest, profile_id: str) -> HttpResponse:
        profile, organization = self.profile(), self.user.organization
        form = ProfileForm(initial=initial(profile, organization), organization=organization)
        return self.show_account("profile", form=form, spoken=language_forms(request, profile), profile=profile)

    def post(self, request: HttpRequest, profile_id: str) -> HttpResponse:
        profile = self.profile()
        form, spoken = ProfileForm(request.POST, organization=self.user.organization), language_forms(request, profile)
        if not are_valid(form, spoken):
            return self.show_account("profile", status=422, form=form, spoken=spoken, profile=profile)
        settings = {**form.settings(), **spoken.settings()}
        try:
            with transaction.atomic():
                claim_version(profile, self.version() or frozenset())
                profiles.update(profile=profile, name=form.cleaned_data["name"], settings=settings)
        except VersionConflict:
            profile = self.profile()
            standing = initial(profile, self.user.organization)
            return self.show_account(
                "profile", status=412, form=form, spoken=spoken, profile=profile, standing=standing
            )
        except DomainError as error:
            form.refuse(error)
            return self.show_account("profile", status=422, form=form, spoken=spoken, profile=profile)
        return go("profiles", said="saved")


class ProfileDefault(ProfilePage):
    """New projects get this profile."""

    def post(self, request: HttpRequest, profile_id: str) -> HttpResponse:
        profiles.set_default(profile=self.profile())
        return go("profiles", said="saved")


class ProfileDeletion(ProfilePage):
    """Projects that used it go on without."""

    support = False

    def post(self, request: HttpRequest, profile_id: str) -> HttpResponse:
        profiles.delete(profile=self.profile())
        return go("profiles", said="profile-deleted")
