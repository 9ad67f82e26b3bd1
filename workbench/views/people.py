"""The people of the organization: inviting them, their roles, and what an admin does for somebody locked out."""

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import invitations, organizations, second_factor, users
from accounts.memberships import MembershipChoice
from accounts.models import Invitation, User
from accounts.sessions import Client
from scribe.api.access import ADMINS
from scribe.errors import DomainError, InvalidInput
from workbench.forms import PageForm, projects_field, text
from workbench.labels import ROLES
from workbench.pages import go
from workbench.views.account import AccountPage
from writing.languages import BY_CODE

MOST_PEOPLE = 500
MOST_INVITATIONS = 100


class MembershipForm(PageForm):
    """What `memberships.choose` takes, by its names."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=ROLES.items,
        help_text=_(
            "Viewers only read. Reviewers also edit, approve, reject and comment on texts; translators do so in "
            "their languages. Members also generate and publish texts and change settings. Admins also manage "
            "billing, people and keys."
        ),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages to review"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(row.code, f"{row.name} · {row.native_name}") for row in BY_CODE.values()],
        help_text=_("Texts in these languages are assigned to this person until someone else takes them."),
    )
    project_ids = projects_field(_("If you choose none, the person sees all projects. Admins always see all."))


class InvitationForm(MembershipForm):
    email = forms.EmailField(label=_("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    field_order = ("email", "role", "languages", "project_ids")


class OrganizationForm(PageForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    address = forms.CharField(label=_("Address"), max_length=500, required=False)
    phone_number = text(_("Phone"), 40, type="tel", required=False)
    enforce_2fa = forms.BooleanField(
        label=_("Require two-factor authentication for everyone"),
        required=False,
        help_text=_("People without it are asked to set it up at their next sign-in."),
    )


class PeoplePage(AccountPage):
    tab = "people"
    who = ADMINS

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(InvitationForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Invite somebody."""
        form = InvitationForm(request.POST)
        self.offer_projects(form)
        if form.is_valid():
            with form.refusals():
                invitations.create(by=self.user, email=form.cleaned_data["email"], membership=form.cleaned_data)
                return go("people", said="invited")
        return self.page(form, status=422)

    def page(self, form: InvitationForm, status: int = 200) -> HttpResponse:
        self.offer_projects(form)
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

    def post(self, request: HttpRequest, invitation_id: str) -> HttpResponse:
        rows = Invitation.objects.select_related("organization", "invited_by")
        invitations.resend(invitation=self.row(rows, invitation_id), by=self.user)
        return go("people", said="invited")


class InvitationRevocation(AccountPage):
    who = ADMINS

    def post(self, request: HttpRequest, invitation_id: str) -> HttpResponse:
        rows = Invitation.objects.select_related("organization", "invited_by")
        invitations.revoke(invitation=self.row(rows, invitation_id), by=self.user)
        return go("people", said="invitation-revoked")


class PersonPage(AccountPage):
    """One person. Each button is a deed of the rules, which say what is not possible."""

    tab = "people"
    who = ADMINS

    def get(self, request: HttpRequest, user_id: str) -> HttpResponse:
        return self.page(self.person())

    def post(self, request: HttpRequest, user_id: str) -> HttpResponse:
        person, deed = self.person(), request.POST.get("deed", "")
        if deed == "membership":
            return self.change_membership(person)
        try:
            said = self.carry_out(person, deed)
        except DomainError as error:
            if error.status not in (400, 403, 409):
                raise
            return self.page(person, status=422, refusal=error)
        return go("person", person.pk, said=said)

    def person(self) -> User:
        return self.row(User.objects.profiles(), self.kwargs["user_id"])

    def page(
        self, person: User, status: int = 200, form: MembershipForm | None = None, **context: object
    ) -> HttpResponse:
        form = form or self.form(person, None)
        return self.show_account(
            "person", status=status, person=person, myself=person.pk == self.user.pk, form=form, **context
        )

    def form(self, person: User, sent: QueryDict | None) -> MembershipForm:
        """What of the membership can be changed: of one's own, the languages."""
        now = MembershipChoice.of(person).as_columns()
        form = MembershipForm(sent, initial={**now, "project_ids": [str(pk) for pk in now["project_ids"]]})
        self.offer_projects(form, held=now["project_ids"])
        if person.pk == self.user.pk:
            form.fields = {"languages": form.fields["languages"]}
        return form

    def change_membership(self, person: User) -> HttpResponse:
        form = self.form(person, self.request.POST)
        if form.is_valid():
            with form.refusals():
                users.update(user=person, changes=form.cleaned_data, by=self.user, client=Client.of(self.request))
                return go("person", person.pk, said="person-changed")
        return self.page(person, status=422, form=form)

    def carry_out(self, person: User, deed: str) -> str:
        """Do it. Returns what the page then says."""
        if deed == "reactivation":
            users.update(user=person, changes={"is_active": True}, by=self.user, client=Client.of(self.request))
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
        raise InvalidInput(gettext("This action does not exist."))


class OrganizationPage(AccountPage):
    tab = "organization"
    who = ADMINS

    def get(self, request: HttpRequest) -> HttpResponse:
        organization = self.user.organization
        initial = {name: getattr(organization, name) for name in OrganizationForm.base_fields}
        return self.show_account("organization", form=OrganizationForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = OrganizationForm(request.POST)
        if not form.is_valid():
            return self.show_account("organization", status=422, form=form)
        organizations.update(organization=self.user.organization, changes=form.cleaned_data, by=self.user)
        return go("organization", said="saved")
