"""The people of the organization: inviting them, their roles, and what an admin does for somebody locked out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import invitations, organizations, second_factor, users
from accounts.models import Invitation, User
from accounts.sessions import Client
from scribe.api.access import ADMINS
from scribe.errors import DomainError, InvalidInput
from workbench.forms import PageForm
from workbench.labels import ROLES
from workbench.pages import go
from workbench.views.account import AccountPage

MOST_PEOPLE = 500
MOST_INVITATIONS = 100


class InvitationForm(PageForm):
    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=[(role, ROLES[role]) for role in ("member", "admin")])


class OrganizationForm(PageForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    address = forms.CharField(label=_("Address"), max_length=500, required=False)
    phone_number = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    enforce_2fa = forms.BooleanField(
        label=_("Everybody needs a second factor"),
        required=False,
        help_text=_("Whoever has none is asked to set one up at the next sign-in."),
    )


class PeoplePage(AccountPage):
    tab = "people"
    who = ADMINS

    def get(self, request: Any) -> HttpResponse:
        return self.page(InvitationForm())

    def post(self, request: Any) -> HttpResponse:
        """Invite somebody."""
        form = InvitationForm(request.POST)
        if form.is_valid():
            try:
                invitations.create(by=self.user, **form.cleaned_data)
                return go("people", said="invited")
            except DomainError as error:
                form.refuse(error)
        return self.page(form, status=422)

    def page(self, form: InvitationForm, status: int = 200) -> HttpResponse:
        people = User.objects.profiles().visible_to(self.user).order_by("-is_active", "first_name", "email")
        sent = Invitation.objects.visible_to(self.user).filter(state=Invitation.Status.PENDING)
        return self.show_account(
            "people",
            status=status,
            form=form,
            people=people[:MOST_PEOPLE],
            invitations=sent.select_related("invited_by").order_by("-created_at")[:MOST_INVITATIONS],
        )


class InvitationResending(AccountPage):
    who = ADMINS

    def post(self, request: Any, invitation_id: str) -> HttpResponse:
        rows = Invitation.objects.select_related("organization", "invited_by")
        invitations.resend(invitation=self.row(rows, invitation_id), by=self.user)
        return go("people", said="invited")


class InvitationRevocation(AccountPage):
    who = ADMINS

    def post(self, request: Any, invitation_id: str) -> HttpResponse:
        rows = Invitation.objects.select_related("organization", "invited_by")
        invitations.revoke(invitation=self.row(rows, invitation_id), by=self.user)
        return go("people", said="invitation-revoked")


class PersonPage(AccountPage):
    """One person. Each button is a deed of the rules, which say what is not possible."""

    tab = "people"
    who = ADMINS

    def get(self, request: Any, user_id: str) -> HttpResponse:
        return self.page(self.person())

    def post(self, request: Any, user_id: str) -> HttpResponse:
        person = self.person()
        try:
            said = self.carry_out(person, request.POST.get("deed", ""))
        except DomainError as error:
            if error.status not in (400, 403, 409):
                raise
            return self.page(person, status=422, refusal=error)
        return go("person", person.pk, said=said)

    def person(self) -> User:
        return self.row(User.objects.profiles(), self.kwargs["user_id"])

    def page(self, person: User, status: int = 200, **context: Any) -> HttpResponse:
        return self.show_account("person", status=status, person=person, myself=person.pk == self.user.pk, **context)

    def carry_out(self, person: User, deed: str) -> str:
        """Do it. Returns what the page then says."""
        changes: dict[str, dict[str, Any]] = {
            "admin": {"role": User.Role.ADMIN},
            "member": {"role": User.Role.MEMBER},
            "reactivation": {"is_active": True},
        }
        if deed in changes:
            users.update(user=person, changes=changes[deed], by=self.user, client=Client.of(self.request))
            return "person-changed"
        if deed == "deactivation":
            users.deactivate(user=person, by=self.user)
            return "person-deactivated"
        if deed == "sign-out":
            users.sign_out(user=person, by=self.user)
            return "person-signed-out"
        if deed == "factor-reset":
            second_factor.reset(user=person, by=self.user)
            return "factor-reset"
        raise InvalidInput("There is nothing like that to do.")


class OrganizationPage(AccountPage):
    tab = "organization"
    who = ADMINS

    def get(self, request: Any) -> HttpResponse:
        organization = self.user.organization
        initial = {name: getattr(organization, name) for name in OrganizationForm.base_fields}
        return self.show_account("organization", form=OrganizationForm(initial=initial))

    def post(self, request: Any) -> HttpResponse:
        form = OrganizationForm(request.POST)
        if not form.is_valid():
            return self.show_account("organization", status=422, form=form)
        organizations.update(organization=self.user.organization, changes=form.cleaned_data, by=self.user)
        return go("organization", said="saved")
