"""The organization's data: taking all of it along, and having it deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import erasure, privacy
from accounts.sessions import Client
from scribe.api import files
from scribe.api.access import ADMINS
from scribe.errors import DomainError, Forbidden, NotFound
from scribe.models import Job
from workbench.forms import PageForm
from workbench.pages import go
from workbench.views.account import AccountPage
from workbench.views.you import current_password, refuse

MOST_EXPORTS = 10


class DeletionForm(PageForm):
    current_password = current_password()
    sure = forms.BooleanField(
        label=_("Delete everything of the organization"),
        error_messages={"required": _("Tick this, so that it does not happen by accident.")},
    )


class DataPage(AccountPage):
    tab = "data"

    def get(self, request: Any) -> HttpResponse:
        return self.page(DeletionForm())

    def page(self, form: DeletionForm, status: int = 200, **context: Any) -> HttpResponse:
        if not self.user.has_usable_password():
            del form.fields["current_password"]
        made = Job.objects.visible_to(self.user).filter(job_type=privacy.JOB_TYPE).order_by("-created_at")
        exports = [{"job": job, "file": privacy.file_of(job)} for job in made[:MOST_EXPORTS]]
        days = {"grace": erasure.GRACE.days, "kept": privacy.KEPT.days}
        return self.show_account("data", status=status, form=form, exports=exports, **days, **context)


class ExportOrder(DataPage):
    who = ADMINS

    def post(self, request: Any) -> HttpResponse:
        try:
            privacy.request_export(organization=self.user.organization, by=self.user)
        except DomainError as error:
            return self.page(DeletionForm(), status=422, refusal=error)
        return go("data", said="export-begun")


class ExportFile(AccountPage):
    """The ZIP. Not for support: it is everything at once."""

    who = ADMINS

    def get(self, request: Any, export_id: str) -> Any:
        if self.user.impersonated:
            raise Forbidden("Support does not take the customer's data along.", code="blocked_for_support")
        job = self.row(Job.objects.filter(job_type=privacy.JOB_TYPE), export_id)
        key = privacy.file_of(job)
        if not key:
            raise NotFound("This export is not there any more. Ask for a new one.")
        return files.serve(request, key, public=False)


class DeletionOrder(DataPage):
    """Schedules the deletion of the organization with everything in it."""

    who = ADMINS

    def post(self, request: Any) -> HttpResponse:
        form = DeletionForm(request.POST)
        if form.is_valid():
            password = form.cleaned_data["current_password"]
            try:
                erasure.request(
                    organization=self.user.organization, by=self.user, password=password, client=Client.of(request)
                )
                return go("data", said="deletion-scheduled")
            except DomainError as error:
                refuse(form, error)
        return self.page(form, status=422)


class DeletionRetraction(DataPage):
    who = ADMINS

    def post(self, request: Any) -> HttpResponse:
        erasure.cancel(organization=self.user.organization, by=self.user)
        return go("data", said="deletion-cancelled")
