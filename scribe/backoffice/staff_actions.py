"""Actions of staff on rows, other than edits. Each asks for a reason, calls one domain function per row, reports the
skipped rows with reasons, and leaves exactly one audit entry per row done."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextareaWidget

from scribe import audit
from scribe.errors import DomainError
from scribe.types import Json, ModelRow


class StaffActionForm(forms.Form):
    """The fields that the form of every action has."""

    reason = forms.CharField(
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Goes into the audit log for good: no personal data, please.",
    )


def always(row: object) -> str:
    return ""


def nothing(row: object) -> Json:
    return {}


@dataclass(frozen=True)
class StaffAction:
    """`run(row, by, values)` calls the domain function. A sentence or a StaffActionPage that it returns is shown to the staff member.

    `refusal(row)` is the reason why the action cannot be done to a row, or "". If the domain function leaves no audit entry,
    one is added, by `audit_action` or the action's name, with `state(row)` before and after.
    """

    name: str
    label: str
    run: Callable[[ModelRow, ModelRow, Json], object]
    audit_action: str = ""
    form: type[StaffActionForm] = StaffActionForm
    refusal: Callable[[ModelRow], str] = always
    state: Callable[[ModelRow], Json] = nothing
    icon: str = "bolt"
    bulk: bool = False
    danger: bool = False
    explanation: str = ""
    initial: Callable[[ModelRow], Json] = field(default=nothing)


@dataclass(frozen=True)
class StaffActionPage:
    """A page that `run` may return instead of a text. It is shown once and never cached."""

    template: str
    context: Json


def carry_out(action: StaffAction, row: ModelRow, *, by: ModelRow, values: Json) -> object:
    """Do the action to one row, in one transaction with its audit entry. Raises DomainError when it cannot be done."""
    with transaction.atomic(), audit.because(values.get("reason", "")) as entries:
        before = action.state(row)
        said = action.run(row, by, values)
        if not entries:
            row.refresh_from_db()
            name = action.audit_action or f"{row._meta.model_name}.{action.name}"
            audit.record(action=name, actor=by, target=row, before=before, after=action.state(row))
    return said


class StaffActionView:
    """The page of a action: it asks for confirmation, does the action, and reports. `?ids=` names the rows."""

    MOST = 500
    __name__ = "staff_action"

    def __init__(self, page: "ModelAdmin[Model]", action: StaffAction) -> None:
        self.page, self.action = page, action

    def __call__(self, request: HttpRequest) -> HttpResponse:
        rows, skipped = self.rows(request)
        back = self.back(rows)
        if not rows:
            self.report(request, 0, skipped)
            return HttpResponseRedirect(back)
        initial = self.action.initial(rows[0]) if len(rows) == 1 else {}
        form = self.action.form(request.POST or None, request.FILES or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            answer = self.do(request, rows, skipped, form.cleaned_data)
            return answer or HttpResponseRedirect(back)
        return self.ask(request, rows, skipped, form, back)

    def rows(self, request: HttpRequest) -> tuple[list[ModelRow], list[str]]:
        """The rows that the action can be done to, and a line with the reason for each of the others."""
        ids = [pk for pk in request.GET.get("ids", "").split(",") if pk][: self.MOST]
        queryset = self.page.get_queryset(request)
        try:
            found = list(queryset.filter(pk__in=ids))
        except (ValidationError, ValueError):
            found = []
        fit, skipped = [], []
        for row in found:
            why = self.action.refusal(row)
            if why:
                skipped.append(f"{row}: {why}")
            else:
                fit.append(row)
        return fit, skipped

    def do(self, request: HttpRequest, rows: list[ModelRow], skipped: list[str], values: Json) -> HttpResponse | None:
        done, answer = 0, None
        for row in rows:
            try:
                said = carry_out(self.action, row, by=request.user, values=values)
            except DomainError as error:
                skipped.append(f"{row}: {error.detail}")
                continue
            done += 1
            if isinstance(said, StaffActionPage):
                context = {**self.page.admin_site.each_context(request), **said.context}
                answer = TemplateResponse(request, said.template, context, headers={"Cache-Control": "no-store"})
            elif isinstance(said, str):
                messages.info(request, said)
        self.report(request, done, skipped)
        return answer

    def report(self, request: HttpRequest, done: int, skipped: list[str]) -> None:
        if done:
            messages.success(request, f"{self.action.label}: done for {done}.")
        for line in skipped[:20]:
            messages.warning(request, f"Skipped {line}")
        if len(skipped) > 20:
            messages.warning(request, f"… and {len(skipped) - 20} more were skipped.")
        if not done and not skipped:
            messages.warning(request, "No such row.")

    def ask(
        self, request: HttpRequest, rows: list[ModelRow], skipped: list[str], form: StaffActionForm, back: str
    ) -> TemplateResponse:
        opts = self.page.opts
        context = {
            **self.page.admin_site.each_context(request),
            "title": self.action.label,
            "staff_action": self.action,
            "form": form,
            "rows": rows[:20],
            "more": max(0, len(rows) - 20),
            "skipped": skipped[:20],
            "back": back,
            "opts": opts,
            "media": self.page.media + form.media,
        }
        return TemplateResponse(request, "admin/backoffice/staff_action.html", context)

    def back(self, rows: list[ModelRow]) -> str:
        opts = self.page.opts
        if len(rows) == 1:
            return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[rows[0].pk])
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
