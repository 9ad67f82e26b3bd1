"""Prompt texts, where saving publishes the next version of a kind, and the tallies of the second models' readings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from scribe import audit
from scribe.admin import Deed, StaffAdmin
from scribe.backoffice.pages import ReadOnlyAdmin, ReasonedForm
from scribe.errors import InvalidInput
from writing import templates
from writing.models import PromptTemplate, VerifierRate
from writing.verifier import terms


class PromptForm(ReasonedForm):
    """A prompt is changed by publishing its next version."""

    class Meta:
        model = PromptTemplate
        fields = ("kind", "text", "parameters", "note")
        widgets = {
            "kind": UnfoldAdminTextInputWidget(),
            "text": UnfoldAdminTextareaWidget(attrs={"rows": 24}),
            "note": UnfoldAdminTextInputWidget(),
        }

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError("A prompt has a text.")
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        cleaned["parameters"] = cleaned.get("parameters") or self.instance.parameters  # empty keeps them
        if (cleaned.get("kind") or self.instance.kind) == terms.KIND:
            try:
                terms.check(cleaned["parameters"])
            except InvalidInput as error:
                self.add_error("parameters", error.detail)
        return cleaned


@admin.register(PromptTemplate)
class PromptTemplateAdmin(StaffAdmin):
    form = PromptForm
    list_display = ["kind", "version", "active", "note", "created_by", "created_at"]
    list_filter = ["active", "kind"]
    list_select_related = ["created_by"]
    search_fields = ["kind", "text", "note"]
    fields = ("kind", "version", "active", "text", "parameters", "note", "created_by", "created_at")
    readonly_fields = ["version", "active", "created_by", "created_at"]
    deeds = (
        Deed(
            name="activate",
            label="Put this version to use",
            icon="check_circle",
            audit_action="prompt.activated",
            run=lambda row, by, values: templates.activate(row),
            refusal=lambda row: "it is in use" if row.active else "",
            state=lambda row: {"active": row.active, "kind": row.kind, "version": row.version},
        ),
    )

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(["kind"] if obj else [])]

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Publish the text as the next version of its kind. The row that was edited is not changed."""
        before = PromptTemplate.objects.filter(kind=obj.kind, active=True).values_list("version", flat=True).first()
        row = templates.publish(kind=obj.kind, text=obj.text, parameters=obj.parameters, by=request.user, note=obj.note)
        audit.record(
            action="prompt.published",
            actor=request.user,
            target=row,
            reason=form.cleaned_data["audit_reason"],
            before={"kind": obj.kind, "version": before},
            after={"kind": row.kind, "version": row.version},
        )
        obj.pk = row.pk


def _share(name: str, label: str, *, of: str) -> Any:
    @admin.display(description=label, ordering=name)
    def column(rates: VerifierRate) -> str:
        total = getattr(rates, of)
        return f"{getattr(rates, name) / total:.1%}" if total else "–"

    return column


@admin.register(VerifierRate)
class VerifierRateAdmin(ReadOnlyAdmin):
    """How often readings failed and what they said of the sentences, per model and version of the terms. Shows a model
    that invents quotes, or that finds a source for everything."""

    list_display = [
        "provider",
        "model",
        "version",
        "texts",
        _share("failed", "failed", of="texts"),
        "sentences",
        _share("quoted", "quoted", of="sentences"),
        _share("harmless", "harmless", of="sentences"),
        _share("unsupported", "without a source", of="sentences"),
        _share("invented", "invented", of="sentences"),
        _share("disagreed", "unlike the tables", of="sentences"),
        "updated_at",
    ]
    list_filter = ["provider"]
    search_fields = ["model"]
