"""The organization's API keys. A key is shown once, on the page that answers its making."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import api_keys
from accounts.models import ApiKey
from scribe.api.access import ADMINS
from scribe.errors import DomainError
from workbench.forms import PageForm
from workbench.pages import go
from workbench.views.account import AccountPage

MOST_KEYS = 200


class ApiKeyForm(PageForm):
    """What `api_keys.create` takes, by its names."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Where it will be used, so that you know it later.")
    )


class KeysPage(AccountPage):
    tab = "keys"
    who = ADMINS

    def get(self, request: Any) -> HttpResponse:
        return self.page(ApiKeyForm())

    def post(self, request: Any) -> HttpResponse:
        form = ApiKeyForm(request.POST)
        if form.is_valid():
            try:
                made = api_keys.create(organization=self.user.organization, by=self.user, **form.cleaned_data)
                return self.page(ApiKeyForm(), made=made[0], raw=made[1])
            except DomainError as error:
                form.refuse(error)
        return self.page(form, status=422)

    def page(self, form: ApiKeyForm, status: int = 200, **context: Any) -> HttpResponse:
        rows = ApiKey.objects.visible_to(self.user).select_related("created_by").order_by("-created_at", "-pk")
        return self.show_account("keys", status=status, form=form, keys=rows[:MOST_KEYS], **context)


class KeyDeactivation(AccountPage):
    who = ADMINS

    def post(self, request: Any, key_id: str) -> HttpResponse:
        key = self.row(ApiKey.objects.select_related("organization"), key_id)
        api_keys.deactivate(key=key, by=self.user)
        return go("keys", said="key-deactivated")


class KeyDeletion(AccountPage):
    who = ADMINS

    def post(self, request: Any, key_id: str) -> HttpResponse:
        key = self.row(ApiKey.objects.select_related("organization"), key_id)
        api_keys.delete(key=key, by=self.user)
        return go("keys", said="key-deleted")
