"""The organization's data: taking all of it along, and having it deleted."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import erasure, privacy
from accounts.sessions import Client
from scribe.api import files
from scribe.api.access import ADMINS
from scribe.errors import DomainError, Forbidden, NotFound
from scribe.models import Job
from workbench.pages import go
from workbench.views.account import AccountPage
from workbench.views.you import ConfirmedForm, current_password

MOST_EXPORTS = 10


class DeletionForm(ConfirmedForm):
    current_password = current_password()
    sure = forms.BooleanField(
        label=_("Yes, delete everything in this organization"),
        error_messages={"required": _("Tick this to confirm.")},
    )


class DataPage(AccountPage):
    tab = "data"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(DeletionForm())

    def page(self, form: DeletionForm, status: int = 200, **context: object) -> HttpResponse:
        form.ask(self.user)
        made = Job.objects.visible_to(self.user).filter(job_type=privacy.JOB_TYPE).order_by("-created_at")
        exports = [{"job": job, "file": privacy.file_of(job)} for job in made[:MOST_EXPORTS]]
        days = {"grace": erasure.GRACE.days, "kept": privacy.KEPT.days}
        return self.show_account("data", status=status, form=form, exports=exports, **days, **context)


class ExportOrder(DataPage):
    who = ADMINS

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            privacy.request_export(organization=self.user.organization, by=self.user)
        except DomainError as error:
            return self.page(DeletionForm(), status=422, refusal=error)
        return go("data", said="export-begun")


class ExportFile(AccountPage):
    """The ZIP. Not for support: it is everything at once."""

    who = ADMINS

    def get(self, request: HttpRequest, export_id: str) -> HttpResponse:
        if self.user.impersonated:
            raise Forbidden(gettext("Support can't export customer data."), code="blocked_for_support")
        job = self.row(Job.objects.filter(job_type=privacy.JOB_TYPE), export_id)
        key = privacy.file_of(job)
        if not key:
            raise NotFound(gettext("This export is no longer available. Create a new one."))
        return files.serve(request, key, public=False)


class DeletionOrder(DataPage):
    """Schedules the deletion of the organization with everything in it."""

    who = ADMINS

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DeletionForm(request.POST)
        if form.is_valid():
            password = form.cleaned_data["current_password"]
            with form.refusals():
                erasure.request(
                    organization=self.user.organization, by=self.user, password=password, client=Client.of(request)
                )
                return go("data", said="deletion-scheduled")
        return self.page(form, status=422)


class DeletionRetraction(DataPage):
    who = ADMINS

    def post(self, request: HttpRequest) -> HttpResponse:
        erasure.cancel(organization=self.user.organization, by=self.user)
        return go("data", said="deletion-cancelled")
