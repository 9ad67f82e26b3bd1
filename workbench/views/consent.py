"""Sign-in with Google and Apple: to their page of consent and back, and linking their accounts to one's own."""

from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from accounts import consents, social
from accounts.models import SocialIdentity, User
from accounts.sessions import Client
from scribe.api import rate_limits
from scribe.api.access import PUBLIC, VIEWERS
from scribe.api.addresses import client_address, network_of
from scribe.errors import DomainError, NotFound
from scribe.types import Json, StrPromise
from workbench import session
from workbench.pages import Page, PageRequest, following, go
from workbench.views.account import AccountPage
from workbench.views.entrance import continue_sign_in
from workbench.views.you import ConfirmedForm, current_password

#: By code: what to do. Whatever else goes wrong is worth another try.
ADVICE: dict[str, Promise] = {
    "declined": _("Nothing was changed. You can start over, or sign in with your password."),
    "not_begun_here": _("Start over in this browser and finish within ten minutes. Cookies must be allowed."),
    "account_exists": _(
        "You already have an account with this email address. Sign in with your password, then link the "
        "two accounts under “Sign-in and security”."
    ),
    "identity_taken": _("It is linked to another account here. Sign in to that account and unlink it first."),
    "email_missing": _("Allow it to share your email address with us, or create an account with a password."),
    "email_not_verified_by_provider": _("Verify your email address there first, or create an account with a password."),
    "invalid_credentials": _("Ask an admin of your organization to reactivate your account."),
}
AGAIN = _("Start over. If this happens again, sign in with your password.")


class LinkForm(ConfirmedForm):
    current_password = current_password()


class ConsentPage(Page):
    """The base of the two ends of a consent."""

    who = PUBLIC
    rate_scope = "sign_in"
    provider: str = ""

    @property
    def return_url(self) -> str:
        return return_url(self.provider)

    def failed(self, code: str, detail: StrPromise, status: int) -> HttpResponse:
        """What went wrong, and what to do."""
        advice, name = ADVICE.get(code, AGAIN), social.NAMES[self.provider]
        shown = {"provider": self.provider, "name": name, "code": code, "detail": detail, "advice": advice}
        response = self.show("consent_failed", status=status, **shown)
        session.end_consent(response)
        return response


class ConsentStart(ConsentPage):
    """Sends the browser to the provider. The cookie says what it has to bring back."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = consents.ask(self.provider, return_url=self.return_url)
        response = HttpResponseRedirect(asked.url)
        session.start_consent(response, asked.kept, following=request.GET.get("next", ""))
        return response


class ConsentReturn(ConsentPage):
    """The browser comes back: with a code from Google, and from Apple by a form, which brings no cookie of ours. What Apple
    posts is kept until the browser's next request, which does bring it."""

    posts: ClassVar[frozenset[str]] = frozenset({"apple"})

    @method_decorator(csrf_exempt)  # the form is Apple's; `state` and its cookie take the place of our token
    def dispatch(self, request: PageRequest, *args: object, **kwargs: object) -> HttpResponseBase:  # type: ignore[override]  # as the base
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.provider not in self.posts or self.provider not in consents.offered_providers():
            raise NotFound
        state = request.POST.get("state", "")[:200]
        if request.POST.get("error"):
            return go(f"{self.provider}-return", state=state, error="declined")
        token, user = request.POST.get("id_token", ""), request.POST.get("user", "")
        consents.keep_posted(state=state, id_token=token, user=user)
        return go(f"{self.provider}-return", state=state)

    def get(self, request: HttpRequest) -> HttpResponse:
        rate_limits.check("sign_in", network_of(client_address(request)))
        kept = session.consent_of(request)
        if not consents.is_answer(kept, provider=self.provider, state=request.GET.get("state", "")):
            return self.failed(
                "not_begun_here", _("This sign-in was started in another browser, or it took too long."), 401
            )
        assert kept is not None
        if request.GET.get("error"):
            return self.failed("declined", _("The sign-in was cancelled."), 403)
        try:
            return self.finish(kept, code=request.GET.get("code", "")[:2000])
        except DomainError as error:
            return self.failed(error.code, error.render(), error.status)

    def finish(self, kept: Json, *, code: str) -> HttpResponse:
        request = self.request
        caller: User | None = None
        if kept.get("u"):  # to be linked to whoever asked for it, who is to be signed in still
            caller = request.user
            if caller is None or caller.impersonated or str(caller.pk) != kept["u"]:
                return self.failed(
                    "not_begun_here", _("You are signed in as a different person than the one who started this."), 401
                )
        identity = consents.identity_of(kept, code=code, return_url=self.return_url)
        found = social.enter(identity=identity, client=Client.of(request), caller=caller)
        if caller is not None:
            response: HttpResponse = go("safety", said="linked")
        else:
            response = continue_sign_in(request, found, to=following(request, kept.get("f", "")))
        session.end_consent(response)
        return response


class IdentityLink(AccountPage):
    """Begins to link a provider's account to one's own, confirmed as the rules ask. A form may lead to no other host, so the
    answer has the link."""

    may_submit = VIEWERS
    provider: str = ""

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LinkForm(request.POST)
        name = social.NAMES[self.provider]
        if form.is_valid():
            password = form.cleaned_data["current_password"]
            with form.refusals():
                social.check_may_link(caller=self.user, password=password, client=Client.of(request))
                asked = consents.ask(self.provider, return_url=return_url(self.provider))
                response = self.show_account("consent", tab="safety", name=name, url=asked.url)
                session.start_consent(response, {**asked.kept, "u": str(self.user.pk)})
                return response
        return self.show_account("identity", status=422, tab="safety", form=form, name=name)


class IdentityUnlink(AccountPage):
    """Takes a provider's account off one's own."""

    may_submit = VIEWERS

    def post(self, request: HttpRequest, identity_id: str) -> HttpResponse:
        identity = self.row(SocialIdentity.objects.filter(user=self.user), identity_id)
        form = LinkForm(request.POST)
        if form.is_valid():
            password = form.cleaned_data["current_password"]
            with form.refusals():
                social.unlink(user=self.user, identity=identity, password=password, client=Client.of(request))
                return go("safety", said="unlinked")
        name = social.NAMES[identity.provider]
        return self.show_account("identity", status=422, tab="safety", form=form, name=name, unlinking=True)


def return_url(provider: str) -> str:
    """The address that the provider has to know as one of ours."""
    return settings.PUBLIC_URL + reverse(f"workbench:{provider}-return")
