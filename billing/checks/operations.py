"""What was called and what was told: calls of models have their cost, and no event of a provider is stuck."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from billing.checks.discrepancy import Discrepancy, rows
from billing.models import ProviderEvent
from integrations.ai.capabilities import BUILT_IN

#: An event that is not applied after this time counts as stuck.
STUCK_AFTER = timedelta(minutes=15)
WAITS_AFTER = timedelta(hours=24)
#: Over which time costs and margins are looked at.
COSTS_WINDOW = timedelta(days=30)


def costs() -> Iterator[Discrepancy]:
    """Each call on our keys has its cost in USD, unless its model costs nothing."""
    statement = """
        SELECT u.organization_id, u.provider, u.model, count(*), sum(u.xct)
        FROM billing_usagerecord u LEFT JOIN billing_aimodel m ON m.id = u.ai_model_id
        WHERE u.created_at >= %s AND u.provider <> %s AND u.cost_usd = 0 AND NOT u.byok AND NOT u.is_test
          AND CASE WHEN m.id IS NULL THEN u.xct > 0 OR u.input_tokens + u.output_tokens > 0
              ELSE m.input_usd * u.input_tokens + m.output_usd * u.output_tokens >= 1 END
        GROUP BY 1, 2, 3
    """
    for organization_id, provider, model, calls, xct in rows(statement, timezone.now() - COSTS_WINDOW, BUILT_IN):
        subject, came = f"{provider}/{model} of {organization_id}", f"none for {calls} calls of {xct:f} XCT"
        yield Discrepancy("call_has_its_cost", subject, "a cost in USD", came, organization_id)


def events() -> Iterator[Discrepancy]:
    """No event of a provider is stuck, parked for staff, or waiting for too long."""
    now = timezone.now()
    late = {"received": STUCK_AFTER, "failed": STUCK_AFTER, "for_staff": timedelta(0), "waiting": WAITS_AFTER}
    rows = ProviderEvent.objects.filter(status__in=list(late))
    for event in rows.defer("payload", "looked_up"):
        if event.created_at <= now - late[event.status]:
            subject = f"{event.provider} event {event.event_id}"
            detail = {"type": event.event_type, "outcome": event.outcome}
            wanted, came = event.expected or "applied", event.received or event.status
            yield Discrepancy("event_is_applied", subject, wanted, came, event.organization_id, detail)
