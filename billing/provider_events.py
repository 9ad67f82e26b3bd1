"""Webhook events: stored once, applied once, in any order.

An event is stored as it came and acknowledged; a task applies it, and its effects and its status commit together. One
that speaks of a row that is not there yet is parked until an event brings it; one that disagrees with what was ordered
is parked for staff.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from billing import paid, references, refunds, subscription_changes
from billing.errors import NeedsStaff, NotYetKnown
from billing.models import Payment, ProviderEvent, Subscription
from integrations import payments
from integrations.payments.errors import PaymentError
from integrations.payments.types import Fact, PaymentFailed, PaymentSucceeded, Refunded, SubscriptionChanged
from integrations.payments.values import TOLERANCE, identifier
from scribe import audit
from scribe.errors import Conflict
from scribe.logs import get_logger
from scribe.messages import _
from scribe.queue import enqueue
from scribe.types import Json

log = get_logger(__name__)
TASK = "billing.tasks.apply_event"

Status = ProviderEvent.Status
RETRY_AFTER = timedelta(seconds=60)
#: What a provider dates later than this from when its event came counts from its date. Clocks differ by less: webhooks
#: that are signed by others are refused.
CLOCKS_DIFFER = timedelta(seconds=TOLERANCE)


def receive(provider_name: str, body: bytes, headers: Mapping[str, str]) -> ProviderEvent:
    """Verify and store a webhook, and have it applied. The same event again changes nothing.

    Raises BadSignature, NoSecret or Unreadable of `integrations.payments.errors`.
    """
    provider = payments.provider(provider_name)
    provider.verify(body, headers)
    event = provider.read(body, headers)
    facts = provider.facts(event.event_type, event.payload, event.occurred_at)
    with transaction.atomic():
        ProviderEvent.objects.bulk_create(
            [
                ProviderEvent(
                    provider=provider_name,
                    event_id=event.event_id,
                    event_type=event.event_type,
                    occurred_at=event.occurred_at,
                    payload=event.payload,
                    live_mode=provider.live_mode if event.test_mode is None else not event.test_mode,
                    references=references.references_in(facts),
                )
            ],
            ignore_conflicts=True,
        )
        stored = ProviderEvent.objects.get(provider=provider_name, event_id=event.event_id)
        if stored.status in (Status.RECEIVED, Status.FAILED):
            enqueue(TASK, str(stored.pk))
    return stored


def apply(event_pk: UUID) -> ProviderEvent | None:
    """Apply one event. Safe to repeat, to run twice at once and to kill at any line."""
    try:
        _look_up(event_pk)
        return _apply(event_pk)
    except Exception as error:
        ProviderEvent.objects.filter(pk=event_pk).exclude(status__in=(Status.APPLIED, Status.IGNORED)).update(
            status=Status.FAILED, outcome=repr(error)[:2000], attempts=F("attempts") + 1, tried_at=timezone.now()
        )
        log.error("provider event failed", event_id=str(event_pk), exc_info=error)
        return None


def _look_up(event_pk: UUID) -> None:
    """Ask the provider what an event leaves unsaid: the amount of a payment, and what a discount takes off. Its answer is kept
    with the event. Without an answer the event is parked."""
    event = ProviderEvent.objects.filter(pk=event_pk, looked_up__isnull=True).first()
    if event is None or event.done:
        return
    provider = payments.provider(event.provider)
    facts = provider.facts(event.event_type, event.payload, event.occurred_at)
    silent = [
        f.payment_id
        for f in facts
        if isinstance(f, PaymentSucceeded) and not (f.currency and f.amount_minor is not None)
    ]
    renewals = [f.renewed_by for f in facts if isinstance(f, SubscriptionChanged) and f.renewed_by]
    known = Payment.objects.filter(provider=event.provider, external_id__in=renewals, amount_minor__isnull=False)
    silent += [] if known.exclude(status=Payment.Status.FAILED).exists() else renewals
    # Each takes its part off once, however often it is named.
    discounts = dict.fromkeys(one for f in facts if isinstance(f, PaymentSucceeded) for one in f.discount_ids)
    silent = [one for one in silent if one and one == identifier(one)]
    if not (silent or discounts) or not provider.configured:
        return
    try:
        answer = {
            "payment": provider.fetch_payment(silent[0]) if silent else None,
            "discounts": [provider.fetch_discount(one) for one in discounts if one == identifier(one)],
        }
    except PaymentError as error:
        log.warning("a provider could not be asked", event_id=str(event.pk), reason=error.detail)
        return
    ProviderEvent.objects.filter(pk=event_pk).update(looked_up=answer)


def _facts(event: ProviderEvent) -> list[Fact]:
    """The facts of an event; a payment that it leaves unsaid is the one that the provider told when it was asked."""
    provider = payments.provider(event.provider)
    facts = provider.facts(event.event_type, event.payload, event.occurred_at)
    asked = (event.looked_up or {}).get("payment")
    found = provider.paid_facts(asked, event.occurred_at) if asked else []
    if found:  # after the plan that is told with it
        states = [fact for fact in facts if not isinstance(fact, PaymentSucceeded)]
        facts = [replace(one, renewed_by="") if isinstance(one, SubscriptionChanged) else one for one in states]
        facts += found
    if event.counts_from is None:
        return facts
    return [_told_by(fact, event.counts_from) for fact in facts]


def _told_by(fact: Fact, latest: datetime) -> Fact:
    """The fact; dated later than this, it has happened then."""
    times: Json = {name: min(time, latest) for name, time in _times(fact).items()}
    return replace(fact, **times)


def _times(fact: Fact) -> dict[str, datetime]:
    """When it has happened."""
    return {name: getattr(fact, name) for name in ("at", "paid_at", "failed_at") if hasattr(fact, name)}


def _check_date(event: ProviderEvent, facts: list[Fact]) -> None:
    """Raises NotYetKnown for what is dated ahead: it waits for its date. At once, a change of plan would cost less than it
    brings, and all that comes after would look old."""
    latest = max([time for fact in facts for time in _times(fact).values()], default=event.created_at)
    if latest > max(event.created_at, timezone.now()) + CLOCKS_DIFFER:
        event.counts_from = latest
        raise NotYetKnown(f"It is dated {latest:%Y-%m-%d %H:%M} (UTC), and counts from then.")


@transaction.atomic
def _apply(event_pk: UUID) -> ProviderEvent | None:
    # The row lock makes two deliveries of one event take turns; the second finds it done.
    event = ProviderEvent.objects.select_for_update().filter(pk=event_pk).first()
    if event is None or event.done:
        return event
    facts = _facts(event)
    references.lock(event.provider, references.references_in(facts))
    news = False
    try:
        _check_date(event, facts)
        with transaction.atomic():
            outcomes = [_apply_fact(event, fact) for fact in facts]
        for outcome in outcomes:
            if isinstance(outcome, Exception):  # what it says was recorded, but does not fit
                news = outcome.recorded
                raise outcome
        event.status = Status.APPLIED if facts else Status.IGNORED
        event.outcome = "; ".join(map(str, outcomes)) if facts else "This type of event has no effect here."
    except NotYetKnown as reason:
        event.status, event.outcome = Status.WAITING, str(reason)
        event.expected = event.received = None
    except NeedsStaff as reason:
        event.status, event.outcome = Status.FOR_STAFF, str(reason)
        event.expected, event.received = reason.expected or None, reason.received or None
        log.error("provider event parked for staff", event_id=str(event.pk), reason=str(reason))
        _follow(event)
    if event.status == Status.APPLIED or news:
        wake(event.provider, event.references)  # the others: it is saved after them
    event.attempts += 1
    event.tried_at = timezone.now()
    event.applied_at = timezone.now() if event.done else None
    event.save()
    return event


def _apply_fact(event: ProviderEvent, fact: Fact) -> paid.Outcome:
    references.check(fact)
    contradiction = getattr(fact, "contradiction", "")
    if contradiction and not event.accepted_at:
        raise NeedsStaff(f"It is a {event.event_type} with the {contradiction}.", received=contradiction[:40])
    if isinstance(fact, PaymentSucceeded):
        return paid.apply_payment(event, fact)
    if isinstance(fact, PaymentFailed):
        return paid.record_failed_payment(event, fact)
    if isinstance(fact, SubscriptionChanged):
        return subscription_changes.apply(event, fact)
    assert isinstance(fact, Refunded)
    return refunds.apply(event, fact)


def _same(event: ProviderEvent) -> list[ProviderEvent]:
    """The other events that tell the same. A payment is the same however it is dated."""
    rows = ProviderEvent.objects.filter(provider=event.provider, event_type=event.event_type)
    rows = rows.filter(references=event.references).exclude(pk=event.pk)
    return [row for row in rows if _facts_without_dates(row) == _facts_without_dates(event)]


def _facts_without_dates(event: ProviderEvent) -> list[Fact]:
    epoch = datetime.min.replace(tzinfo=UTC)
    return [_told_by(fact, epoch) if isinstance(fact, PaymentSucceeded) else fact for fact in _facts(event)]


def _follow(event: ProviderEvent) -> None:
    """Let an event that is parked for staff be settled as they have settled one that told the same."""
    for other in _same(event):
        if other.is_closed:
            event.status, event.outcome = other.status, other.outcome
        elif other.accepted_at and not event.accepted_at:
            event.status, event.accepted_at = Status.RECEIVED, other.accepted_at
            enqueue(TASK, str(event.pk))


def wake(provider: str, known: list[str]) -> None:
    """Have the events applied that waited for what is known now. One that is being applied sees it by itself."""
    waiting = ProviderEvent.objects.waiting_for(provider, known).order_by("occurred_at")
    for event in waiting.select_for_update(skip_locked=True):
        event.send_again()


def fetch(subscription: Subscription, *, now: datetime) -> ProviderEvent:
    """Ask the provider for a subscription of which nothing was heard when something was due, and take its answer as an
    event: once a day, through the same door as webhooks. It can change the state; grants stay with payments.

    Raises `integrations.payments.errors.PaymentError`.
    """
    provider = payments.provider(subscription.provider)
    data = provider.fetch_subscription(subscription.external_id)
    facts = provider.facts("subscription.fetched", {"data": data}, now)
    event, _ = ProviderEvent.objects.get_or_create(
        provider=subscription.provider,
        event_id=f"fetched:{subscription.external_id}:{now:%Y-%m-%d}",
        defaults={
            "event_type": "subscription.fetched",
            "occurred_at": now,
            "created_at": now,
            "payload": {"data": data},
            "live_mode": provider.live_mode,
            "references": references.references_in(facts),
        },
    )
    enqueue(TASK, str(event.pk))
    return event


def ask_about_silent(*, now: datetime | None = None) -> int:
    """Ask providers about live subscriptions whose period ended a day ago without a word: a webhook may be lost."""
    now = now or timezone.now()
    silent = Subscription.objects.live().filter(period_ends_at__lt=now - timedelta(days=1)).exclude(provider="bank")
    asked = 0
    for subscription in silent:
        if not payments.provider(subscription.provider).configured:
            continue
        try:
            fetch(subscription, now=now)
            asked += 1
        except PaymentError as error:
            log.warning("a provider could not be asked", subscription=str(subscription.pk), reason=error.detail)
        except Exception as error:  # it concerns this one: the others' answers wait behind it
            log.error("a provider's answer could not be kept", subscription=str(subscription.pk), exc_info=error)
    return asked


def sweep() -> int:
    """Send events again whose task got lost or failed, and those whose date has come; returns how many."""
    now = timezone.now()
    lost = ProviderEvent.objects.to_send_again(now - RETRY_AFTER, now)
    sent = 0
    for pk in lost.order_by("occurred_at").values_list("pk", flat=True)[:1000]:
        enqueue(TASK, str(pk))
        sent += 1
    return sent


def replay(*, event: ProviderEvent, by: User, reason: str = "") -> ProviderEvent | None:
    """Apply an event again, on behalf of staff; what it did before it does not do twice. One that they have closed is
    opened, also where it was told again."""
    told = [event, *(one for one in _same(event) if event.is_closed and one.is_closed)]
    with transaction.atomic():
        for one in told:
            ProviderEvent.objects.filter(pk=one.pk).update(status=Status.RECEIVED, attempts=0)
            before = {"status": one.status}
            audit.record(action="provider_event.replayed", actor=by, target=one, reason=reason, before=before)
    first, *_ = [apply(one.pk) for one in told]
    return first


def accept(*, event: ProviderEvent, by: User, reason: str) -> ProviderEvent | None:
    """Take the amount of a parked event for the price, and trust the event, on behalf of staff; also where it was told
    again. Raises Conflict for any other."""
    told = _rows_to_settle(event)
    with transaction.atomic():
        for one in told:
            ProviderEvent.objects.filter(pk=one.pk).update(accepted_at=timezone.now())
            _audit("provider_event.accepted", one, by, reason)
    applied = [apply(one.pk) for one in told]
    return applied[0]


def count_now(*, event: ProviderEvent, by: User, reason: str) -> ProviderEvent | None:
    """Let an event that is dated ahead count from when it came, at the hands of staff. Raises Conflict for any other."""
    if not event.is_ahead:
        raise Conflict(_("Only a parked event can be settled manually."), code="event_not_parked")
    with transaction.atomic():
        ProviderEvent.objects.filter(pk=event.pk).update(counts_from=event.created_at)
        _audit("provider_event.dated", event, by, reason)
    return apply(event.pk)


def close(*, event: ProviderEvent, by: User, reason: str) -> None:
    """Leave a parked event without effect, also where it was told again, at the hands of staff, since it was settled
    otherwise."""
    told = _rows_to_settle(event)
    with transaction.atomic():
        for one in told:
            outcome = f"{ProviderEvent.CLOSED}{reason}"[:2000]
            ProviderEvent.objects.filter(pk=one.pk).update(status=Status.IGNORED, outcome=outcome)
            _audit("provider_event.closed", one, by, reason)


def _rows_to_settle(event: ProviderEvent) -> list[ProviderEvent]:
    """A parked event, and those that tell the same. Raises Conflict for any other."""
    if event.status not in (Status.FOR_STAFF, Status.WAITING):
        raise Conflict(_("Only a parked event can be settled manually."), code="event_not_parked")
    return [event, *(one for one in _same(event) if one.status == event.status)]


def _audit(action: str, event: ProviderEvent, by: User, reason: str) -> None:
    audit.record(
        action=action,
        actor=by,
        target=event,
        reason=reason,
        before={"status": event.status, "expected": event.expected, "received": event.received},
    )
