"""Buying: checkouts, plan changes, cancelling and the portal. These only start a purchase; webhooks alone grant XCT.

No transaction is open while a provider is called: the checkout row commits first, and gets the provider's id after.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import Organization, User
from billing import access, provider_events, providers, references, subscriptions
from billing.models import (
    BillingPeriod,
    Checkout,
    Payment,
    PaymentCustomer,
    Plan,
    Subscription,
    TopupPack,
)
from integrations import payments
from integrations.payments.errors import PaymentError
from integrations.payments.types import Order, PaymentProvider, Started
from scribe import audit
from scribe.errors import Conflict, NotConfigured
from scribe.logs import get_logger
from scribe.messages import _
from scribe.unforeseen import keep_going

log = get_logger(__name__)


@dataclass(frozen=True)
class OrderResult:
    """The result of an order: where to send the buyer, or that the subscription was (or will be) changed without a checkout."""

    checkout_url: str | None = None
    transaction_id: str | None = None
    client_token: str | None = None
    plan_changed: bool = False
    scheduled: bool = False


Last = Callable[[OrderResult], object]


def no_more(outcome: OrderResult) -> None:
    """The default for `last`: do nothing at the end of the last transaction."""


def subscribe(
    *, organization: Organization, plan: Plan, billing_period: str, by: User, last: Last = no_more
) -> OrderResult:
    """A checkout for a first subscription, or the change of a live one: up at once, down at the period's end. One whose
    money went back is cancelled, and ordered anew. `last` is called with the outcome at the end of the transaction that notes
    the provider's answer.

    Raises Conflict (`deletion_pending`, `already_subscribed`), NotConfigured, UpstreamFailed, UpstreamTimeout.
    """
    access.check_open(organization)
    live = subscriptions.current(organization)
    if live is not None and live.by_card:
        if not subscriptions.is_refunded(live):
            return _change(live, plan, billing_period, by, last)
        cancel(organization=organization, by=by)  # else both would be charged
    provider = providers.for_new_checkouts()
    checkout = Checkout(
        organization=organization,
        provider=provider.name,
        kind=Checkout.Kind.SUBSCRIPTION,
        plan=plan,
        billing_period=billing_period,
        price_id=_price_id(provider, plan, billing_period),
        expected_minor=plan.price_minor(billing_period),
        live_mode=provider.live_mode,
        created_by=by,
    )
    return _start(provider, checkout, organization, by, last)


def buy_packs(*, organization: Organization, packs: int, by: User, last: Last = no_more) -> OrderResult:
    """A checkout for top-up packs; `last` as for `subscribe`."""
    access.check_open(organization)
    provider = providers.for_new_checkouts()
    pack = TopupPack.current()
    price_id = pack.price_id(provider.name)
    if not price_id:
        raise _no_price(provider)
    checkout = Checkout(
        organization=organization,
        provider=provider.name,
        kind=Checkout.Kind.TOPUP,
        packs=packs,
        xct_per_pack=pack.xct,
        price_id=price_id,
        quantity=packs,
        expected_minor=int(pack.price_eur * packs * 100),
        live_mode=provider.live_mode,
        created_by=by,
    )
    return _start(provider, checkout, organization, by, last)


def _no_price(provider: PaymentProvider) -> NotConfigured:
    return NotConfigured(
        _("No price for this is set up at {title}.", title=provider.title), code="payments_not_configured"
    )


def _price_id(provider: PaymentProvider, plan: Plan, billing_period: str) -> str:
    price_id = plan.price_id(provider.name, billing_period)
    if not price_id:
        raise _no_price(provider)
    return price_id


def _start(
    provider: PaymentProvider, checkout: Checkout, organization: Organization, by: User, last: Last
) -> OrderResult:
    checkout.save(force_insert=True)
    customers = PaymentCustomer.objects.of(organization).filter(provider=provider.name)
    known = customers.order_by("-created_at").first()
    order = Order(
        price_id=checkout.price_id,
        quantity=checkout.quantity,
        reference=str(checkout.pk),
        email=organization.billing_email or by.email,
        name=organization.billing_company_name or organization.name,
        customer_id=known.external_id if known else "",
        currency=checkout.currency,
        return_url=f"{settings.FRONTEND_URL}/billing",
        subscription=checkout.kind == Checkout.Kind.SUBSCRIPTION,
    )
    with providers.provider(provider):
        started = provider.start_checkout(order)
    outcome = OrderResult(started.checkout_url, started.transaction_id, started.client_token)
    with providers.provider(provider), transaction.atomic():
        _remember(checkout, started)
        last(outcome)
    return outcome


def _remember(checkout: Checkout, started: Started) -> None:
    """Store the provider's ids. An event that arrived before them was parked; it is applied now. Raises PaymentError when
    they are those of another order or another organization."""
    known = [f"checkout:{started.external_id}"]
    if started.customer_id:
        known.append(f"customer:{started.customer_id}")
    references.lock(checkout.provider, known)
    _check_new(checkout, started)
    checkout.external_id = started.external_id
    checkout.save(update_fields=["external_id"])
    if started.customer_id:
        PaymentCustomer.objects.get_or_create(
            provider=checkout.provider,
            external_id=started.customer_id,
            defaults={"organization_id": checkout.organization_id},
        )
    provider_events.wake(checkout.provider, known)


def _check_new(checkout: Checkout, started: Started) -> None:
    """What the buyer pays in another's checkout would be another's. The caller holds the locks of both ids."""
    orders = Checkout.objects.filter(provider=checkout.provider, external_id=started.external_id)
    customers = PaymentCustomer.objects.filter(provider=checkout.provider, external_id=started.customer_id)
    if orders.exclude(pk=checkout.pk).exists() or customers.exclude(organization_id=checkout.organization_id).exists():
        log.error("a provider gave one id twice", checkout=str(checkout.pk), external_id=started.external_id)
        title = providers.provider_named(checkout.provider).title
        raise PaymentError(title, _("It returned the ID of another order."))


def is_upgrade(live: Subscription, plan: Plan, billing_period: str) -> bool:
    """Whether this change of a live subscription is made at once: a higher rank, or the same one by the year instead of by
    the month. Any other change waits for the period's end."""
    yearly_first = billing_period == BillingPeriod.YEARLY and live.billing_period == BillingPeriod.MONTHLY
    return plan.rank > live.plan.rank or (plan.rank == live.plan.rank and yearly_first)


def _change(live: Subscription, plan: Plan, billing_period: str, by: User, last: Last) -> OrderResult:
    provider = providers.provider_named(live.provider)
    if (live.plan_id, live.billing_period) == (plan.pk, billing_period):
        return _keep(live, provider, by, last)
    price_id = _price_id(provider, plan, billing_period)
    upgrade = is_upgrade(live, plan, billing_period)
    with providers.provider(provider):
        if live.pending_plan_id and provider.schedules_downgrades:
            provider.drop_scheduled_change(live.external_id)
        if upgrade or provider.schedules_downgrades:
            provider.change_plan(live.external_id, price_id=price_id, at_period_end=not upgrade)
    outcome = OrderResult(plan_changed=upgrade, scheduled=not upgrade)
    pending, period = (None, "") if upgrade else (plan, billing_period)
    with transaction.atomic():
        _note(live, pending, period, by, wanted=f"{plan.pk} {billing_period}")
        last(outcome)
    return outcome


def _keep(live: Subscription, provider: PaymentProvider, by: User, last: Last) -> OrderResult:
    """Keep the plan that the subscription has: undo a scheduled change or cancellation, if there is one."""
    if not live.pending_plan_id and not live.cancel_at_period_end:
        raise Conflict(_("The organization already has this plan."), code="already_subscribed")
    with providers.provider(provider):
        if live.pending_plan_id:
            provider.drop_scheduled_change(live.external_id)
        if live.cancel_at_period_end:
            provider.resume(live.external_id)
    outcome = OrderResult()
    with transaction.atomic():
        Subscription.objects.filter(pk=live.pk).update(cancel_at_period_end=False, stopped_for_deletion=False)
        _note(live, None, "", by, wanted="kept")
        last(outcome)
    return outcome


def _note(live: Subscription, pending: Plan | None, period: str, by: User, *, wanted: str) -> None:
    Subscription.objects.filter(pk=live.pk).update(pending_plan=pending, pending_period=period, pending_sent_at=None)
    audit.record(
        action="subscription.change_requested",
        actor=by,
        target=live,
        before={"tier": live.plan_id, "billing_period": live.billing_period},
        after={"wanted": wanted, "at_period_end": pending is not None},
    )


def cancel(*, organization: Organization, by: User) -> tuple[str, datetime | None]:
    """Cancel the live subscription at the end of its period. A repeated call gives the same answer. Conflict when there is none."""
    live = subscriptions.current(organization)
    if live is None:
        raise Conflict(_("There is no active subscription to cancel."), code="no_subscription")
    effective_at = live.period_ends_at
    if not live.cancel_at_period_end:
        if live.by_card:
            provider = providers.provider_named(live.provider)
            with providers.provider(provider):
                if live.pending_plan_id:
                    provider.drop_scheduled_change(live.external_id)
                effective_at = provider.cancel(live.external_id) or effective_at
        with transaction.atomic():
            Subscription.objects.filter(pk=live.pk).update(
                cancel_at_period_end=True, pending_plan=None, pending_period="", pending_sent_at=None
            )
            audit.record(action="subscription.cancelled", actor=by, target=live)
    Subscription.objects.filter(pk=live.pk).update(
        stopped_for_deletion=False
    )  # a cancelled deletion leaves it cancelled
    return "cancellation_scheduled", effective_at


def portal_url(organization: Organization) -> str | None:
    """The address where the customer manages payment methods and receipts; None for an organization that has no payment customer.

    The link signs in as the customer, so only a customer that a row of this organization names is asked for.
    """
    rows = PaymentCustomer.objects.of(organization).order_by("-created_at")
    live = subscriptions.current(organization)
    own = rows.filter(provider=live.provider, external_id=live.customer_id).first() if live is not None else None
    customer = own or rows.first()
    if customer is None:
        return None
    ids = [live.external_id] if live is not None and own is not None else []
    provider = providers.provider_named(customer.provider)
    with providers.provider(provider):
        return provider.portal_url(
            customer.external_id, subscription_ids=ids, return_url=f"{settings.FRONTEND_URL}/billing"
        )


def provider_invoice(payment: Payment) -> bytes:
    """The PDF of a payment's invoice, from its provider."""
    provider = providers.provider_named(payment.provider)
    with providers.provider(provider):
        return provider.invoice_pdf(payment.external_id)


def stop_renewals() -> int:
    """Cancel, at the period's end, the subscriptions of organizations that are about to be deleted; returns how many.

    A provider's refusal concerns that one subscription: it is asked again by the next beat.
    """
    renewing = Subscription.objects.live().filter(
        organization__deletion_scheduled_for__isnull=False, cancel_at_period_end=False
    )
    stopped = 0
    for live in renewing:
        with keep_going("a renewal could not be stopped", subscription=str(live.pk)):
            rows = Subscription.objects.filter(pk=live.pk, cancel_at_period_end=False)
            if not rows.update(stopped_for_deletion=True):
                continue
            # Noted first: the provider's event may come before its answer does.
            if live.by_card:
                payments.provider(live.provider).cancel(live.external_id)
            stopped += Subscription.objects.filter(pk=live.pk).update(cancel_at_period_end=True)
    return stopped


def resume_renewals() -> int:
    """Take back what `stop_renewals` did for organizations whose deletion was cancelled; returns how many go on. May be
    repeated; a provider's refusal as there."""
    resumed = 0
    for live in Subscription.objects.live().filter(
        organization__deletion_scheduled_for=None, organization__erased_at=None, stopped_for_deletion=True
    ):
        with keep_going("a renewal could not be resumed", subscription=str(live.pk)):
            if live.by_card:
                payments.provider(live.provider).resume(live.external_id)
            rows = Subscription.objects.filter(pk=live.pk, stopped_for_deletion=True)
            resumed += rows.update(cancel_at_period_end=False, stopped_for_deletion=False)
    return resumed
