"""Suspending an organization: it neither buys nor generates (billing.access.check_open), and keeps all it has."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization
from scribe import audit
from scribe.api.errors import Conflict


@transaction.atomic
def suspend(*, organization: Organization, by: Any, reason: str) -> Organization:
    """Suspend, for a reason. Raises Conflict `already_suspended`."""
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if row.is_suspended:
        raise Conflict("The organization is suspended already.", code="already_suspended")
    row.suspended_at, row.suspended_reason = timezone.now(), reason
    row.save(update_fields=["suspended_at", "suspended_reason"])
    _record("organization.suspended", row, by, reason, suspended=True)
    return row


@transaction.atomic
def reinstate(*, organization: Organization, by: Any, reason: str) -> Organization:
    """End a suspension. Raises Conflict `not_suspended`."""
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if not row.is_suspended:
        raise Conflict("The organization is not suspended.", code="not_suspended")
    row.suspended_at, row.suspended_reason = None, ""
    row.save(update_fields=["suspended_at", "suspended_reason"])
    _record("organization.reinstated", row, by, reason, suspended=False)
    return row


@transaction.atomic
def allow_own_keys(*, organization: Organization, allowed: bool, by: Any, reason: str) -> Organization:
    """Allow or forbid own provider keys, whatever the plan says. Stored keys stay, unused while it is forbidden."""
    row = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if row.byok_enabled == allowed:
        raise Conflict("That is so already.", code="no_change")
    row.byok_enabled = allowed
    row.save(update_fields=["byok_enabled"])
    audit.record(
        action="organization.own_keys_allowed" if allowed else "organization.own_keys_forbidden",
        actor=by,
        organization=row,
        target=row,
        reason=reason,
        before={"byok_enabled": not allowed},
        after={"byok_enabled": allowed},
    )
    return row


def _record(action: str, row: Organization, by: Any, reason: str, *, suspended: bool) -> None:
    audit.record(
        action=action,
        actor=by,
        organization=row,
        target=row,
        reason=reason,
        before={"suspended": not suspended},
        after={"suspended": suspended},
    )
