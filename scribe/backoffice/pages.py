"""The bases of admin pages. Every change that staff save leaves one audit entry with reason, before and after."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from scribe import audit, gdpr
from scribe.backoffice.secrets import secret_fields, shown_fields
from scribe.backoffice.staff_actions import StaffAction, StaffActionView
from scribe.errors import DomainError
from scribe.rows import OrganizationRow
from scribe.types import Json, User

REASON = "audit_reason"


class ReasonedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that asks for the reason of a change."""

    audit_reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=UnfoldAdminTextInputWidget(),
        help_text="Goes into the audit log together with what changed, for good: no personal data, please.",
    )


class EstimatedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts small lists exactly. For big unfiltered lists it takes PostgreSQL's estimate, which needs no scan."""

    EXACT_UP_TO = 50_000

    @property
    def count(self) -> int:
        if not hasattr(self, "_known"):
            self._known = self._count()
        return self._known

    def _count(self) -> int:
        query = self.object_list.query  # type: ignore[attr-defined]
        if not query.where:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [query.model._meta.db_table]
                )
                estimate = int(cursor.fetchone()[0])
            if estimate > self.EXACT_UP_TO:
                return estimate
        return int(self.object_list.count())  # type: ignore[attr-defined]


def link(row: models.Model | None, text: str = "") -> str:
    """A link to a row's page, or only the row's name if it has no page."""
    if row is None:
        return "–"
    meta = row._meta
    try:
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return text or str(row)
    return format_html('<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>', url, text or str(row))


def list_link(label: str, text: str, **filters: object) -> str:
    """A link to the list of `label` (`app_model`), filtered."""
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    url = reverse(f"admin:{label}_changelist")
    return format_html('<a class="text-primary-600 dark:text-primary-500" href="{}?{}">{}</a>', url, query, text)


class StaffRequest(HttpRequest):
    if TYPE_CHECKING:
        user: User


class StaffAdmin(ModelAdmin):  # type: ignore[misc]  # it has no types
    """A page that staff may edit. Lists are paged, filtered by the database and free of further queries per row."""

    form = ReasonedForm
    paginator = EstimatedPaginator
    list_per_page = 50
    show_full_result_count = False
    list_fullwidth = True
    compressed_fields = True
    list_filter_submit = True
    change_form_outer_before_template = "admin/backoffice/staff_actions.html"
    actions = None

    staff_actions: ClassVar[Sequence[StaffAction]] = ()
    linked_by: ClassVar[tuple[str, ...]] = ()  # lookups by which links of other pages lead to this list
    may_add: ClassVar[bool] = True
    may_change: ClassVar[bool] = True
    personal: ClassVar[frozenset[str]] = (
        frozenset()
    )  # customers' data: the audit log records that they changed, not their values
    may_delete: ClassVar[bool] = False  # rows that other rows refer to are switched off, not deleted

    # --- what may be done

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.may_add and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.may_change and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return self.may_delete and super().has_delete_permission(request, obj)

    # --- what is shown

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        """The rows that the columns name, and those that are declared: a list takes no query for each of its rows."""
        related = {field.name for field in self.opts.concrete_fields if field.is_relation}
        return [*(self.list_select_related or ()), *(name for name in self.list_display if name in related)]

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest | None = None) -> bool:
        return lookup in self.linked_by or super().lookup_allowed(lookup, value, request)

    def get_exclude(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [*(super().get_exclude(request, obj) or []), *secret_fields(self.model)]

    def get_fieldsets(self, request: HttpRequest, obj: object = None) -> list[tuple[str, Json]]:
        found = [(name, {**options}) for name, options in super().get_fieldsets(request, obj)]
        hidden = {*secret_fields(self.model), REASON}
        for _, options in found:
            options["fields"] = [name for name in options["fields"] if name not in hidden]
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if writes:
            found.append(("Why", {"fields": [REASON]}))
        return found

    # --- saving, told to the audit log

    def save_model(self, request: Any, obj: models.Model, form: Any, change: bool) -> None:  # type: ignore[explicit-any]  # a form of any model
        changed = [name for name in form.changed_data if name != REASON]
        before = self._told(type(obj)._base_manager.get(pk=obj.pk), changed) if change else {}
        super().save_model(request, obj, form, change)
        self.record(
            "changed" if change else "added",
            request,
            obj,
            form.cleaned_data.get(REASON, ""),
            before,
            self._told(obj, changed),
        )

    def delete_model(self, request: StaffRequest, obj: models.Model) -> None:
        before = self._told(obj, shown_fields(self.model))
        label = _Gone(obj)
        super().delete_model(request, obj)
        self.record("deleted", request, label, "", before, {})

    def record(
        self, verb: str, request: StaffRequest, obj: "models.Model | _Gone", reason: str, before: Json, after: Json
    ) -> None:
        audit.record(
            action=f"{self.opts.model_name}.{verb}"[:64],
            actor=request.user,
            target=obj,  # type: ignore[arg-type]  # or what is left of one
            reason=reason,
            before=before,
            after=after,
        )

    def _told(self, obj: models.Model, names: Sequence[str]) -> Json:
        secret = secret_fields(self.model)
        found = {}
        for name in names:
            field = next((f for f in self.opts.concrete_fields if f.name == name), None)
            if field is not None:
                hidden = "(secret)" if name in secret else "(changed)" if self._is_personal(field) else ""
                found[name] = hidden or getattr(obj, field.attname)
        return found

    def _is_personal(self, field: "models.Field[object, object]") -> bool:
        """Whether a field holds data of customers, which must stay out of the audit log, since the log outlives them."""
        if field.name in self.personal:
            return True
        free = isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices
        return free and self.model in gdpr.kinds()

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Json | None = None
    ) -> HttpResponse:
        """Show a domain error on saving as a message. Nothing is saved then."""
        context = {**(extra_context or {}), **self.staff_action_context(request, object_id)}
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, context)  # type: ignore[no-any-return]  # it has no types
        except DomainError as error:
            messages.error(request, error.detail)
            return HttpResponseRedirect(request.get_full_path())

    # Switch off Django's own log of changes, since the audit log has them already.
    def log_addition(self, request: HttpRequest, obj: object, message: object) -> None:
        """Told by `save_model`."""

    def log_change(self, request: HttpRequest, obj: object, message: object) -> None:
        """Told by `save_model`."""

    def log_deletions(self, request: HttpRequest, queryset: object) -> None:
        """Told by `delete_model`."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Json | None = None) -> HttpResponse:
        """The audit log's entries about this row."""
        url = reverse("admin:scribe_auditentry_changelist")
        return HttpResponseRedirect(f"{url}?target_id__exact={object_id}")

    # --- actions of staff

    def get_urls(self) -> list[URLPattern]:
        views = [
            path(
                f"actions/{action.name}/",
                self.admin_site.admin_view(StaffActionView(self, action)),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{action.name}",
            )
            for action in self.staff_actions
        ]
        return [*views, *super().get_urls()]

    def staff_action_context(self, request: HttpRequest, object_id: str | None) -> Json:
        """The buttons above a row: those that its state allows."""
        obj = self.get_object(request, object_id) if object_id and self.staff_actions else None
        if obj is None:
            return {}
        return {
            "staff_actions": [
                (action, self.staff_action_url(action, [obj.pk]))
                for action in self.staff_actions
                if not action.refusal(obj)
            ]
        }

    def staff_action_url(self, action: StaffAction, pks: Sequence[object]) -> str:
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{action.name}")
        return f"{url}?ids={','.join(map(str, pks))}"

    def get_actions(self, request: HttpRequest, action_location: object = None) -> Json:
        more = () if action_location is None else (action_location,)  # which Django passes from 6.1 on
        known = super().get_actions(request, *more)
        found = {name: each for name, each in known.items() if name != "delete_selected"}
        for action in self.staff_actions:
            if action.bulk:
                found[action.name] = (_bulk(action), action.name, f"{action.label} …")
        return found


class _Gone:
    """The type and id of a deleted row, for the audit log."""

    def __init__(self, obj: models.Model) -> None:
        self.pk, self._meta = obj.pk, obj._meta
        self.organization_id = getattr(obj, "organization_id", None)


def _bulk(action: StaffAction) -> Callable[[StaffAdmin, HttpRequest, models.QuerySet[models.Model]], HttpResponse]:
    def go(page: StaffAdmin, request: HttpRequest, queryset: models.QuerySet[models.Model]) -> HttpResponse:
        return HttpResponseRedirect(
            page.staff_action_url(action, list(queryset.values_list("pk", flat=True)[: StaffActionView.MOST]))
        )

    return go


class ReadOnlyAdmin(StaffAdmin):
    """A page without editing. Actions of staff may still be done on its rows."""

    may_add = may_change = may_delete = False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return self.fields or shown_fields(self.model)


class OrganizationRowAdmin(ReadOnlyAdmin):
    """Rows of one organization: searched by its name, linked from its page."""

    list_select_related = ["organization"]
    search_fields = ["organization__name"]
    linked_by: ClassVar[tuple[str, ...]] = ("organization__id__exact",)

    @display(description="Organization", ordering="organization__name")
    def of(self, row: OrganizationRow) -> str:
        return link(row.organization)
