"""The page of an organization: its plan, its rows, and the actions of staff on it."""

from decimal import Decimal

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget, UnfoldBooleanSwitchWidget

from accounts import organizations, own_keys
from accounts.models import Organization, User
from billing import corrections, limits
from billing.models import Balance, Plan
from scribe.admin import ReadOnlyAdmin, StaffAction, StaffActionForm, list_link
from scribe.types import Json

STATE = ["suspended_at", "suspended_reason", "deletion_requested_at", "deletion_scheduled_for", "erased_at"]


class AdjustForm(StaffActionForm):
    amount = forms.DecimalField(
        label="XCT",
        max_digits=14,
        decimal_places=4,
        help_text="Negative takes away.",
        widget=UnfoldAdminDecimalFieldWidget(),
    )
    balance_type = forms.ChoiceField(
        label="Balance",
        choices=[(Balance.TOPUP, "Top-up"), (Balance.SUBSCRIPTION, "Subscription")],
        widget=UnfoldAdminSelectWidget(),
    )
    field_order = ("amount", "balance_type", "reason")

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError("An adjustment moves something.")
        return amount


class PlanForm(StaffActionForm):
    plan = forms.ModelChoiceField(queryset=Plan.objects.all(), widget=UnfoldAdminSelectWidget(), empty_label=None)
    allocate_immediately = forms.BooleanField(
        required=False,
        label="At once",
        help_text="The old subscription XCT expire and the new allotment is granted now; else the next cycle "
        "brings it.",
        widget=UnfoldBooleanSwitchWidget(),
    )
    field_order = ("plan", "allocate_immediately", "reason")


class RateForm(StaffActionForm):
    multiplier = forms.DecimalField(
        min_value=0,
        max_digits=8,
        decimal_places=4,
        help_text="1 is the normal price.",
        widget=UnfoldAdminDecimalFieldWidget(),
    )
    field_order = ("multiplier", "reason")


def deletion_summary(organization: Organization) -> str:
    return "it was erased" if organization.erased_at else ""


def adjust(organization: Organization, by: User, values: Json) -> str:
    amount, balance, why = values["amount"], values["balance_type"], values["reason"]
    entry = corrections.adjust(organization=organization, amount=amount, balance_type=balance, by=by, description=why)
    return f"{entry.amount:+f} XCT; the balance is now {entry.total_after:f}."


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug", "plan", "balance", "held", "shown_state", "created_at"]
    list_filter = [
        "wallet__plan",
        ("suspended_at", admin.EmptyFieldListFilter),
        ("deletion_scheduled_for", admin.EmptyFieldListFilter),
        "byok_enabled",
    ]
    list_select_related = ["wallet__plan"]
    search_fields = ["name", "slug", "billing_company_name", "billing_pib", "users__email", "=id"]
    date_hierarchy = "created_at"
    readonly_fields = ["plan", "balance", "held", "cycle", "own_keys", "related", "kept"]
    fieldsets = (
        ("Organization", {"fields": ["id", "name", "slug", "created_at", "related"]}),
        ("Plan and XCT", {"fields": ["plan", "balance", "held", "cycle", "kept"]}),
        ("State", {"fields": STATE}),
        ("Access", {"fields": ["enforce_2fa", "byok_enabled", "own_keys"]}),
        (
            "Billing details",
            {
                "fields": [
                    "billing_email", "billing_company_name", "billing_pib", "billing_mb", "billing_address",
                    "billing_postal_code", "billing_city", "billing_country",
                ]
            },
        ),
    )  # fmt: skip
    staff_actions = (
        StaffAction(
            name="adjust",
            label="Adjust XCT",
            icon="toll",
            form=AdjustForm,
            refusal=deletion_summary,
            run=adjust,
        ),
        StaffAction(
            name="change_plan",
            label="Change plan",
            icon="swap_vert",
            form=PlanForm,
            refusal=deletion_summary,
            explanation="A running card subscription is not touched: the provider's next event puts its own plan back.",
            run=lambda row, by, values: corrections.change_plan(
                organization=row,
                plan=values["plan"],
                allocate_immediately=values["allocate_immediately"],
                by=by,
                reason=values["reason"],
            ),
            initial=lambda row: {"plan": row.wallet.plan_id},
        ),
        StaffAction(
            name="reset_cycle",
            label="Start a new cycle",
            icon="restart_alt",
            refusal=deletion_summary,
            explanation="Unused subscription XCT expire and the allotment is granted; once a day at most.",
            run=lambda row, by, values: corrections.reset_cycle(organization=row, by=by),
        ),
        StaffAction(
            name="set_rate",
            label="Set token rate",
            icon="percent",
            form=RateForm,
            refusal=deletion_summary,
            run=lambda row, by, values: corrections.set_rate(
                organization=row, multiplier=values["multiplier"], by=by, reason=values["reason"]
            ),
            initial=lambda row: {"multiplier": row.wallet.token_rate_multiplier},
        ),
        StaffAction(
            name="suspend",
            label="Suspend",
            icon="pause_circle",
            danger=True,
            bulk=True,
            explanation="It begins no work, uploads and buys nothing until it is reinstated. What is at work goes on, "
            "what waits does so afterwards, and nothing is deleted.",
            run=lambda row, by, values: organizations.suspend(organization=row, by=by, reason=values["reason"]),
            refusal=lambda row: deletion_summary(row) or ("it is suspended" if row.is_suspended else ""),
        ),
        StaffAction(
            name="reinstate",
            label="Reinstate",
            icon="play_circle",
            bulk=True,
            run=lambda row, by, values: organizations.lift_suspension(organization=row, by=by, reason=values["reason"]),
            refusal=lambda row: deletion_summary(row) or ("" if row.is_suspended else "it is not suspended"),
        ),
        StaffAction(
            name="allow_own_keys",
            label="Allow own keys",
            icon="key",
            run=lambda row, by, values: own_keys.allow(organization=row, allowed=True, by=by, reason=values["reason"]),
            refusal=lambda row: deletion_summary(row) or ("it may use its own keys" if row.byok_enabled else ""),
        ),
        StaffAction(
            name="forbid_own_keys",
            label="Forbid own keys",
            icon="key_off",
            danger=True,
            run=lambda row, by, values: own_keys.allow(organization=row, allowed=False, by=by, reason=values["reason"]),
            refusal=lambda row: deletion_summary(row) or ("" if row.byok_enabled else "it may not"),
        ),
    )

    @display(description="Plan", ordering="wallet__plan__rank")
    def plan(self, row: Organization) -> str:
        return str(row.wallet.plan) if hasattr(row, "wallet") else "–"

    @display(description="XCT")
    def balance(self, row: Organization) -> str:
        return f"{row.wallet.total_balance:,.4f}" if hasattr(row, "wallet") else "–"

    @display(description="Held", ordering="wallet__held")
    def held(self, row: Organization) -> str:
        return f"{row.wallet.held:,.4f}" if hasattr(row, "wallet") else "–"

    @display(description="What the plan holds")
    def kept(self, row: Organization) -> str:
        rows = limits.usage(row)
        most = ("any number" if kept.limit is None else f"{kept.limit:,}" for kept in rows)
        told = (
            f"{kept.name.replace('_', ' ')}: {kept.used:,} of {limit}" for kept, limit in zip(rows, most, strict=True)
        )
        return "; ".join(told)

    @display(description="Cycle")
    def cycle(self, row: Organization) -> str:
        if not hasattr(row, "wallet"):
            return "–"
        wallet = row.wallet
        ends = f"{wallet.next_cycle_at:%Y-%m-%d}" if wallet.next_cycle_at else "with the next payment"
        return f"since {wallet.cycle_started_at:%Y-%m-%d}, the next {ends}"

    @display(
        description="State",
        label={"active": "success", "suspended": "danger", "leaving": "warning", "erased": "default"},
    )
    def shown_state(self, row: Organization) -> str:
        if row.erased_at:
            return "erased"
        if row.is_suspended:
            return "suspended"
        return "leaving" if row.deletion_pending else "active"

    @display(description="Own keys")
    def own_keys(self, row: Organization) -> str:
        """Whether there are own keys, never the keys themselves."""
        return ", ".join(sorted(own_keys.providers(row))) or "none"

    @display(description="Related")
    def related(self, row: Organization) -> str:
        links = [
            list_link("accounts_user", "Users", organization__id__exact=row.pk),
            list_link("billing_entry", "Ledger", organization__id__exact=row.pk),
            list_link("billing_usagerecord", "Usage", organization__id__exact=row.pk),
            list_link("billing_invoice", "Invoices", organization__id__exact=row.pk),
            list_link("billing_payment", "Payments", organization__id__exact=row.pk),
            list_link("projects_project", "Projects", organization__id__exact=row.pk),
            list_link("scribe_job", "Jobs", organization__id__exact=row.pk),
            list_link("scribe_auditentry", "Audit log", organization_id__exact=row.pk),
        ]
        return format_html(" · ".join("{}" for _ in links), *links)
