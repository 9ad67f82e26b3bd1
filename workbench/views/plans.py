"""Plans and top-ups: what there is to buy, and buying it by card or by bank transfer. Payments alone grant XCT.

Paddle's checkout opens inside a page of ours, the only one that loads Paddle's script.
"""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing import checkouts, corrections, invoices, orders, plans, subscriptions
from billing.checkouts import OrderResult
from billing.models import BillingPeriod, Checkout, PaymentProviderName, Plan, Subscription, TopupPack
from integrations import payments
from scribe.api.access import ADMINS
from scribe.errors import DomainError, InvalidInput, NotConfigured, NotFound
from scribe.types import Json
from workbench.forms import PageForm
from workbench.pages import go
from workbench.views.account import AccountPage

CARD, TRANSFER = "card", "transfer"
#: What the rules refuse, and the page explains. Whatever else goes wrong is a page of its own.
EXPLAINED = (400, 403, 409, 429, 503)


class PackForm(PageForm):
    packs = forms.IntegerField(
        label=_("Packs"), min_value=1, max_value=1000, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )


class OrderPage(AccountPage):
    """The base of what buys: the plans, the present subscription, the top-up pack."""

    tab = "plans"

    def page(self, status: int = 200, **context: object) -> HttpResponse:
        wallet = self.user.organization.wallet
        live = subscriptions.current(self.user.organization_id)
        context.setdefault("packs", PackForm(initial={"packs": 1}))
        return self.show_account(
            "plans",
            status=status,
            offered=[(plan, self.products(plan.monthly_xct)) for plan in plans.plans_on_offer()],
            live=live,
            ends=wallet.paid_until or (live.period_ends_at if live else None),
            pack=(pack := TopupPack.current()),
            pack_products=self.products(pack.xct),
            by_card=payments.default() is not None,
            by_transfer=transfers_are_offered(),
            may_buy=self.user.is_admin and not self.user.impersonated,
            **context,
        )

    def refused(self, error: DomainError, **context: object) -> HttpResponse:
        """The page again, with what the rules say. Raises what no change of the form would mend."""
        if error.status not in EXPLAINED:
            raise error
        return self.page(status=422, refusal=error, **context)

    def ordered(self, outcome: OrderResult, what: str) -> HttpResponse:
        """Where a card order goes on. A form may lead to no other host, so a page with the link stands between."""
        if outcome.plan_changed or outcome.scheduled:
            return go("plans", said="plan-changed" if outcome.plan_changed else "plan-scheduled")
        if outcome.transaction_id and outcome.client_token:
            return go("checkout", _ptxn=outcome.transaction_id)
        if outcome.checkout_url:
            return self.show_account("handover", url=outcome.checkout_url, what=what)
        return go("plans", said="plan-kept")


class PlansPage(OrderPage):
    """The plans. With a plan and a period in the address it says what ordering that would do, before it is done."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.GET.get("tier"):
            return self.page()
        try:
            plan, period = chosen_plan(request.GET)
        except InvalidInput as error:
            return self.refused(error)
        return self.page(**self.choice(plan, period))

    def choice(self, plan: Plan, period: str) -> Json:
        live = subscriptions.current(self.user.organization_id)
        effect = effect_of(live, plan, period)
        return {"chosen": plan, "period": period, "price": plan.price_eur(period), "effect": effect}


class PlanOrder(PlansPage):
    """Orders a plan: a checkout, the change of the present subscription, or an invoice for bank transfer."""

    who = ADMINS

    def post(self, request: HttpRequest) -> HttpResponse:
        plan, period = chosen_plan(request.POST)
        organization = self.user.organization
        try:
            if request.POST.get("way") == TRANSFER:
                invoice = orders.order_plan(organization=organization, plan=plan, billing_period=period, by=self.user)
                return go("invoice", invoice.pk, said="invoice-issued")
            outcome = checkouts.subscribe(organization=organization, plan=plan, billing_period=period, by=self.user)
        except DomainError as error:
            return self.refused(error, **self.choice(plan, period))
        return self.ordered(outcome, plan.name)


class PackOrder(OrderPage):
    """Orders top-up packs, by card or by invoice."""

    who = ADMINS

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PackForm(request.POST)
        if not form.is_valid():
            return self.page(status=422, packs=form)
        packs, organization = form.cleaned_data["packs"], self.user.organization
        try:
            if request.POST.get("way") == TRANSFER:
                invoice = orders.order_packs(organization=organization, packs=packs, by=self.user)
                return go("invoice", invoice.pk, said="invoice-issued")
            outcome = checkouts.buy_packs(organization=organization, packs=packs, by=self.user)
        except DomainError as error:
            return self.refused(error, packs=form)
        return self.ordered(outcome, str(TopupPack.current()))


class SubscriptionEnd(OrderPage):
    """Cancels the subscription at the end of its period."""

    who = ADMINS

    def post(self, request: HttpRequest) -> HttpResponse:
        checkouts.cancel(organization=self.user.organization, by=self.user)
        return go("plans", said="plan-ended")


class PaymentPortal(OrderPage):
    """The provider's pages for cards and receipts. The link signs in there, so it is made when it is asked for."""

    who = ADMINS

    def post(self, request: HttpRequest) -> HttpResponse:
        url = checkouts.portal_url(self.user.organization)
        return self.show_account("handover", url=url, what="") if url else go("plans", said="no-portal")


class OverageSwitch(OrderPage):
    """Whether work goes on when the plan's XCT are used up."""

    who = ADMINS

    def post(self, request: HttpRequest) -> HttpResponse:
        enabled = request.POST.get("enabled") == "1"
        try:
            corrections.set_overage(organization=self.user.organization, enabled=enabled, by=self.user)
        except DomainError as error:
            return self.refused(error)
        return go("plans", said="overage-on" if enabled else "overage-off")


def transfers_are_offered() -> bool:
    try:
        invoices.seller()
    except NotConfigured:
        return False
    return True


def chosen_plan(form: QueryDict) -> tuple[Plan, str]:
    """The plan and the period that a form or an address names."""
    plan, period = plans.find(form.get("tier", "")[:20], on_sale=True), form.get("period", "")
    if period not in BillingPeriod.values:
        raise InvalidInput.at("#/billing_period", gettext("Choose monthly or yearly billing."), "invalid_choice")
    return plan, period


def effect_of(live: Subscription | None, plan: Plan, period: str) -> str:
    """What ordering this plan would do: `new`, `at_once`, `later`, `keep`, or `same` when there is nothing to change."""
    if live is None or not live.by_card:
        return "new"
    if (live.plan_id, live.billing_period) == (plan.pk, period):
        return "keep" if live.pending_plan_id or live.cancel_at_period_end else "same"
    return "at_once" if checkouts.is_upgrade(live, plan, period) else "later"


#: What Paddle.js loads and opens: https://developer.paddle.com/paddlejs/include-paddlejs
SCRIPTS = "https://cdn.paddle.com"
FRAMES = "https://buy.paddle.com https://sandbox-buy.paddle.com"
POLICY = (
    f"default-src 'none'; script-src 'self' {SCRIPTS}; style-src 'self' {SCRIPTS} 'unsafe-inline'; "
    f"img-src 'self' data: {SCRIPTS}; font-src 'self'; connect-src 'self' {SCRIPTS}; frame-src {FRAMES}; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class CheckoutPage(AccountPage):
    """Opens the transaction that the address names as `_ptxn`. Paddle's own mails lead here as well."""

    tab = "plans"
    who = ADMINS

    def get(self, request: HttpRequest) -> HttpResponse:
        transaction = request.GET.get("_ptxn", "")
        if not transaction:
            return self.show_account("checkout", token="")
        if not settings.PADDLE_CLIENT_TOKEN:
            raise NotFound(gettext("Checkout is not available on this page."))
        own = Checkout.objects.visible_to(self.user).filter(provider=PaymentProviderName.PADDLE)
        if not own.filter(external_id=transaction[:120]).exists():
            raise NotFound(gettext("This checkout does not exist."))
        response = self.show_account(
            "checkout",
            token=settings.PADDLE_CLIENT_TOKEN,
            environment="sandbox" if "sandbox" in settings.PADDLE_API_URL else "production",
            transaction=transaction,
        )
        response["Content-Security-Policy"] = POLICY
        return response
