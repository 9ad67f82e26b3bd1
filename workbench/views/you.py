"""One's own name, address and password, and how the pages look."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import users
from accounts.sessions import Client
from scribe.errors import DomainError
from workbench import details
from workbench.forms import PageForm
from workbench.pages import go
from workbench.views.account import AccountPage
from workbench.views.links import new_password


def current_password() -> forms.CharField:
    return forms.CharField(
        label=_("Current password"),
        strip=False,
        max_length=1000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NameForm(PageForm):
    prefix = "name"
    first_name = forms.CharField(
        label=_("First name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    phone_number = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )


class ChangedAddressForm(PageForm):
    prefix = "email"
    email = forms.EmailField(
        label=_("New address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    current_password = current_password()


class ChangedPasswordForm(PageForm):
    prefix = "password"
    password = new_password()
    current_password = current_password()


#: The page's forms, and what it says once one of them is saved.
FORMS: dict[str, tuple[type[PageForm], str]] = {
    "name": (NameForm, "saved"),
    "email": (ChangedAddressForm, "address-asked"),
    "password": (ChangedPasswordForm, "own-password-set"),
}


class YouPage(AccountPage):
    tab = "you"

    def get(self, request: Any) -> HttpResponse:
        return self.page({})

    def post(self, request: Any) -> HttpResponse:
        which = request.POST.get("which", "")
        kind, said = FORMS.get(which, FORMS["name"])
        form = kind(request.POST)
        if form.is_valid():
            try:
                users.update_self(user=self.user, changes=form.cleaned_data, client=Client.of(request))
                return go("you", said=said)
            except DomainError as error:
                refuse(form, error)
        return self.page({form.prefix: form}, status=422)

    def page(self, bound: dict[Any, PageForm], status: int = 200) -> HttpResponse:
        """The three forms. One that was refused is shown as it was sent."""
        names = {name: getattr(self.user, name) for name in NameForm.base_fields}
        found = {which: bound.get(which) or kind(initial=names) for which, (kind, _said) in FORMS.items()}
        for form in found.values():
            if not self.user.has_usable_password() and "current_password" in form.fields:
                del form.fields["current_password"]
        return self.show_account("you", status=status, forms=found)


def refuse(form: PageForm, error: DomainError) -> None:
    """A wrong password is shown at its field. Without a password, a sign-in of the last ten minutes is needed."""
    if error.code == "wrong_password" and "current_password" in form.fields:
        form.add_error("current_password", details.said(error.detail))
        form.describe()
    else:
        form.refuse(error)
