"""Tones of voice: the built-in ones, and the organization's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import tones
from accounts.models import Tone
from scribe.api.access import ADMINS
from scribe.errors import DomainError
from workbench.forms import PageForm
from workbench.pages import go
from workbench.views.account import AccountPage

MOST_LISTED = 200


class ToneForm(PageForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(label=_("What it is for"), max_length=500, required=False)
    system_prompt = forms.CharField(
        label=_("How to write"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Told to the writer as it stands, such as: “Short sentences. Speak to the reader. No jokes.”"),
    )


class TonesPage(AccountPage):
    tab = "tones"

    def get(self, request: Any) -> HttpResponse:
        return self.page(ToneForm())

    def page(self, form: ToneForm, status: int = 200) -> HttpResponse:
        own = Tone.objects.visible_to(self.user).order_by("name")[:MOST_LISTED]
        return self.show_account("tones", status=status, form=form, own=own, built_in=tones.BUILT_IN)


class ToneCreation(TonesPage):
    who = ADMINS

    def post(self, request: Any) -> HttpResponse:
        form = ToneForm(request.POST)
        if form.is_valid():
            try:
                tones.create(organization=self.user.organization, by=self.user, **form.cleaned_data)
                return go("tones", said="saved")
            except DomainError as error:
                form.refuse(error)
        return self.page(form, status=422)


class ToneDeletion(AccountPage):
    who = ADMINS

    def post(self, request: Any, tone_id: str) -> HttpResponse:
        tones.delete(tone=self.row(Tone.objects.all(), tone_id), by=self.user)
        return go("tones", said="tone-deleted")
