"""One's own name, address and password, and how the pages look."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from accounts import users
from accounts.models import User
from accounts.sessions import Client
from scribe import messages
from scribe.api.access import PUBLIC, VIEWERS
from scribe.errors import DomainError
from workbench import cookies, pages
from workbench.forms import PageForm, new_password, password, text
from workbench.pages import THEMES, Page, PageRequest, following, go
from workbench.views.account import AccountPage


def current_password() -> forms.CharField:
    return password(_("Current password"), "current-password", required=False)


class ConfirmedForm(PageForm):
    """A form that one's password confirms. Whoever has none needs a sign-in of the last ten minutes."""

    def refuse(self, error: DomainError) -> None:
        """As of every form, with a wrong password at its field."""
        if error.code == "wrong_password" and "current_password" in self.fields:
            self.add_error("current_password", messages.render(error.detail))
            self.describe()
        else:
            super().refuse(error)

    def ask(self, user: User) -> None:
        """Ask whoever has a password for it."""
        if user.has_usable_password():
            self.fields["current_password"].required = True
        else:
            del self.fields["current_password"]


class NameForm(PageForm):
    prefix = "name"
    first_name = text(_("First name"), 120, autocomplete="given-name", required=False)
    last_name = text(_("Last name"), 120, autocomplete="family-name", required=False)
    phone_number = text(_("Phone"), 40, autocomplete="tel", type="tel", required=False)


class ChangedAddressForm(ConfirmedForm):
    prefix = "email"
    email = forms.EmailField(
        label=_("New email address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    current_password = current_password()


class ChangedPasswordForm(ConfirmedForm):
    prefix = "password"
    password = new_password(_("New password"))
    current_password = current_password()


#: The page's forms, and what it says once one of them is saved.
FORMS: dict[str, tuple[type[PageForm], str]] = {
    "name": (NameForm, "saved"),
    "email": (ChangedAddressForm, "address-asked"),
    "password": (ChangedPasswordForm, "own-password-set"),
}


class YouPage(AccountPage):
    may_submit = VIEWERS
    tab = "you"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({})

    def post(self, request: HttpRequest) -> HttpResponse:
        which = request.POST.get("which", "")
        kind, said = FORMS.get(which, FORMS["name"])
        form = kind(request.POST)
        if form.is_valid():
            with form.refusals():
                users.update_self(user=self.user, changes=form.cleaned_data, client=Client.of(request))
                return go("you", said=said)
        return self.page({form.prefix: form}, status=422)

    def page(self, bound: dict[str | None, PageForm], status: int = 200) -> HttpResponse:
        """The three forms. One that was refused is shown as it was sent."""
        names = {name: getattr(self.user, name) for name in NameForm.base_fields}
        found = {which: bound.get(which) or kind(initial=names) for which, (kind, _said) in FORMS.items()}
        for form in found.values():
            if isinstance(form, ConfirmedForm):
                form.ask(self.user)
        return self.show_account("you", status=status, forms=found)


#: Each choice: its field in the form, its cookie, and its values. Any other value is no choice of one's own.
CHOICES = (
    ("theme", cookies.THEME, THEMES),
    ("language", cookies.LANGUAGE, pages.KNOWN_LANGUAGES),
    ("steps", cookies.STEPS, ("hidden",)),
)


class Appearance(Page):
    """How the pages look in this browser, the language in which they speak to the person, and whether the first steps
    show."""

    who = PUBLIC
    support = True

    def post(self, request: PageRequest) -> HttpResponse:
        response = HttpResponseRedirect(following(request, request.POST.get("next", "")))
        for field, name, known in CHOICES:
            if (chosen := request.POST.get(field)) is None:
                continue
            if chosen in known:
                cookies.write(response, name, chosen, lasts=pages.LANGUAGE_KEPT)
            else:
                cookies.forget(response, name)
        language, user = request.POST.get("language"), request.user
        if language is not None and user is not None and not user.impersonated:
            users.choose_language(user=user, language=language if language in pages.KNOWN_LANGUAGES else "")
        return response
