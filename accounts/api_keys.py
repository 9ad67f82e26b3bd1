"""Keys for programs: made, changed, replaced and ended. A key is shown once, when it is made; only its hash is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import key_texts, notices
from accounts.models import ApiKey, Organization, User
from scribe import audit
from scribe.api import scopes as known
from scribe.crypto import digest
from scribe.errors import Conflict, InvalidInput, NotFound

LAST_MOMENT = datetime.max.replace(tzinfo=UTC)  # that a time can name


@transaction.atomic
def create(
    *,
    organization: Organization,
    by: User,
    name: str,
    scopes: Sequence[str] = known.DEFAULT,
    mode: str = ApiKey.Mode.LIVE,
    expires_at: datetime | None = None,
    allowed_networks: Sequence[str] = (),
    xct_per_month: Decimal | None = None,
) -> tuple[ApiKey, str]:
    """Make a key that acts as `by`. The second value is the key itself, which cannot be shown again.

    Raises InvalidInput for an end in the past.
    """
    _check_end(expires_at)
    key, raw = _make(
        organization=organization,
        by=by,
        name=name,
        mode=mode,
        scopes=sorted(scopes),
        expires_at=expires_at,
        allowed_networks=list(allowed_networks),
        xct_per_month=xct_per_month,
    )
    _told(key, by, "created", "An API key was made for your organization")
    return key, raw


def _make(*, organization: Organization, by: User, mode: str, **fields: Any) -> tuple[ApiKey, str]:
    raw = key_texts.make(mode)
    key = ApiKey.objects.create(
        organization=organization,
        created_by=by,
        mode=mode,
        prefix=raw[: key_texts.VISIBLE],
        digest=digest(raw),
        **fields,
    )
    return key, raw


@transaction.atomic
def rotate(*, key: ApiKey, by: User, overlap: timedelta, expires_at: datetime | None = None) -> tuple[ApiKey, str]:
    """A new key in the place of `key`, which works for `overlap` more. Returns it with the key itself.

    It has the same scopes, mode and networks, and acts as `by`. Without `expires_at` it lives as long as the old one was
    meant to. Raises Conflict `api_key_replaced` for a key that has been replaced, and `api_key_inactive` for a dead one.
    """
    _check_end(expires_at)
    now = timezone.now()
    old = _locked(key)  # two people who rotate the same key take turns
    if old.replaced_at is not None:
        raise _replaced(old, "This key has been replaced already.")
    if not old.is_active or (old.expires_at is not None and old.expires_at <= now):
        raise Conflict("This key does not work any more; make a new one.", code="api_key_inactive")
    if expires_at is None and old.expires_at is not None:
        expires_at = now + min(old.expires_at - old.created_at, LAST_MOMENT - now)
    new, raw = _make(
        organization=old.organization,
        by=by,
        mode=old.mode,
        name=old.name,
        scopes=old.scopes,
        expires_at=expires_at,
        allowed_networks=old.allowed_networks,
        xct_per_month=old.xct_per_month,
        line=old.line,
    )
    old.replaced_by, old.replaced_at = new, now
    old.expires_at = min(now + overlap, old.expires_at or now + overlap)
    old.save(update_fields=["replaced_by", "replaced_at", "expires_at"])
    _told(old, by, "rotated", "An API key of your organization was replaced")
    return new, raw


@transaction.atomic
def change(*, key: ApiKey, by: User, **fields: Any) -> ApiKey:
    """Set `name`, `expires_at`, `allowed_networks` or `xct_per_month`. Scopes don't change: make another key. Nobody is
    told of a change that changes nothing. Raises InvalidInput, Conflict `api_key_replaced` for another end of a key that
    has been replaced, and NotFound when the key is gone."""
    key = _locked(key)
    changed = {name: value for name, value in fields.items() if getattr(key, name) != value}
    if "expires_at" in fields:
        if key.replaced_at is not None:  # else a secret that was rotated out would work again
            raise _replaced(key, "This key has been replaced: its end stays.")
        if "expires_at" in changed:
            _check_end(fields["expires_at"])
    if not changed:
        return key
    before = {name: getattr(key, name) for name in changed}
    for name, value in changed.items():
        setattr(key, name, value)
    key.warned_days = None if "expires_at" in changed else key.warned_days  # a new end is warned of anew
    key.save(update_fields=[*changed, "warned_days"])
    _told(key, by, "changed", "An API key of your organization was changed", before=before, after=changed)
    return key


def _locked(key: ApiKey) -> ApiKey:
    """The key as it is now, locked until the transaction ends. Raises NotFound when it was deleted meanwhile."""
    rows = ApiKey.objects.select_for_update(no_key=True, of=("self",)).select_related("organization")
    found: ApiKey | None = rows.filter(pk=key.pk).first()
    if found is None:
        raise NotFound
    return found


def _replaced(key: ApiKey, detail: str) -> Conflict:
    """The refusal, which names the key that replaced this one, unless that was deleted since."""
    return Conflict(
        detail, code="api_key_replaced", replaced_by=str(key.replaced_by_id) if key.replaced_by_id else None
    )


@transaction.atomic
def deactivate(*, key: ApiKey, by: User) -> ApiKey:
    """Stop the key working. A repeated call changes nothing."""
    if ApiKey.objects.filter(pk=key.pk, is_active=True).update(is_active=False):
        _told(key, by, "deactivated", "An API key of your organization was deactivated")
    key.is_active = False
    return key


@transaction.atomic
def delete(*, key: ApiKey, by: User) -> None:
    """Remove the key. It stops working at once. Raises NotFound when it is gone."""
    key = _locked(key)
    _told(key, by, "deleted", "An API key of your organization was deleted")
    key.delete()


def _check_end(expires_at: datetime | None) -> None:
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidInput.at("#/expires_at", "A key ends in the future.", "in_the_past")


def _told(key: ApiKey, by: User, verb: str, title: str, **more: Any) -> None:
    notices.security_of_organization(
        organization=key.organization,
        title=title,
        body=f"The key “{key.name}” ({key.prefix}…) was {verb} by {by.name}.",
    )
    audit.record(action=f"api_key.{verb}", actor=by, organization=key.organization_id, target=key, **more)
