"""Prompt texts, where saving publishes the next version of a kind, and the tallies of the second models' readings."""

from collections.abc import Callable

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from accounts.models import User
from scribe import audit
from scribe.admin import StaffAction, StaffAdmin
from scribe.backoffice.pages import OrganizationRowAdmin, ReadOnlyAdmin, ReasonedForm, StaffRequest
from scribe.errors import InvalidInput
from scribe.types import Json
from writing import gpsr, templates
from writing.checks import wording
from writing.law import publishing, register
from writing.law.choices import Trade
from writing.models import ClaimRegister, Evidence, LawRule, PromptTemplate, VerifierRate
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

    def clean(self) -> Json:
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
    staff_actions = (
        StaffAction(
            name="activate",
            label="Put this version to use",
            icon="check_circle",
            audit_action="prompt.activated",
            run=lambda row, by, values: templates.activate(row),
            refusal=lambda row: "it is in use" if row.active else "",
            state=lambda row: {"active": row.active, "kind": row.kind, "version": row.version},
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["kind"] if obj else [])]

    def save_model(  # type: ignore[override]  # its own rows
        self, request: StaffRequest, obj: PromptTemplate, form: "ModelForm[PromptTemplate]", change: bool
    ) -> None:
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


class LawRuleForm(ReasonedForm):
    """A rule of law is changed by publishing its next version."""

    class Meta:
        model = LawRule
        fields = publishing.SAID

    def clean_words(self) -> object:
        if (self.cleaned_data.get("code") or self.instance.code) == gpsr.CODE:
            return {}
        try:
            wording.check(self.cleaned_data["words"])
        except InvalidInput as error:
            raise forms.ValidationError(error.detail) from None
        return self.cleaned_data["words"]

    def clean(self) -> Json:
        cleaned = dict(super().clean() or self.cleaned_data)
        try:
            publishing.check_conditions(cleaned.get("lawful") or [], cleaned.get("examples") or {})
        except InvalidInput as error:
            self.add_error(None, error.detail)
        return cleaned

    def clean_trades(self) -> list[str]:
        trades = self.cleaned_data["trades"] or []
        if not isinstance(trades, list) or not set(trades) <= set(Trade.values):
            raise forms.ValidationError(f"A list of {', '.join(Trade.values)}, or [].")
        return trades


def _staff_action(
    name: str, label: str, done: str, run: Callable[[LawRule, User, Json], object], refused: Callable[[LawRule], str]
) -> StaffAction:
    def state(row: LawRule) -> Json:
        return {"code": row.code, "version": row.version, "active": row.active, "confirmed_at": row.confirmed_at}

    return StaffAction(name=name, label=label, audit_action=f"law_rule.{done}", run=run, refusal=refused, state=state)


@admin.register(LawRule)
class LawRuleAdmin(StaffAdmin):
    """The rules of law (docs/reference/law.md; no legal advice)."""

    form = LawRuleForm
    list_display = [
        "code", "version", "active", "jurisdiction", "concept", "law",
        "source", "confirmed_at", "severity", "counts_as",
    ]  # fmt: skip
    list_filter = ["active", "jurisdiction", "source", "severity", "code"]
    search_fields = ["code", "concept", "law"]
    readonly_fields = ["version", "active", "confirmed_by", "confirmed_at", "created_by", "created_at"]
    fields = (*publishing.SAID, *readonly_fields)
    staff_actions = (
        _staff_action(
            "activate", "Put this version to use", "activated",
            lambda row, by, values: publishing.activate(row), lambda row: "it is in use" if row.active else "",
        ),
        _staff_action(
            "switch_off", "Switch it off", "switched_off",
            lambda row, by, values: publishing.switch_off(row), lambda row: "" if row.active else "it is not in use",
        ),
        _staff_action(
            "confirm", "Confirm: I compared it with the text of the law", "confirmed",
            lambda row, by, values: publishing.confirm(row, by=by),
            lambda row: "it is confirmed" if row.confirmed_at else "",
        ),
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["code"] if obj else [])]

    def save_model(self, request: StaffRequest, obj: LawRule, form: "ModelForm[LawRule]", change: bool) -> None:  # type: ignore[override]  # its own rows
        """Publish the next version of the rule. The row that was edited is not changed."""
        row = publishing.publish({name: getattr(obj, name) for name in publishing.SAID}, by=request.user)
        audit.record(
            action="law_rule.published",
            actor=request.user,
            target=row,
            reason=form.cleaned_data["audit_reason"],
            after={"code": row.code, "version": row.version},
        )
        obj.pk = row.pk


class RegisterForm(ReasonedForm):
    file = forms.FileField(
        help_text="CSV in UTF-8 with the register's columns; `Least` may name the smallest amount, such as 12 mg."
    )

    class Meta:
        model = ClaimRegister
        fields = ("language", "version", "published_on")


@admin.register(ClaimRegister)
class ClaimRegisterAdmin(StaffAdmin):
    """The EU register of authorised health claims. Uploading a version puts it to use (docs/reference/law.md)."""

    form = RegisterForm
    may_change = False
    list_display = ["language", "version", "published_on", "active", "count", "created_by", "created_at"]
    list_filter = ["active", "language"]
    search_fields = ["version"]
    staff_actions = (
        StaffAction(
            name="activate",
            label="Put this version to use",
            audit_action="claim_register.activated",
            run=lambda row, by, values: register.activate(row),
            refusal=lambda row: "it is in use" if row.active else "",
            state=lambda row: {"language": row.language, "version": row.version, "active": row.active},
        ),
        StaffAction(
            name="switch_off",
            label="Switch it off",
            audit_action="claim_register.switched_off",
            run=lambda row, by, values: register.switch_off(row),
            refusal=lambda row: "" if row.active else "it is not in use",
            state=lambda row: {"language": row.language, "version": row.version, "active": row.active},
        ),
    )

    @admin.display(description="authorised claims")
    def count(self, row: ClaimRegister) -> int:
        return len(row.claims)

    def get_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        shown = ["active", "count", "claims", "created_by", "created_at"] if obj else ["file"]
        return ["language", "version", "published_on", *shown]

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return self.get_fields(request, obj) if obj else []

    def save_model(  # type: ignore[override]  # its own rows
        self, request: StaffRequest, obj: ClaimRegister, form: "ModelForm[ClaimRegister]", change: bool
    ) -> None:
        said = form.cleaned_data
        row = register.publish(
            language=said["language"],
            version=said["version"],
            published_on=said["published_on"],
            file=said["file"].read(),
            by=request.user,
        )
        after = {"language": row.language, "version": row.version, "claims": len(row.claims)}
        audit.record(
            action="claim_register.published", actor=request.user, target=row, reason=said["audit_reason"], after=after
        )
        obj.pk = row.pk


def _share(name: str, label: str, *, of: str) -> Callable[[VerifierRate], str]:
    @admin.display(description=label, ordering=name)
    def column(rates: VerifierRate) -> str:
        total = getattr(rates, of)
        return f"{getattr(rates, name) / total:.1%}" if total else "–"

    return column


@admin.register(VerifierRate)
class VerifierRateAdmin(ReadOnlyAdmin):
    """How often readings failed and what they said of the sentences, per model and version of the terms. Shows a model
    that misjudges control sentences, or that finds a source for everything."""

    list_display = [
        "provider",
        "model",
        "version",
        "texts",
        _share("failed", "failed", of="texts"),
        _share("disbelieved", "not believed", of="texts"),
        "sentences",
        _share("quoted", "traced", of="sentences"),
        _share("harmless", "harmless", of="sentences"),
        _share("unsupported", "without a source", of="sentences"),
        _share("invented", "invented", of="sentences"),
        _share("disagreed", "unlike the tables", of="sentences"),
        "updated_at",
    ]
    list_filter = ["provider"]
    search_fields = ["model"]


@admin.register(Evidence)
class EvidenceAdmin(OrganizationRowAdmin):
    list_display = ["name", "number", "of", "rule", "valid_until", "created_at"]
    list_filter = ["rule"]
    search_fields = ["name", "number", "organization__name"]
