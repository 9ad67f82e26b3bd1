"""Who may call: the base permission. Roles are declared on the views."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission


class SignedIn(BasePermission):
    """Somebody: a user with a live session or, where the view takes them, an API key."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return request.user is not None
