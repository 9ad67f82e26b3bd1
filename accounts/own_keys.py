"""Whether an organization may use provider keys of its own, whatever its plan says. Staff decide that by hand."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import Organization
from scribe import audit
from scribe.errors import Conflict


@transaction.atomic
def allow(*, organization: Organization, allowed: bool, by: Any, reason: str) -> Organization:
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
