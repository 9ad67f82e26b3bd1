"""Keys for a shop's plugin. A key is shown once, when it is made; only its hash is kept."""

from __future__ import annotations

import secrets
import string

from django.db import transaction

from accounts import notices
from accounts.authentication import API_KEY_PREFIX
from accounts.models import ApiKey, Organization, User
from scribe import audit
from scribe.crypto import digest

ALPHABET = string.ascii_letters + string.digits
LENGTH = 40
VISIBLE = len(API_KEY_PREFIX) + 6


@transaction.atomic
def create(*, organization: Organization, by: User, name: str) -> tuple[ApiKey, str]:
    """Make a new key. The second value is the key itself, which cannot be shown again."""
    raw = API_KEY_PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    key = ApiKey.objects.create(
        organization=organization, name=name, prefix=raw[:VISIBLE], digest=digest(raw), created_by=by
    )
    _told(key, by, "created", "An API key was made for your organization")
    return key, raw


@transaction.atomic
def deactivate(*, key: ApiKey, by: User) -> ApiKey:
    """Stop the key working. A repeated call changes nothing."""
    if ApiKey.objects.filter(pk=key.pk, is_active=True).update(is_active=False):
        _told(key, by, "deactivated", "An API key of your organization was deactivated")
    key.is_active = False
    return key


@transaction.atomic
def delete(*, key: ApiKey, by: User) -> None:
    """Remove the key. It stops working at once."""
    _told(key, by, "deleted", "An API key of your organization was deleted")
    key.delete()


def _told(key: ApiKey, by: User, verb: str, title: str) -> None:
    notices.security_of_organization(
        organization=key.organization,
        title=title,
        body=f"The key “{key.name}” ({key.prefix}…) was {verb} by {by.name}.",
    )
    audit.record(action=f"api_key.{verb}", actor=by, organization=key.organization_id, target=key)
