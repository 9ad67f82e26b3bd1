"""Endpoints of the organization's programs, and what was delivered to them."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from scribe.api.access import ADMINS
from scribe.outbox.types import TYPES
from webhooks import endpoints, replays
from webhooks.models import EventDelivery, WebhookEndpoint
from workbench.forms import Purpose, PurposeForm, projects_field
from workbench.labels import EVENTS
from workbench.pages import go
from workbench.views.account import AccountPage

MOST_DELIVERIES = 50


class EndpointForm(PurposeForm):
    """What `endpoints.create` takes, by its names."""

    asks = _("When should we call it?")
    filled = "types"
    purposes = (
        Purpose("all", _("Everything that happens"), ()),
        Purpose(
            "texts", _("Texts: ready, approved or rejected"), ("item.texts_ready", "item.approved", "item.rejected")
        ),
        Purpose("store", _("The store: conflicts and published posts"), ("sync.conflict", "post.published")),
        Purpose("work", _("Finished work: imports, generations, syncs"), ("job.finished",)),
        Purpose("money", _("Money: low balance and invoices"), ("wallet.low", "invoice.issued")),
    )

    url = forms.CharField(
        label=_("Address"), max_length=2048, help_text=_("Must start with https:// and accept POST requests.")
    )
    description = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    types = forms.MultipleChoiceField(
        label=_("Events"),
        choices=[(name, EVENTS[name]) for name in TYPES if name != "ping"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    project_ids = projects_field(_("If you choose none, events of the whole organization are sent."))


class WebhooksPage(AccountPage):
    tab = "webhooks"
    who = ADMINS

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(EndpointForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EndpointForm(request.POST)
        self.offer_projects(form, is_test=False)
        if form.is_valid():
            with form.refusals():
                made = endpoints.create(organization=self.user.organization, by=self.user, **form.cleaned_data)
                return self.page(EndpointForm(), made=made)
        return self.page(form, status=422)

    def page(self, form: EndpointForm, status: int = 200, **context: object) -> HttpResponse:
        self.offer_projects(form, is_test=False)
        rows = WebhookEndpoint.objects.visible_to(self.user).order_by("-created_at", "-pk")
        return self.show_account("webhooks", status=status, form=form, endpoints=rows, **context)


class EndpointView(AccountPage):
    """Whatever is done to one endpoint."""

    tab = "webhooks"
    who = ADMINS

    def endpoint(self, endpoint_id: str) -> WebhookEndpoint:
        return self.row(WebhookEndpoint.objects.select_related("organization"), endpoint_id)


class EndpointPage(EndpointView):
    """One endpoint, and its last deliveries with their attempts."""

    def get(self, request: HttpRequest, endpoint_id: str) -> HttpResponse:
        endpoint = self.endpoint(endpoint_id)
        rows = EventDelivery.objects.visible_to(self.user).filter(endpoint=endpoint).select_related("event")
        return self.show_account(
            "webhook_endpoint",
            endpoint=endpoint,
            projects=self.names_of(endpoint.project_ids),
            deliveries=rows.order_by("-pk")[:MOST_DELIVERIES],
        )


class EndpointTest(EndpointView):
    def post(self, request: HttpRequest, endpoint_id: str) -> HttpResponse:
        endpoints.ping(endpoint=self.endpoint(endpoint_id))
        return go("webhook", endpoint_id, said="test-sent")


class EndpointSwitch(EndpointView):
    """Enables a disabled endpoint, and disables an enabled one."""

    def post(self, request: HttpRequest, endpoint_id: str) -> HttpResponse:
        endpoint = self.endpoint(endpoint_id)
        endpoints.update(endpoint=endpoint, by=self.user, is_active=not endpoint.is_active)
        return go("webhook", endpoint_id, said="saved")


class EndpointSecret(EndpointView):
    """Rotates the secret, and shows the new one this once."""

    def post(self, request: HttpRequest, endpoint_id: str) -> HttpResponse:
        made = endpoints.rotate(endpoint=self.endpoint(endpoint_id), by=self.user)
        return self.show_account(
            "webhook_endpoint", endpoint=made, made=made, projects=self.names_of(made.project_ids), deliveries=()
        )


class EndpointDeletion(EndpointView):
    def post(self, request: HttpRequest, endpoint_id: str) -> HttpResponse:
        endpoints.delete(endpoint=self.endpoint(endpoint_id), by=self.user)
        return go("webhooks", said="endpoint-deleted")


class DeliveryReplay(AccountPage):
    who = ADMINS

    def post(self, request: HttpRequest, delivery_id: str) -> HttpResponse:
        delivery = self.row(EventDelivery.objects.select_related("endpoint"), delivery_id)
        replays.one(delivery)
        return go("webhook", delivery.endpoint_id, said="sent-again")
