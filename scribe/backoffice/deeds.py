"""Deeds: actions of staff on rows, other than edits. Each asks for a reason, calls one domain function per row, reports the
skipped rows with reasons, and leaves exactly one audit entry per row done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextareaWidget

from scribe import audit
from scribe.errors import DomainError


class DeedForm(forms.Form):
    """The fields that every deed's form has."""

    reason = forms.CharField(
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Goes into the audit log for good: no personal data, please.",
    )


def always(row: Any) -> str:
    return ""


def nothing(row: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Deed:
    """`run(row, by, values)` calls the domain function. If it returns something, that is shown to the staff member.

    `refusal(row)` is the reason why the deed cannot be done to a row, or "". If the domain function leaves no audit entry,
    an entry with `audit_action` is added, with `state(row)` before and after.
    """

    name: str
    label: str
    run: Callable[[Any, Any, dict[str, Any]], Any]
    audit_action: str
    form: type[DeedForm] = DeedForm
    refusal: Callable[[Any], str] = always
    state: Callable[[Any], dict[str, Any]] = nothing
    icon: str = "bolt"
    bulk: bool = False
    danger: bool = False
    explanation: str = ""
    initial: Callable[[Any], dict[str, Any]] = field(default=nothing)


@dataclass(frozen=True)
class DeedPage:
    """A page that `run` may return instead of a text. It is shown once and never cached."""

    template: str
    context: dict[str, Any]


def carry_out(deed: Deed, row: Any, *, by: Any, values: dict[str, Any]) -> Any:
    """Do the deed to one row, in one transaction with its audit entry. Raises DomainError when it cannot be done."""
    with transaction.atomic(), audit.because(values.get("reason", "")) as entries:
        before = deed.state(row)
        said = deed.run(row, by, values)
        if not entries:
            row.refresh_from_db()
            audit.record(
                action=deed.audit_action,
                actor=by,
                organization=getattr(row, "organization_id", None),
                target=row,
                before=before,
                after=deed.state(row),
            )
    return said


class DeedView:
    """The page of a deed: it asks for confirmation, does the deed, and reports. `?ids=` names the rows."""

    MOST = 500
    __name__ = "deed"

    def __init__(self, page: Any, deed: Deed) -> None:
        self.page, self.deed = page, deed

    def __call__(self, request: HttpRequest) -> HttpResponse:
        rows, skipped = self.rows(request)
        back = self.back(rows)
        if not rows:
            self.report(request, 0, skipped)
            return HttpResponseRedirect(back)
        initial = self.deed.initial(rows[0]) if len(rows) == 1 else {}
        form = self.deed.form(request.POST or None, request.FILES or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            answer = self.do(request, rows, skipped, form.cleaned_data)
            return answer or HttpResponseRedirect(back)
        return self.ask(request, rows, skipped, form, back)

    def rows(self, request: HttpRequest) -> tuple[list[Any], list[str]]:
        """The rows that the deed can be done to, and a line with the reason for each of the others."""
        ids = [pk for pk in request.GET.get("ids", "").split(",") if pk][: self.MOST]
        queryset = self.page.get_queryset(request)
        try:
            found = list(queryset.filter(pk__in=ids))
        except (ValidationError, ValueError):
            found = []
        fit, skipped = [], []
        for row in found:
            why = self.deed.refusal(row)
            if why:
                skipped.append(f"{row}: {why}")
            else:
                fit.append(row)
        return fit, skipped

    def do(
        self, request: HttpRequest, rows: list[Any], skipped: list[str], values: dict[str, Any]
    ) -> HttpResponse | None:
        done, answer = 0, None
        for row in rows:
            try:
                said = carry_out(self.deed, row, by=request.user, values=values)
            except DomainError as error:
                skipped.append(f"{row}: {error.detail}")
                continue
            done += 1
            if isinstance(said, DeedPage):
                context = {**self.page.admin_site.each_context(request), **said.context}
                answer = TemplateResponse(request, said.template, context, headers={"Cache-Control": "no-store"})
            elif said:
                messages.info(request, str(said))
        self.report(request, done, skipped)
        return answer

    def report(self, request: HttpRequest, done: int, skipped: list[str]) -> None:
        if done:
            messages.success(request, f"{self.deed.label}: done for {done}.")
        for line in skipped[:20]:
            messages.warning(request, f"Skipped {line}")
        if len(skipped) > 20:
            messages.warning(request, f"… and {len(skipped) - 20} more were skipped.")
        if not done and not skipped:
            messages.warning(request, "No such row.")

    def ask(self, request: HttpRequest, rows: list[Any], skipped: list[str], form: Any, back: str) -> TemplateResponse:
        opts = self.page.opts
        context = {
            **self.page.admin_site.each_context(request),
            "title": self.deed.label,
            "deed": self.deed,
            "form": form,
            "rows": rows[:20],
            "more": max(0, len(rows) - 20),
            "skipped": skipped[:20],
            "back": back,
            "opts": opts,
            "media": self.page.media + form.media,
        }
        return TemplateResponse(request, "admin/backoffice/deed.html", context)

    def back(self, rows: list[Any]) -> str:
        opts = self.page.opts
        if len(rows) == 1:
            return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[rows[0].pk])
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
