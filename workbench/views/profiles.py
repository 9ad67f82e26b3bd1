"""Content profiles: how texts are written, kept under a name. What a profile leaves open comes from the levels below it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import tones
from accounts.models import Organization
from integrations.ai import registry
from projects import profiles
from projects.models import ContentProfile
from scribe.errors import DomainError, VersionConflict
from scribe.rows import claim_version
from workbench.forms import PageForm
from workbench.labels import FLAGS
from workbench.pages import go
from workbench.views.account import AccountPage
from writing import languages
from writing.fields import OFFERED
from writing.settings import BOUNDS
from writing.verifier import choice

MOST_LISTED = 200
OPEN = ("", _("Leave it open"))
#: The form's settings that stay open when they are empty.
PLAIN = ("language", "tone", "ai_provider", "custom_instructions", "max_short_chars", "max_long_chars", "grounding")


class ProfileForm(PageForm):
    name = forms.CharField(label=_("Name"), max_length=255)
    language = forms.ChoiceField(label=_("Language"), required=False)
    tone = forms.ChoiceField(label=_("Tone"), required=False)
    ai_provider = forms.ChoiceField(label=_("Who writes"), required=False)
    grounding = forms.ChoiceField(
        label=_("Check against the source"),
        required=False,
        choices=[
            OPEN,
            (choice.STANDARD, _("By our tables")),
            (choice.STRICT, _("By our tables and a second model, which costs XCT")),
        ],
    )
    max_short_chars = forms.IntegerField(
        label=_("Most characters of the short description"),
        required=False,
        min_value=BOUNDS["max_short_chars"][0],
        max_value=BOUNDS["max_short_chars"][1],
    )
    max_long_chars = forms.IntegerField(
        label=_("Most characters of the description"),
        required=False,
        min_value=BOUNDS["max_long_chars"][0],
        max_value=BOUNDS["max_long_chars"][1],
    )
    custom_instructions = forms.CharField(
        label=_("Instructions"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you say here counts as true: a text may repeat it."),
    )
    decides_fields = forms.BooleanField(label=_("This profile decides which fields are written"), required=False)
    fields_wanted = forms.MultipleChoiceField(
        label=_("Fields"),
        required=False,
        choices=[(name, FLAGS[name]) for name in OFFERED],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = {
            "language": [(row.code, f"{row.name} · {row.native_name}") for row in languages.LANGUAGES],
            "tone": [(tone.id, tone.name) for tone in tones.of(organization)],
            "ai_provider": [(row.id, row.name) for row in registry.PROVIDERS.values()],
        }
        for name, choices in found.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [OPEN, *choices]

    def settings(self) -> dict[str, Any]:
        """What the form sets; None leaves a setting open."""
        data = self.cleaned_data
        flags = {name: (name in data["fields_wanted"]) if data["decides_fields"] else None for name in OFFERED}
        return {**{name: data[name] or None for name in PLAIN}, **flags}


def initial(profile: ContentProfile, organization: Organization) -> dict[str, Any]:
    shown = profiles.shown(profile, organization)
    return {
        "name": profile.name,
        **{name: profile.settings.get(name, "") for name in PLAIN},
        "decides_fields": any(name in profile.settings for name in OFFERED),
        "fields_wanted": [name for name in OFFERED if shown[name]],
    }


class ProfilesPage(AccountPage):
    tab = "profiles"

    def get(self, request: Any) -> HttpResponse:
        rows = ContentProfile.objects.visible_to(self.user).order_by("-is_default", "name")
        return self.show_account("profiles", profiles=rows[:MOST_LISTED])


class NewProfilePage(AccountPage):
    tab = "profiles"
    support = True

    def get(self, request: Any) -> HttpResponse:
        return self.show_account("profile", form=ProfileForm(organization=self.user.organization))

    def post(self, request: Any) -> HttpResponse:
        organization = self.user.organization
        form = ProfileForm(request.POST, organization=organization)
        if form.is_valid():
            name = form.cleaned_data["name"]
            try:
                profiles.create(organization=organization, name=name, settings=form.settings())
                return go("profiles", said="saved")
            except DomainError as error:
                form.refuse(error)
        return self.show_account("profile", status=422, form=form)


class ProfilePage(AccountPage):
    """A profile to edit. A change that comes after somebody else's is shown beside it, and overwrites nothing."""

    tab = "profiles"
    support = True

    def profile(self) -> ContentProfile:
        return self.row(ContentProfile.objects.select_related("organization"), self.kwargs["profile_id"])

    def get(self, request: Any, profile_id: str) -> HttpResponse:
        profile, organization = self.profile(), self.user.organization
        form = ProfileForm(initial=initial(profile, organization), organization=organization)
        return self.show_account("profile", form=form, profile=profile)

    def post(self, request: Any, profile_id: str) -> HttpResponse:
        profile = self.profile()
        form = ProfileForm(request.POST, organization=self.user.organization)
        if not form.is_valid():
            return self.show_account("profile", status=422, form=form, profile=profile)
        try:
            with transaction.atomic():
                claim_version(profile, self.version() or frozenset())
                profiles.update(profile=profile, name=form.cleaned_data["name"], settings=form.settings())
        except VersionConflict:
            profile = self.profile()
            standing = initial(profile, self.user.organization)
            return self.show_account("profile", status=412, form=form, profile=profile, standing=standing)
        except DomainError as error:
            form.refuse(error)
            return self.show_account("profile", status=422, form=form, profile=profile)
        return go("profiles", said="saved")


class ProfileDefault(ProfilePage):
    """New projects get this profile."""

    def post(self, request: Any, profile_id: str) -> HttpResponse:
        profiles.set_default(profile=self.profile())
        return go("profiles", said="saved")


class ProfileDeletion(ProfilePage):
    """Projects that used it go on without."""

    support = False

    def post(self, request: Any, profile_id: str) -> HttpResponse:
        profiles.delete(profile=self.profile())
        return go("profiles", said="profile-deleted")
