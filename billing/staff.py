"""Notices to the platform's staff."""

from __future__ import annotations

from typing import Any

from accounts import notifications
from accounts.models import Organization, User


def tell(*, organization_id: Any, title: str, body: str, data: dict[str, Any], key: str) -> None:
    """Tell all staff of something about this organization, once per `key`."""
    notifications.notify(
        organization=Organization.objects.get(pk=organization_id),
        kind="security",
        users=User.objects.filter(is_super_admin=True, is_active=True).select_related("organization"),
        title=title,
        body=body,
        data=data,
        key=key,
    )
