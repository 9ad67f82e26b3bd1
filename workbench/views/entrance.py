"""The way in and out: sign up, sign in, the second factor, sign out."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.csrf import csrf_failure

from accounts import authentication, captcha, consents, impersonation, registration, sessions, sign_in
from accounts.sessions import Client
from accounts.sign_in import SignIn
from scribe.api.access import PUBLIC
from scribe.errors import DomainError, NotAuthenticated
from workbench import cookies, session
from workbench.forms import PageForm, new_password, password, text
from workbench.pages import Page, PageRequest, following, go
from workbench.qr import picture
from workbench.views import failures

#: The sources that Cloudflare's Turnstile needs, on the one page that shows it.
TURNSTILE = "https://challenges.cloudflare.com"


class SignInForm(PageForm):
    email = forms.EmailField(label=_("Email"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = password(_("Password"), "current-password", most=None)


class SignUpForm(PageForm):
    company_name = text(_("Your store or company"), 200, autocomplete="organization")
    email = forms.EmailField(label=_("Email"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = new_password(_("Password"))


class SecondStepForm(PageForm):
    code = text(_("Code"), 40, autocomplete="one-time-code", inputmode="text", autofocus=True)


def continue_sign_in(request: HttpRequest, found: SignIn, *, to: str) -> HttpResponse:
    """Continue after a correct first factor: to the page `to`, or to the second factor."""
    if found.access_token:
        response: HttpResponse = HttpResponseRedirect(to)
        session.start(response, found.access_token)
        session.remember_device(response, found)
        return response
    response = go("second-factor-setup" if found.two_factor_setup_required else "second-factor")
    session.start_step(response, found, following=to)
    return response


class SignInPage(Page):
    who = PUBLIC
    rate_scope = "sign_in"

    def get(self, request: HttpRequest) -> HttpResponse:
        to = request.GET.get("next", "")
        if request.user is not None:
            return HttpResponseRedirect(following(request, to))
        return self.form(SignInForm(), to)

    def post(self, request: HttpRequest) -> HttpResponse:
        form, to = SignInForm(request.POST), request.POST.get("next", "")
        if form.is_valid():
            with form.refusals():
                found = sign_in.with_password(
                    **form.cleaned_data,
                    client=Client.of(request),
                    device_token=cookies.read(request, cookies.DEVICE),
                )
                return continue_sign_in(request, found, to=following(request, to))
        return self.form(form, to, status=422)

    def form(self, form: SignInForm, to: str, status: int = 200) -> HttpResponse:
        at_work = to.startswith(reverse("workbench:home") + "projects/")
        return self.show(
            "sign_in", status=status, form=form, next=to, returning=at_work, consents=consents.offered_providers()
        )


class SignUpPage(Page):
    who = PUBLIC
    rate_scope = "register"

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user is not None:
            return go("home")
        return self.form(SignUpForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SignUpForm(request.POST)
        if form.is_valid():
            client = Client.of(request)
            with form.refusals():
                captcha.check(request.POST.get("cf-turnstile-response", ""), address=client.address)
                done = registration.register(client=client, **form.cleaned_data)
                return session.start(go("home"), done.access_token)
        return self.form(form, status=422)

    def form(self, form: SignUpForm, status: int = 200) -> HttpResponse:
        """The form, with Turnstile's check if the deployment uses it. This is the only third-party script."""
        key = settings.TURNSTILE_SITE_KEY if settings.TURNSTILE_SECRET else ""
        response = self.show("sign_up", status=status, form=form, turnstile=key, consents=consents.offered_providers())
        if key:
            response["Content-Security-Policy"] = (
                f"default-src 'none'; script-src 'self' {TURNSTILE}; frame-src {TURNSTILE}; style-src 'self'; "
                "font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
                "frame-ancestors 'none'"
            )
        return response


class SecondFactorPage(Page):
    """The second step of a sign-in: a code of the device, or a backup code."""

    who = PUBLIC
    rate_scope = "code"

    def get(self, request: HttpRequest) -> HttpResponse:
        step = step_of(request)
        return self.show("second_factor", form=SecondStepForm(), method=step["m"])

    def post(self, request: HttpRequest) -> HttpResponse:
        step, form = step_of(request), SecondStepForm(request.POST)
        if form.is_valid():
            try:
                found = sign_in.verify_second_factor(
                    temp_token=step["t"], code=form.cleaned_data["code"], client=Client.of(request)
                )
                return continue_sign_in(request, found, to=following(request, step["n"]))
            except NotAuthenticated:
                raise
            except DomainError as error:
                form.refuse(error)
        return self.show("second_factor", status=422, form=form, method=step["m"])


class CodeMail(Page):
    """Sends another code by mail."""

    who = PUBLIC
    rate_scope = "code"

    def post(self, request: HttpRequest) -> HttpResponse:
        sign_in.resend_code(temp_token=step_of(request)["t"])
        return go("second-factor")


class SecondFactorSetupPage(Page):
    """Setting up the second factor that the organization requires, at the next sign-in."""

    who = PUBLIC
    rate_scope = "code"

    def get(self, request: HttpRequest) -> HttpResponse:
        step_of(request)
        return self.show("second_factor_choice")

    def post(self, request: HttpRequest) -> HttpResponse:
        step = step_of(request)
        if "code" not in request.POST:
            return self.start(step, request.POST.get("method", "totp"))
        form = SecondStepForm(request.POST)
        shown = {"method": request.POST.get("method", ""), "secret": request.POST.get("secret", "")}
        if form.is_valid():
            try:
                codes, token = sign_in.confirm_second_factor(
                    temp_token=step["t"], code=form.cleaned_data["code"], client=Client.of(request)
                )
            except NotAuthenticated:
                raise
            except DomainError as error:
                form.refuse(error)
            else:
                response = self.show("backup_codes", codes=codes, to=following(request, step["n"]))
                return session.start(response, token)
        return self.show("second_factor_setup", status=422, form=form, **shown)

    def start(self, step: dict[str, str], method: str) -> HttpResponse:
        made = sign_in.set_up_second_factor(temp_token=step["t"], method=method)
        qr = picture(made.otpauth_uri) if made.otpauth_uri else ""
        return self.show(
            "second_factor_setup", form=SecondStepForm(), method=made.method, secret=made.secret or "", qr=qr
        )


def step_of(request: HttpRequest) -> dict[str, str]:
    """The sign-in that waits in this browser. Raises NotAuthenticated when it has expired or never began."""
    step = session.step_of(request)
    if step is None:
        raise NotAuthenticated(gettext("This sign-in has expired. Please sign in again."), code="invalid_temp_token")
    return step


class SignOut(Page):
    """Ends the session and every token made for it. For support it ends only the work as the customer."""

    who = PUBLIC
    support = True

    def post(self, request: PageRequest) -> HttpResponse:
        said = "signed-out"
        if request.user is not None:
            mine = request.user.session
            if mine is not None and mine.impersonator is not None:
                said = "support-ended"
                impersonation.end(session=mine, by=mine.impersonator)
            elif mine is not None:
                sessions.end(session=mine)
        return session.end(go("sign-in", said=said))


class SupportSessionPage(Page):
    """Support works as a customer. The back office's link has the token in its fragment, which is in no log."""

    who = PUBLIC
    support = True
    rate_scope = "sign_in"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show("support_session")

    def post(self, request: HttpRequest) -> HttpResponse:
        token = request.POST.get("token", "").strip()
        user, _ = authentication.authenticate_token(token)
        if not user.impersonated:
            raise NotAuthenticated(gettext("This is not a valid support session token."), code="not_a_support_session")
        return session.start(go("home"), token)


class StaleForm(DomainError):
    status = 403
    code = "stale_form"


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The response to a form without a valid CSRF token: one that is not ours, or too old. A browser that has lost all
    its cookies signs in first, where the page wants that. The admin has Django's own page."""
    if not request.path.startswith(cookies.PATH):
        return csrf_failure(request, reason=reason)
    page = getattr(request.resolver_match and request.resolver_match.func, "view_class", Page)
    if reason == REASON_NO_CSRF_COOKIE and page.who is not PUBLIC and session.user_of(request) is None:
        return Page.sign_in_first(request)
    text = (
        gettext("Your browser did not send a cookie. Allow cookies for this site and reload the page.")
        if reason == REASON_NO_CSRF_COOKIE
        else gettext("This form has expired. Reload the page and send it again.")
    )
    return failures.page(request, StaleForm(text))
