"""Tones of voice: the built-in ones, and the organization's own."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import tones
from accounts.models import Tone
from scribe.api.access import ADMINS
from workbench.forms import PageForm, text
from workbench.pages import go
from workbench.views.account import AccountPage

MOST_LISTED = 200


class ToneForm(PageForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(label=_("Description"), max_length=500, required=False)
    system_prompt = text(
        _("How to write"),
        4000,
        rows=4,
        help_text=_("Instructions for the AI, for example: “Short sentences. Speak to the reader. No jokes.”"),
    )


class TonesPage(AccountPage):
    tab = "tones"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(ToneForm())

    def page(self, form: ToneForm, status: int = 200) -> HttpResponse:
        own = Tone.objects.visible_to(self.user).order_by("name")[:MOST_LISTED]
        return self.show_account("tones", status=status, form=form, own=own, built_in=tones.BUILT_IN)


class ToneCreation(TonesPage):
    who = ADMINS

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ToneForm(request.POST)
        if form.is_valid():
            with form.refusals():
                tones.create(organization=self.user.organization, by=self.user, **form.cleaned_data)
                return go("tones", said="saved")
        return self.page(form, status=422)


class ToneDeletion(AccountPage):
    who = ADMINS

    def post(self, request: HttpRequest, tone_id: str) -> HttpResponse:
        tones.delete(tone=self.row(Tone.objects.all(), tone_id), by=self.user)
        return go("tones", said="tone-deleted")
