"""Where one is signed in, and the second factor."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import consents, passwords, second_factor, sessions
from accounts.models import BackupCode, Session
from accounts.sessions import Client
from scribe.api.access import VIEWERS
from scribe.errors import DomainError, InvalidInput
from workbench import session
from workbench.forms import PageForm, text
from workbench.pages import go
from workbench.qr import picture
from workbench.views.account import AccountPage
from workbench.views.entrance import SecondStepForm

MOST_SESSIONS = 100


class FactorCodeForm(PageForm):
    code = text(_("Code from your device, or a backup code"), 40, autocomplete="one-time-code")


class SafetyPage(AccountPage):
    """Sessions and second factor. A code is asked for to turn the factor off and to replace the backup codes."""

    may_submit = VIEWERS
    tab = "safety"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(FactorCodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FactorCodeForm(request.POST)
        if form.is_valid():
            with form.refusals():
                if request.POST.get("deed") == "codes":
                    return self.codes(second_factor.renew_backup_codes(user=self.user, code=form.cleaned_data["code"]))
                second_factor.disable(user=self.user, code=form.cleaned_data["code"])
                return go("safety", said="factor-off")
        return self.page(form, status=422)

    def page(self, form: FactorCodeForm, status: int = 200, **context: object) -> HttpResponse:
        device = second_factor.device_of(self.user)
        identities = list(self.user.identities.order_by("created_at"))
        linked = {row.provider for row in identities}
        live = Session.objects.visible_to(self.user).filter(user=self.user).live()
        return self.show_account(
            "safety",
            status=status,
            form=form,
            method=second_factor.method_of(device),
            identities=identities,
            linkable=[provider for provider in consents.offered_providers() if provider not in linked],
            left=BackupCode.objects.filter(user=self.user).count() if device else 0,
            sessions=live.order_by("-created_at")[:MOST_SESSIONS],
            this=self.user.session.pk if self.user.session else None,
            **context,
        )

    def codes(self, codes: list[str]) -> HttpResponse:
        return self.show("backup_codes", codes=codes, to=reverse("workbench:safety"))


class FactorSetup(SafetyPage):
    """Sets the second factor up: first the choice, then a first code of it."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if "code" not in request.POST:
            return self.start(request.POST.get("method", "totp"))
        form = SecondStepForm(request.POST)
        if form.is_valid():
            with form.refusals():
                return self.codes(second_factor.confirm(user=self.user, code=form.cleaned_data["code"]))
        secret, method = request.POST.get("secret", ""), request.POST.get("method", "")
        return self.show("second_factor_setup", status=422, form=form, method=method, secret=secret)

    def start(self, method: str) -> HttpResponse:
        try:
            if self.user.is_super_admin:  # as in the API: a device of platform staff opens the back office
                password = self.request.POST.get("password", "")
                passwords.confirm_unless_recent(user=self.user, password=password, client=Client.of(self.request))
            made = second_factor.set_up(user=self.user, method=method)
        except DomainError as error:
            return self.page(FactorCodeForm(), status=422, refusal=error)
        qr = picture(made.otpauth_uri) if made.otpauth_uri else ""
        secret = made.secret or ""
        return self.show("second_factor_setup", form=SecondStepForm(), method=made.method, secret=secret, qr=qr)


class FactorMail(SafetyPage):
    """Mails a code, where codes come by mail."""

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            second_factor.send_code_of(self.user)
        except DomainError as error:
            return self.page(FactorCodeForm(), status=422, refusal=error)
        return go("safety", said="code-sent")


class SessionEnd(AccountPage):
    """Ends one session of one's own. The present one ends by signing out."""

    may_submit = VIEWERS

    def post(self, request: HttpRequest, session_id: str) -> HttpResponse:
        found = self.row(Session.objects.filter(user=self.user).live(), session_id)
        if self.user.session is not None and found.pk == self.user.session.pk:
            sessions.end(session=found)
            return session.end(go("sign-in", said="signed-out"))
        sessions.end(session=found, because="ended_by_owner")
        return go("safety", said="session-ended")


class OtherSessionsEnd(AccountPage):
    may_submit = VIEWERS

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.user.session is None:
            raise InvalidInput(gettext("This session is not yours."))
        sessions.end_all(user=self.user, because="logout_all", keep=self.user.session)
        return go("safety", said="sessions-ended")
