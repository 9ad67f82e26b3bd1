"""The organization's API keys. A key is shown once, on the page that answers its making."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import api_keys, own_keys
from accounts.models import ApiKey
from integrations.ai import registry
from scribe.api import scopes
from scribe.api.access import ADMINS
from scribe.api.addresses import network
from scribe.errors import Forbidden, InvalidInput
from workbench.forms import PageForm, Purpose, PurposeForm, projects_field, text
from workbench.pages import go
from workbench.views.account import AccountPage

MOST_KEYS = 200
MOST_NETWORKS = 50
#: For how many hours the old key works beside a new one, and what a page calls that.
OVERLAPS = (
    (24, _("1 day")),
    (0, _("not at all (stop it now)")),
    (1, _("1 hour")),
    (168, _("7 days")),
)


class KeyFields(PageForm):
    """What of a key may be changed later. The end is a day, at whose end in the reader's time zone the key stops."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Where the key is used, so that you recognise it later.")
    )
    expires_at = forms.DateField(
        label=_("Expires on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    xct_per_month = forms.DecimalField(
        label=_("Monthly limit in XCT"), required=False, min_value=Decimal(0), max_digits=16, decimal_places=4
    )
    allowed_networks = text(
        _("Allowed IP addresses"),
        4000,
        rows=2,
        required=False,
        placeholder="203.0.113.0/24",
        help_text=_("IP addresses or networks (CIDR), one per line. Leave empty to allow all."),
    )

    def clean_expires_at(self) -> datetime | None:
        day: date | None = self.cleaned_data["expires_at"]
        return None if day is None else datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())

    def clean_allowed_networks(self) -> list[str]:
        lines = [line.strip() for line in str(self.cleaned_data["allowed_networks"]).splitlines() if line.strip()]
        if len(lines) > MOST_NETWORKS:
            raise forms.ValidationError(_("Enter at most 50 addresses or networks."))
        try:
            return [str(network(line)) for line in lines]
        except ValueError:
            raise forms.ValidationError(
                _("Enter IP addresses or networks such as 203.0.113.0/24, one per line.")
            ) from None


class ApiKeyForm(PurposeForm, KeyFields):
    """What `api_keys.create` takes, by its names."""

    filled = "scopes"
    purposes = (
        Purpose("plugin", _("A plugin in my store that generates texts"), scopes.DEFAULT),
        Purpose(
            "program",
            _("My own program: add products, generate, approve, send to the store"),
            (
                "projects:write",
                "items:write",
                "items:approve",
                "generation:write",
                "jobs:write",
                "sync:write",
                "profiles:read",
                "glossary:read",
            ),
        ),
        Purpose(
            "posts",
            _("A program that writes and publishes blog posts"),
            ("projects:read", "jobs:write", "posts:write", "posts:publish"),
        ),
        Purpose(
            "reports",
            _("Reports: reads everything, changes nothing"),
            tuple(name for name in scopes.SCOPES if name.endswith(":read")),
        ),
    )
    mode = forms.ChoiceField(
        label=_("Type"),
        choices=[(ApiKey.Mode.LIVE, _("live")), (ApiKey.Mode.TEST, _("test"))],
        initial=ApiKey.Mode.LIVE,
        required=False,
        help_text=_(
            "For trying things out: a test key has its own projects, costs nothing, and never contacts "
            "stores or AI providers."
        ),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Permissions"),
        widget=forms.CheckboxSelectMultiple,
        initial=scopes.DEFAULT,
        choices=lambda: [(name, gettext(text)) for name, text in scopes.SCOPES.items()],
        required=False,
    )
    project_ids = projects_field(_("If you choose none, the key is for all projects of its type."))

    def clean_mode(self) -> str:
        return str(self.cleaned_data["mode"] or ApiKey.Mode.LIVE)

    def clean_scopes(self) -> list[str]:
        return list(self.cleaned_data["scopes"] or scopes.DEFAULT)


class OfKeys(AccountPage):
    """The base of the pages about keys."""

    tab = "keys"
    who = ADMINS

    def key(self) -> ApiKey:
        rows = ApiKey.objects.select_related("organization", "created_by", "replaced_by")
        return self.row(rows, self.kwargs["key_id"])

    def list(self, form: ApiKeyForm, status: int = 200, **context: object) -> HttpResponse:
        self.offer_projects(form)
        rows = ApiKey.objects.visible_to(self.user).select_related("created_by").order_by("-created_at", "-pk")
        return self.show_account("keys", status=status, form=form, keys=rows[:MOST_KEYS], now=timezone.now(), **context)


class KeysPage(OfKeys):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.list(ApiKeyForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ApiKeyForm(request.POST)
        self.offer_projects(form)
        if form.is_valid():
            with form.refusals():
                made, raw = api_keys.create(organization=self.user.organization, by=self.user, **form.cleaned_data)
                return self.list(ApiKeyForm(), made=made, raw=raw)
        return self.list(form, status=422)


class KeyPage(OfKeys):
    """One key: what it may do, and what of it may be changed."""

    def get(self, request: HttpRequest, key_id: str) -> HttpResponse:
        key = self.key()
        end = timezone.localtime(key.expires_at).date() if key.expires_at else None
        names = {"name": key.name, "expires_at": end, "xct_per_month": key.xct_per_month}
        return self.page(key, KeyFields(initial={**names, "allowed_networks": "\n".join(key.allowed_networks)}))

    def post(self, request: HttpRequest, key_id: str) -> HttpResponse:
        key, form = self.key(), KeyFields(request.POST)
        if form.is_valid():
            changes = {name: value for name, value in form.cleaned_data.items() if getattr(key, name) != value}
            before, after = key.expires_at, changes.get("expires_at")
            if before and after and timezone.localtime(before).date() == after.date():
                del changes["expires_at"]  # the form names the day alone
            with form.refusals():
                if changes:
                    api_keys.change(key=key, by=self.user, **changes)
                return go("key", key.pk, said="saved")
        return self.page(key, form, status=422)

    def page(self, key: ApiKey, form: KeyFields, status: int = 200) -> HttpResponse:
        may = [(name, gettext(scopes.SCOPES[name])) for name in key.scopes if name in scopes.SCOPES]
        return self.show_account(
            "key",
            status=status,
            key=key,
            form=form,
            may=may,
            projects=self.names_of(key.project_ids),
            overlaps=OVERLAPS,
            now=timezone.now(),
        )


class KeyRotation(OfKeys):
    """A new key in the place of one, which works on for a while."""

    def post(self, request: HttpRequest, key_id: str) -> HttpResponse:
        hours = {str(hours): hours for hours, _label in OVERLAPS}.get(request.POST.get("overlap", ""), OVERLAPS[0][0])
        made, raw = api_keys.rotate(key=self.key(), by=self.user, overlap=timedelta(hours=hours))
        return self.list(ApiKeyForm(), made=made, raw=raw)


class KeyDeactivation(OfKeys):
    def post(self, request: HttpRequest, key_id: str) -> HttpResponse:
        api_keys.deactivate(key=self.key(), by=self.user)
        return go("keys", said="key-deactivated")


class KeyDeletion(OfKeys):
    def post(self, request: HttpRequest, key_id: str) -> HttpResponse:
        api_keys.delete(key=self.key(), by=self.user)
        return go("keys", said="key-deleted")


LONGEST_OWN_KEY = 500


class OwnKeysPage(AccountPage):
    """The organization's own keys for providers of models: which of these have one. POST: a new key for one of them, or
    none any more. A key is taken, and never shown."""

    tab = "own-keys"
    who = ADMINS

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        provider, key = request.POST.get("provider", ""), request.POST.get("key", "").strip()
        removing = request.POST.get("step") == "remove"
        if provider not in {row.id for row in registry.with_own_keys()}:
            raise InvalidInput.at("#/provider", gettext("This provider does not exist."), "invalid_choice")
        if not removing and not 0 < len(key) <= LONGEST_OWN_KEY:
            return self.page(status=422, wrong=provider, problem=gettext("Enter the key."))
        try:
            keys = {provider: "" if removing else key}
            own_keys.update(organization=self.user.organization, keys=keys, by=self.user)
        except InvalidInput as error:
            return self.page(status=422, wrong=provider, problem=error.render())
        except Forbidden as error:
            return self.page(status=422, problem=error.render())
        return go("own-keys", said="own-key-removed" if removing else "own-key-saved")

    def page(self, status: int = 200, **context: object) -> HttpResponse:
        organization = self.user.organization
        kept = own_keys.providers(organization)
        providers = [{"id": row.id, "name": row.name, "kept": row.id in kept} for row in registry.with_own_keys()]
        allowed = organization.byok_enabled
        return self.show_account("own_keys", status=status, providers=providers, allowed=allowed, **context)
