"""Endpoints: add, change, disable, enable, their secrets, and a test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import notifications
from accounts.models import Organization
from scribe import audit, outbox
from scribe.errors import Conflict, InvalidInput
from scribe.http.addresses import check_url
from scribe.outbox.types import TYPES
from webhooks import signatures
from webhooks.models import EventDelivery, WebhookEndpoint

Reason = WebhookEndpoint.Reason
MOST = 10  # of one organization
OVERLAP_HOURS = 24
DISABLED_AFTER = timedelta(days=5)
WARNED_AFTER = (1, 3)  # days
#: An endpoint that gets an event a week is not disabled for one lost answer.
FEWEST_FAILURES = 8


@transaction.atomic
def create(*, organization: Organization, by: Any, url: str, description: str = "", types: Sequence[str] = ()) -> Any:
    """Add an endpoint. Its `secret` may be shown to the caller, this once. Raises InvalidInput for an address that we
    do not call, and Conflict `too_many_endpoints`."""
    url = check_url(url, pointer="#/url")
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)  # two at once take turns to be counted
    if WebhookEndpoint.objects.of(organization).count() >= MOST:
        raise Conflict(f"An organization has at most {MOST} endpoints.", code="too_many_endpoints")
    endpoint = WebhookEndpoint.objects.create(
        organization=organization,
        url=url,
        description=description,
        types=_known(types),
        secret=signatures.new_secret(),
    )
    _note("added", endpoint, by, after={"host": host(url), "types": endpoint.types})
    return endpoint


@transaction.atomic
def update(*, endpoint: WebhookEndpoint, by: Any, **changes: Any) -> WebhookEndpoint:
    """Change `url`, `description`, `types` or `is_active`: what is given."""
    active = changes.pop("is_active", None)
    if "url" in changes:
        changes["url"] = check_url(changes["url"], pointer="#/url")
    if "types" in changes:
        changes["types"] = _known(changes["types"])
    changed = {name: value for name, value in changes.items() if getattr(endpoint, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(endpoint, name, value)
        endpoint.save(update_fields=list(changed))
        _note("changed", endpoint, by, after={"fields": sorted(changed)})
    if active is True:
        enable(endpoint=endpoint, by=by)
    elif active is False:
        disable(endpoint=endpoint, reason=Reason.SWITCHED_OFF, by=by)
    return endpoint


@transaction.atomic
def delete(*, endpoint: WebhookEndpoint, by: Any) -> None:
    _note("deleted", endpoint, by)
    endpoint.delete()


@transaction.atomic
def disable(*, endpoint: WebhookEndpoint, reason: str, by: Any = None) -> bool:
    """Send it nothing any more. What was pending counts as failed, and a replay brings it. The admins get a notice unless one
    of them did it. False if it was disabled before."""
    now = timezone.now()
    still = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at=None)
    if not still.update(disabled_at=now, disabled_reason=reason, paused_until=None):
        return False
    endpoint.refresh_from_db()
    pending = EventDelivery.objects.filter(endpoint=endpoint, state=EventDelivery.State.PENDING)
    pending.update(state=EventDelivery.State.FAILED, next_at=None)
    outbox.record(
        organization=endpoint.organization_id,
        event="endpoint.disabled",
        objects={endpoint.pk: {"reason": str(reason)}},
    )
    _note("disabled", endpoint, by, after={"reason": str(reason)})
    if by is None:
        why = "It answered 410 Gone." if reason == Reason.GONE else "No event has reached it for five days."
        _tell(
            endpoint,
            title=f"Webhooks to {host(endpoint.url)} are disabled",
            body=f"{why} Once it works again, enable it and replay the events since then.",
        )
    return True


@transaction.atomic
def enable(*, endpoint: WebhookEndpoint, by: Any) -> bool:
    """Send it new events again. Those that it missed come by a replay. False if it was not disabled."""
    disabled = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at__isnull=False)
    if not disabled.update(
        disabled_at=None, disabled_reason="", failures=0, failing_since=None, warned_days=0, paused_until=None
    ):
        return False
    endpoint.refresh_from_db()
    _note("enabled", endpoint, by)
    return True


@transaction.atomic
def rotate(*, endpoint: WebhookEndpoint, by: Any, overlap_hours: int = OVERLAP_HOURS) -> WebhookEndpoint:
    """Give it a new secret, which may be shown this once. The old one signs as well for `overlap_hours`; an older one no
    more."""
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
    endpoint.previous_secret = endpoint.secret if overlap_hours else ""
    endpoint.previous_until = timezone.now() + timedelta(hours=overlap_hours) if overlap_hours else None
    endpoint.secret = signatures.new_secret()
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
    _note("secret_rotated", endpoint, by, after={"overlap_hours": overlap_hours})
    return endpoint


@transaction.atomic
def ping(*, endpoint: WebhookEndpoint) -> UUID:
    """Send the endpoint a test, whatever its types. Returns the event's id. Raises Conflict `endpoint_disabled`."""
    if not endpoint.is_active:
        raise Conflict("The endpoint is disabled. Enable it first.", code="endpoint_disabled")
    [event_id] = outbox.record(organization=endpoint.organization_id, event="ping", objects={endpoint.pk: {}})
    return event_id


def judge(endpoint: WebhookEndpoint) -> None:
    """Warn of an endpoint that has failed for days, and disable it in the end. In the transaction that noted a failure."""
    if endpoint.failing_since is None or endpoint.failures < FEWEST_FAILURES:
        return
    failing = timezone.now() - endpoint.failing_since
    if failing >= DISABLED_AFTER:
        disable(endpoint=endpoint, reason=Reason.FAILING)
        return
    reached = max((day for day in WARNED_AFTER if failing >= timedelta(days=day)), default=0)
    if reached > endpoint.warned_days:
        endpoint.warned_days = reached
        endpoint.save(update_fields=["warned_days"])
        days = "a day" if reached == 1 else f"{reached} days"
        _tell(
            endpoint,
            title=f"Webhooks to {host(endpoint.url)} have failed for {days}",
            body="No event has reached it in this time. After five days it is disabled. Its deliveries say what it answered.",
        )


def forget_old_secrets() -> int:
    """Remove secrets whose overlap is over."""
    return WebhookEndpoint.objects.filter(previous_until__lte=timezone.now()).update(
        previous_secret="", previous_until=None
    )


def host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _known(types: Sequence[str]) -> list[str]:
    if unknown := sorted(set(types) - set(TYPES)):
        raise InvalidInput.at("#/types", f"There are no such events: {', '.join(unknown)}.", "unknown_event_type")
    return sorted(set(types))


def _tell(endpoint: WebhookEndpoint, *, title: str, body: str) -> None:
    notifications.notify(
        organization=endpoint.organization,
        kind="webhook_failing",
        title=title,
        body=body,
        data={"endpoint_id": str(endpoint.pk)},
    )


def _note(verb: str, endpoint: WebhookEndpoint, by: Any, after: dict[str, Any] | None = None) -> None:
    audit.record(
        action=f"webhook_endpoint.{verb}", actor=by, organization=endpoint.organization_id, target=endpoint, after=after
    )
