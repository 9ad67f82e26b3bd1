"""Endpoints: add, change, disable, enable, their secrets, and a test."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypedDict, Unpack
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import notifications
from accounts.models import Organization, User
from scribe import audit, choices, chosen_projects, outbox
from scribe.errors import Conflict, InvalidInput, NotFound
from scribe.http.addresses import check_url
from scribe.messages import _
from scribe.outbox.types import TYPES
from scribe.types import Json
from webhooks import signatures
from webhooks.models import EventDelivery, WebhookEndpoint

Reason = WebhookEndpoint.Reason
MOST = 10  # of one organization
OVERLAP_HOURS = 24
DISABLED_AFTER = timedelta(days=5)
WARNED_AFTER = (1, 3)  # days
#: An endpoint that gets an event a week is not disabled for one lost answer.
FEWEST_FAILURES = 8
#: The health of an endpoint that begins anew.
WELL: Json = {"failures": 0, "failing_since": None, "warned_days": 0, "paused_until": None}
#: What admins are told of an endpoint that none of them has disabled.
WHY = {
    Reason.GONE: _("It returned 410 Gone."),
    Reason.FAILING: _("No event could be delivered for five days."),
    Reason.SWITCHED_OFF: _("Our support disabled it."),
}


class EndpointChanges(TypedDict, total=False):
    """What `update` changes."""

    url: str
    description: str
    types: Sequence[str]
    project_ids: Sequence[UUID | str]
    is_active: bool


def create(  # noqa: PLR0913 - each by its name
    *,
    organization: Organization,
    by: User,
    url: str,
    description: str = "",
    types: Sequence[str] = (),
    project_ids: Sequence[UUID | str] = (),
    last: Callable[[WebhookEndpoint], None] = lambda made: None,
) -> WebhookEndpoint:
    """Add an endpoint: of a test key, for the events of test work. Its `secret` may be shown to the caller, this once.
    `last` is called with it in the transaction, at its end. Raises InvalidInput for an address that we do not call or a
    project of the other mode, NotFound for an unknown project, and Conflict `too_many_endpoints`."""
    is_test = by.api_key is not None and by.api_key.is_test
    url = check_url(url, pointer="#/url")  # before the transaction: a look-up of a name may take long
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(
            pk=organization.pk
        )  # two at once take turns to be counted
        if WebhookEndpoint.objects.of(organization).filter(is_test=is_test).count() >= MOST:
            raise Conflict(_("An organization has at most {most} endpoints.", most=MOST), code="too_many_endpoints")
        endpoint = WebhookEndpoint.objects.create(
            organization=organization,
            url=url,
            description=description,
            types=_known_types(types),
            project_ids=chosen_projects.check(project_ids, caller=by, is_test=is_test),
            is_test=is_test,
            secret=signatures.new_secret(),
        )
        _note("added", endpoint, by, after={"host": host(url), "types": endpoint.types})
        last(endpoint)
    return endpoint


def lock(endpoint: WebhookEndpoint, *, whole: bool = False) -> WebhookEndpoint:
    """The endpoint as it is now, locked until the transaction ends; `whole` for its deletion. Whoever changes an
    endpoint or its deliveries locks the endpoint first. Raises NotFound when somebody has deleted it meanwhile."""
    rows = WebhookEndpoint.objects.select_for_update(no_key=not whole, of=("self",)).select_related("organization")
    found: WebhookEndpoint | None = rows.filter(pk=endpoint.pk).first()
    if found is None:
        raise NotFound
    return found


def update(*, endpoint: WebhookEndpoint, by: User, **changes: Unpack[EndpointChanges]) -> WebhookEndpoint:
    """Change `url`, `description`, `types`, `project_ids` or `is_active`: what is given. A new address begins without
    the old one's failures and rest."""
    active = changes.pop("is_active", None)
    if "url" in changes:
        changes["url"] = check_url(changes["url"], pointer="#/url")
    if "types" in changes:
        changes["types"] = _known_types(changes["types"])
    if "project_ids" in changes:
        changes["project_ids"] = chosen_projects.check(changes["project_ids"], caller=by, is_test=endpoint.is_test)
    with transaction.atomic():
        endpoint = lock(endpoint)
        changed = {name: value for name, value in changes.items() if getattr(endpoint, name) != value}
        if changed:
            health = WELL | {"pace": 0, "quick_answers": 0} if "url" in changed else {}
            for name, value in (changed | health).items():
                setattr(endpoint, name, value)
            endpoint.save(update_fields=[*changed, *health])
            _note("changed", endpoint, by, after={"fields": sorted(changed)})
        if active is True:
            enable(endpoint=endpoint, by=by)
        elif active is False:
            disable(endpoint=endpoint, reason=Reason.SWITCHED_OFF, by=by)
    return endpoint


@transaction.atomic
def delete(*, endpoint: WebhookEndpoint, by: User | None) -> None:
    """Delete it with its deliveries. Raises NotFound when it is gone."""
    endpoint = lock(endpoint, whole=True)
    _note("deleted", endpoint, by)
    endpoint.delete()


@transaction.atomic
def disable(*, endpoint: WebhookEndpoint, reason: str, by: User | None = None) -> bool:
    """Send it nothing any more. What was pending counts as failed, and a replay brings it. The admins get a notice
    unless it is a test endpoint or was done by one of theirs: `by` is None for what happens by itself, and may be a
    member of our staff. False if it was disabled before. Raises NotFound when it is gone."""
    now = timezone.now()
    still = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at=None)
    done = still.update(disabled_at=now, disabled_reason=reason, paused_until=None)
    _read(endpoint)
    if not done:
        return False
    pending = EventDelivery.objects.filter(endpoint=endpoint, state=EventDelivery.State.PENDING)
    pending.update(state=EventDelivery.State.FAILED, next_at=None)
    _note("disabled", endpoint, by, after={"reason": str(reason)})
    notifications.notify(
        organization=endpoint.organization,
        event="endpoint.disabled",
        objects={endpoint.pk: {"reason": str(reason)}},
        title=_("Webhooks to {host} are disabled", host=host(endpoint.url)),
        body=_("{why} When it works again, enable it and send the missed events again.", why=WHY[Reason(reason)]),
        data={"endpoint_id": str(endpoint.pk)},
        users=() if by is not None and by.organization_id == endpoint.organization_id else None,
        is_test=endpoint.is_test,
    )
    return True


@transaction.atomic
def enable(*, endpoint: WebhookEndpoint, by: User | None) -> bool:
    """Send it new events again. Those that it missed come by a replay. False if it was not disabled. Raises NotFound
    when it is gone."""
    disabled = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at__isnull=False)
    done = disabled.update(disabled_at=None, disabled_reason="", **WELL)
    _read(endpoint)
    if done:
        _note("enabled", endpoint, by)
    return bool(done)


@transaction.atomic
def rotate(*, endpoint: WebhookEndpoint, by: User | None, overlap_hours: int = OVERLAP_HOURS) -> WebhookEndpoint:
    """Give it a new secret, which may be shown this once. The old one signs as well for `overlap_hours`; an older one
    no more. Raises NotFound when it is gone."""
    endpoint = lock(endpoint)
    endpoint.previous_secret = endpoint.secret if overlap_hours else ""
    endpoint.previous_until = timezone.now() + timedelta(hours=overlap_hours) if overlap_hours else None
    endpoint.secret = signatures.new_secret()
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
    _note("secret_rotated", endpoint, by, after={"overlap_hours": overlap_hours})
    return endpoint


@transaction.atomic
def ping(*, endpoint: WebhookEndpoint) -> UUID:
    """Send the endpoint a test, whatever its types. Returns the event's id. Raises Conflict `endpoint_disabled`, and
    NotFound when it is gone."""
    endpoint = lock_active(endpoint)
    ids = outbox.record(
        organization=endpoint.organization_id, event="ping", objects={endpoint.pk: {}}, is_test=endpoint.is_test
    )
    return ids[0]


def lock_active(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """As `lock`. Raises Conflict `endpoint_disabled` as well."""
    locked = lock(endpoint)
    if not locked.is_active:
        raise Conflict(_("The endpoint is disabled. Enable it first."), code="endpoint_disabled")
    return locked


def judge(endpoint: WebhookEndpoint) -> None:
    """Warn of an endpoint that has failed for days, and disable it in the end. In the transaction that noted a
    failure."""
    if endpoint.failing_since is None or endpoint.failures < FEWEST_FAILURES:
        return
    failing = timezone.now() - endpoint.failing_since
    if failing >= DISABLED_AFTER:
        disable(endpoint=endpoint, reason=Reason.FAILING)
        return
    reached = max((day for day in WARNED_AFTER if failing >= timedelta(days=day)), default=0)
    if reached > endpoint.warned_days and not endpoint.is_test:  # a leaked test key fills no mailbox
        endpoint.warned_days = reached
        endpoint.save(update_fields=["warned_days"])
        notifications.notify(
            organization=endpoint.organization,
            event="endpoint.failing",
            title=_("Webhooks to {host} have failed for a day", host=host(endpoint.url))
            if reached == 1
            else _("Webhooks to {host} have failed for {days} days", host=host(endpoint.url), days=reached),
            body=_(
                "No event could be delivered in this time. After five days the endpoint is disabled. Its "
                "deliveries show what it replied."
            ),
            data={"endpoint_id": str(endpoint.pk)},
        )


def forget_old_secrets() -> int:
    """Remove secrets whose overlap is over."""
    return WebhookEndpoint.objects.filter(previous_until__lte=timezone.now()).update(
        previous_secret="", previous_until=None
    )


def host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _read(endpoint: WebhookEndpoint) -> None:
    """Bring the row in memory up to date. Raises NotFound when it is gone."""
    try:
        endpoint.refresh_from_db()
    except WebhookEndpoint.DoesNotExist:
        raise NotFound from None


def _known_types(types: Sequence[str]) -> list[str]:
    faults = [
        {"pointer": f"#/types/{place}", "detail": choices.refusal(name, TYPES), "code": "unknown_event_type"}
        for place, name in enumerate(types)
        if name not in TYPES
    ]
    if faults:
        raise InvalidInput(faults[0]["detail"], code="unknown_event_type", errors=faults)
    return sorted(set(types))


def _note(verb: str, endpoint: WebhookEndpoint, by: User | None, after: Json | None = None) -> None:
    audit.record(action=f"webhook_endpoint.{verb}", actor=by, target=endpoint, after=after)
