"""Changes that a provider reports about a subscription: its state, plan and period. What it is worth, payments decide."""

from billing import ledger, paid, settlement, subscriptions
from billing.errors import NeedsStaff, NotYetKnown
from billing.lot_book import News
from billing.models import Checkout, Payment, PaymentCustomer, Plan, PlanSeen, ProviderEvent, Subscription
from integrations.payments.types import SubscriptionChanged

Status = Subscription.Status


def apply(event: ProviderEvent, fact: SubscriptionChanged) -> paid.Outcome:
    """Take over a subscription's state if it is the newest known, and let tier, period and standing follow. While the payment
    that it names is not known, its event is parked all the same: that payment may be of the plan that it tells."""
    subscription = subscriptions.find_subscription(event.provider, fact.subscription_id) or _find(event, fact)
    ledger.lock(subscription.organization_id)
    subscription.refresh_from_db()  # as of the lock
    event.organization_id = subscription.organization_id
    subscriptions.check_customer(event.provider, fact.customer_id, subscription.organization_id)
    plan, period = subscription.plan, subscription.billing_period
    if fact.price_id:
        plan, period = subscriptions.plan_of_price(subscription, fact.price_id)
    _check(event, fact, subscription)
    _, is_new = PlanSeen.objects.get_or_create(
        subscription=subscription,
        plan=plan,
        at=fact.at,
        defaults={"organization_id": subscription.organization_id, "billing_period": period},
    )
    noted = paid.correct_renewals(subscription, fact.at)
    is_news = _is_news(subscription, fact)
    changes = is_news and subscription.last_event_at != fact.at  # else it was told before
    if is_news:
        outcome = _take_over(subscription, fact, plan, period) + noted
    else:
        outcome = "Older than what is known of this subscription." + noted
    settlement.settle(
        subscription.organization_id,
        news=News(fact.at, happened_at=fact.at if is_new else None),
        reason="The subscription has ended",
    )
    renewal = Payment.objects.filter(provider=event.provider, external_id=fact.renewed_by)
    if fact.renewed_by and not renewal.exclude(status=Payment.Status.FAILED).exists():
        parked = NotYetKnown("The payment of this renewal is not known, nor what it amounts to.")
        parked.recorded = changes or is_new
        return parked
    return outcome


def _find(event: ProviderEvent, fact: SubscriptionChanged) -> Subscription:
    """The subscription of a checkout of ours: by the transaction that it names, or as the only thing that this
    customer ordered at this price. Raises NotYetKnown when neither is known."""
    checkout = subscriptions.checkout_of(event.provider, fact.checkout_id)
    if checkout is None and fact.customer_id:
        customer = PaymentCustomer.objects.filter(provider=event.provider, external_id=fact.customer_id).first()
        if customer is not None:
            taken = Subscription.objects.of(customer.organization_id).exclude(checkout=None).values("checkout")
            ordered = Checkout.objects.of(customer.organization_id).filter(
                provider=event.provider,
                kind=Checkout.Kind.SUBSCRIPTION,
                price_id=fact.price_id,
                external_id__isnull=False,
            )
            checkout = ordered.exclude(pk__in=taken).order_by("-created_at").first()
    if checkout is None or checkout.plan is None:
        raise NotYetKnown("No checkout of ours led to this subscription, as far as is known.")
    return subscriptions.create(checkout, fact.subscription_id, fact.customer_id)


def _check(event: ProviderEvent, fact: SubscriptionChanged, subscription: Subscription) -> None:
    checkout = subscription.checkout
    if fact.quantity != 1:
        raise NeedsStaff(f"A subscription of {fact.quantity} is no plan of ours.")
    if checkout is not None and checkout.live_mode != event.live_mode:
        raise NeedsStaff("The event comes from another environment than the checkout.")
    if checkout is not None and fact.currency and fact.currency != checkout.currency:
        raise NeedsStaff(f"Subscribed in {fact.currency}, ordered in {checkout.currency}.")


def _is_news(subscription: Subscription, fact: SubscriptionChanged) -> bool:
    """Whether this description is newer than the stored one. Of two at the same time, the one that ends the subscription counts."""
    known = subscription.last_event_at
    if known is None or fact.at > known:
        return True
    over = subscription.status in (Status.CANCELLED, Status.EXPIRED)
    return fact.at == known and not (over and fact.status not in Subscription.ENDED)


def _take_over(subscription: Subscription, fact: SubscriptionChanged, plan: Plan, period: str) -> str:
    subscription.status, subscription.plan, subscription.billing_period = fact.status, plan, period
    subscription.customer_id = fact.customer_id or subscription.customer_id
    subscription.period_ends_at = fact.period_ends_at or subscription.period_ends_at
    subscription.cancel_at_period_end = fact.cancel_at_period_end
    subscription.last_event_at = fact.at
    subscription.ended_at = min(fact.ended_at or fact.at, fact.at) if fact.status in Subscription.ENDED else None
    if fact.scheduled_price_id:
        subscription.pending_plan, subscription.pending_period = subscriptions.plan_of_price(
            subscription, fact.scheduled_price_id
        )
    happened = (subscription.pending_plan_id, subscription.pending_period) == (plan.pk, period)
    if happened or fact.scheduled_price_id == "" or fact.status in Subscription.ENDED:
        subscription.pending_plan, subscription.pending_period, subscription.pending_sent_at = None, "", None
    subscription.save()
    return f"The subscription is {fact.status} on {plan.pk}, {period}."
