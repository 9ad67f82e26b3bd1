"""Warnings before a key ends: by notice and mail, 14 and 3 days before."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import notices
from accounts.models import ApiKey
from scribe import outbox
from scribe.api.fields import utc

#: Days before the end, the last warning first.
STEPS = (3, 14)


def warn() -> int:
    """Warn of the keys that end soon and were not replaced, each once a step. Returns how many warnings went out."""
    sent = 0
    for days in STEPS:
        now = timezone.now()
        unwarned = Q(warned_days=None) | Q(warned_days__gt=days)
        ending = ApiKey.objects.live().filter(unwarned, expires_at__lte=now + timedelta(days=days), replaced_at=None)
        for key in ending.select_related("organization"):
            sent += _warn(key, days)
    return sent


@transaction.atomic
def _warn(key: ApiKey, days: int) -> bool:
    """False when another run has warned meanwhile."""
    unwarned = Q(warned_days=None) | Q(warned_days__gt=days)
    if not ApiKey.objects.filter(unwarned, pk=key.pk, expires_at=key.expires_at).update(warned_days=days):
        return False
    notices.security_of_organization(
        organization=key.organization,
        title="An API key of your organization is about to expire",
        body=f"The key “{key.name}” ({key.prefix}…) stops working on {key.expires_at:%d.%m.%Y at %H:%M} UTC. "
        "Rotate it to have a new one beside it for a while.",
    )
    outbox.record(
        organization=key.organization_id,
        event="api_key.expiring",
        objects={key.pk: {"expires_at": utc(key.expires_at)}},
        key=f"api_key.expiring:{key.pk}:{key.expires_at:%Y%m%d%H%M%S}:{days}",
    )
    return True
