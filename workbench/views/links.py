"""The pages that links in mails open. Opening a link changes nothing, because mail programs open links by
themselves."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import invitations, passwords, verification
from accounts.sessions import Client
from scribe.api.access import PUBLIC, VIEWERS
from scribe.errors import DomainError
from workbench import session
from workbench.forms import PageForm, new_password
from workbench.pages import Page, go


class AddressForm(PageForm):
    email = forms.CharField(
        label=_("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class NewPasswordForm(PageForm):
    password = new_password(_("New password"))


class AcceptanceForm(PageForm):
    first_name = forms.CharField(label=_("First name"), max_length=120, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=120, required=False)
    password = new_password(_("New password"))


class ForgottenPasswordPage(Page):
    """Sends a reset link by mail. The answer is the same for every address."""

    who = PUBLIC
    rate_scope = "code"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show("forgot_password", form=AddressForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self.show("forgot_password", status=422, form=form)
        passwords.ask_for_reset(email=form.cleaned_data["email"])
        return self.show("forgot_password", sent=form.cleaned_data["email"])


class PasswordResetPage(Page):
    who = PUBLIC
    rate_scope = "code"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show("reset_password", form=NewPasswordForm(), token=request.GET.get("token", ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        form, token = NewPasswordForm(request.POST), request.POST.get("token", "")
        if form.is_valid():
            with form.refusals():
                passwords.reset(token=token, password=form.cleaned_data["password"], client=Client.of(request))
                return session.end(go("sign-in", said="password-set"))
        return self.show("reset_password", status=422, form=form, token=token)


class AddressPage(Page):
    """Verifies an address: the account's own, or a new one before it replaces the old."""

    who = PUBLIC
    support = True  # anyone with the link may use it

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show("verify_email", token=request.GET.get("token", ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            verification.verify(token=request.POST.get("token", ""))
        except DomainError as error:
            return self.show("verify_email", status=422, dead=error.render())
        return go("home" if request.user else "sign-in", said="verified")


class VerificationMail(Page):
    """Sends another verification link to the reader's own address."""

    may_submit = VIEWERS
    rate_scope = "code"

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.user.email_verified:
            return go("home", said="already-verified")
        verification.resend_link(user=self.user)
        return go("home", said="link-sent")


class InvitationPage(Page):
    """Creates the invited person's account and signs them in."""

    who = PUBLIC
    support = True
    rate_scope = "code"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.form(AcceptanceForm(), request.GET.get("token", ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        form, token = AcceptanceForm(request.POST), request.POST.get("token", "")
        if form.is_valid():
            with form.refusals():
                _, access_token = invitations.accept(token=token, client=Client.of(request), **form.cleaned_data)
                return session.start(go("home"), access_token)
        return self.form(form, token, status=422)

    def form(self, form: AcceptanceForm, token: str, status: int = 200) -> HttpResponse:
        invitation = invitations.find(token)
        return self.show("accept_invitation", status=status, form=form, token=token, invitation=invitation)
