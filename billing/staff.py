"""Notices to the platform's staff."""

from uuid import UUID

from accounts import notifications
from accounts.models import Organization, User
from scribe.types import Json


def notify(*, organization_id: UUID, title: str, body: str, data: Json, key: str) -> None:
    """Tell all staff of something about this organization, once per `key`."""
    notifications.notify(
        organization=Organization.objects.get(pk=organization_id),
        event="account.changed",
        users=User.objects.filter(is_super_admin=True, is_active=True).select_related("organization"),
        title=title,
        body=body,
        data=data,
        key=key,
    )
