"""Checks of an admin session: whether it belongs to staff, and whether they gave a code of their device."""

from __future__ import annotations

from django.http import HttpRequest


def is_staff(request: HttpRequest) -> bool:
    """Whether a member of staff gave their password in this session."""
    user = request.user
    return bool(user.is_active and user.is_staff)


def is_verified(request: HttpRequest) -> bool:
    """Whether they gave a code of their device as well."""
    check = getattr(request.user, "is_verified", None)
    return bool(check and check())
