"""Keys for programs: made, changed, replaced and ended. A key is shown once, when it is made; only its hash is kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import Error, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import key_texts, notices, notifications
from accounts.models import ApiKey, ApiKeyRequest, Organization, User
from scribe import audit, chosen_projects
from scribe.api import scopes as known
from scribe.api.addresses import UNKNOWN
from scribe.api.fields import utc
from scribe.crypto import digest
from scribe.errors import Conflict, InvalidInput, NotFound
from scribe.logs import get_logger
from scribe.messages import _
from scribe.unforeseen import keep_going
from scribe.written import LAST_MOMENT


@transaction.atomic
def create(
    *,
    organization: Organization,
    by: User,
    name: str,
    scopes: Sequence[str] = known.DEFAULT,
    project_ids: Sequence[UUID | str] = (),
    mode: str = ApiKey.Mode.LIVE,
    expires_at: datetime | None = None,
    allowed_networks: Sequence[str] = (),
    xct_per_month: Decimal | None = None,
) -> tuple[ApiKey, str]:
    """Make a key that acts as `by`. The second value is the key itself, which cannot be shown again.

    With `project_ids` it is limited to these projects. Raises InvalidInput for an end in the past and `wrong_mode` for a
    project of the other mode, and NotFound for an unknown one.
    """
    expires_at = _end(expires_at)
    key, raw = _create(
        organization=organization,
        by=by,
        name=name,
        mode=mode,
        scopes=sorted(scopes),
        project_ids=chosen_projects.check(project_ids, caller=by, is_test=mode == ApiKey.Mode.TEST),
        expires_at=expires_at,
        allowed_networks=list(allowed_networks),
        xct_per_month=xct_per_month,
    )
    _notify(key, by, "created")
    return key, raw


def _create(*, organization: Organization, by: User, mode: str, **fields: object) -> tuple[ApiKey, str]:
    raw = key_texts.create(mode)
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

    It has the same scopes, projects, mode and networks, and acts as `by`. Without `expires_at` it lives as long as the old one was
    meant to. Raises Conflict `api_key_replaced` for a key that has been replaced, and `api_key_inactive` for a dead one.
    """
    expires_at = _end(expires_at)
    now = timezone.now()
    old = _lock(key)  # two people who rotate the same key take turns
    if old.replaced_at is not None:
        raise _replaced_conflict(old, _("This key has already been rotated. Use the new key."))
    if not old.is_active or (old.expires_at is not None and old.expires_at <= now):
        raise Conflict(_("This key has expired or is deactivated. Create a new one."), code="api_key_inactive")
    if expires_at is None and old.expires_at is not None:
        expires_at = now + min(old.expires_at - old.created_at, LAST_MOMENT - now)
    new, raw = _create(
        organization=old.organization,
        by=by,
        mode=old.mode,
        name=old.name,
        scopes=old.scopes,
        project_ids=old.project_ids,
        expires_at=expires_at,
        allowed_networks=old.allowed_networks,
        xct_per_month=old.xct_per_month,
        line=old.line,
    )
    old.replaced_by, old.replaced_at = new, now
    old.expires_at = min(now + overlap, old.expires_at or now + overlap)
    old.save(update_fields=["replaced_by", "replaced_at", "expires_at"])
    _notify(old, by, "rotated")
    return new, raw


@transaction.atomic
def change(*, key: ApiKey, by: User, **fields: object) -> ApiKey:
    """Set `name`, `expires_at`, `allowed_networks` or `xct_per_month`. Scopes don't change: make another key. Nobody is
    told of a change that changes nothing. Raises InvalidInput, Conflict `api_key_replaced` for another end of a key that
    has been replaced, and NotFound when the key is gone."""
    key = _lock(key)
    if "expires_at" in fields:
        if key.replaced_at is not None:  # else a secret that was rotated out would work again
            raise _replaced_conflict(key, _("This key has been rotated, so its expiry can't be changed."))
        if fields["expires_at"] != key.expires_at:
            fields["expires_at"] = _end(fields["expires_at"])  # type: ignore[arg-type]  # as the docstring says
    changed = {name: value for name, value in fields.items() if getattr(key, name) != value}
    if not changed:
        return key
    before = {name: getattr(key, name) for name in changed}
    for name, value in changed.items():
        setattr(key, name, value)
    key.warned_days = None if "expires_at" in changed else key.warned_days  # a new end is warned of anew
    key.save(update_fields=[*changed, "warned_days"])
    _notify(key, by, "changed", before=before, after=changed)
    return key


def _lock(key: ApiKey) -> ApiKey:
    """The key as it is now, locked until the transaction ends. Raises NotFound when it was deleted meanwhile."""
    rows = ApiKey.objects.select_for_update(no_key=True, of=("self",)).select_related("organization")
    found: ApiKey | None = rows.filter(pk=key.pk).first()
    if found is None:
        raise NotFound
    return found


def _replaced_conflict(key: ApiKey, detail: str) -> Conflict:
    """The refusal, which names the key that replaced this one, unless that was deleted since."""
    return Conflict(
        detail, code="api_key_replaced", replaced_by=str(key.replaced_by_id) if key.replaced_by_id else None
    )


@transaction.atomic
def deactivate(*, key: ApiKey, by: User) -> ApiKey:
    """Stop the key working. A repeated call changes nothing."""
    if ApiKey.objects.filter(pk=key.pk, is_active=True).update(is_active=False):
        _notify(key, by, "deactivated")
    key.is_active = False
    return key


@transaction.atomic
def delete(*, key: ApiKey, by: User) -> None:
    """Remove the key. It stops working at once. Raises NotFound when it is gone."""
    key = _lock(key)
    _notify(key, by, "deleted")
    key.delete()


def _end(expires_at: datetime | None) -> datetime | None:
    """The end as it is kept: at most the last moment that can be shown in any time zone. Raises InvalidInput for one in the
    past."""
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidInput.at("#/expires_at", _("Choose an expiry date in the future."), "in_the_past")
    return expires_at and min(expires_at, LAST_MOMENT)


#: The notice of what was done to a key: its title and body.
NOTICES = {
    "created": (
        _("An API key was created for your organization"),
        _("The key “{name}” ({prefix}…) was created by {by}."),
    ),
    "rotated": (
        _("An API key of your organization was rotated"),
        _("The key “{name}” ({prefix}…) was rotated by {by}."),
    ),
    "changed": (
        _("An API key of your organization was changed"),
        _("The key “{name}” ({prefix}…) was changed by {by}."),
    ),
    "deactivated": (
        _("An API key of your organization was deactivated"),
        _("The key “{name}” ({prefix}…) was deactivated by {by}."),
    ),
    "deleted": (
        _("An API key of your organization was deleted"),
        _("The key “{name}” ({prefix}…) was deleted by {by}."),
    ),
}


def _notify(key: ApiKey, by: User, verb: str, **more: object) -> None:
    title, body = NOTICES[verb]
    notices.security_of_organization(
        organization=key.organization,
        title=title,
        body=body.format(name=key.name, prefix=key.prefix, by=by.name),
    )
    audit.record(action=f"api_key.{verb}", actor=by, target=key, **more)  # type: ignore[arg-type]  # handed on


log = get_logger(__name__)

# --- What keys ask for: one row a request, kept for two weeks

REQUESTS_KEPT_DAYS = 14


def note_request(
    key: ApiKey, *, method: str, route: str, status: int, code: str, address: str, milliseconds: int, request_id: str
) -> None:
    """Write one request down. `code` is its error's. A log that cannot be written costs nobody the answer."""
    try:
        ApiKeyRequest.objects.create(
            organization_id=key.organization_id,
            api_key_id=key.pk,
            method=method[:8],
            route=route[:200],
            status=status,
            code=code[:100],
            address=None if address == UNKNOWN else address,
            milliseconds=min(milliseconds, 2**31 - 1),
            request_id=request_id[:128],
        )
    except Error as error:  # also when the key was deleted meanwhile
        log.warning("a key's request is not noted", error=str(error))


# --- Warnings before a key ends: by notice and mail

STEPS = (3, 14)  # days before the end, the last warning first


def warn_of_ends() -> int:
    """Warn of the keys that end soon and were not replaced, each once a step. Returns how many warnings went out."""
    sent = 0
    for days in STEPS:
        now = timezone.now()
        unwarned = Q(warned_days=None) | Q(warned_days__gt=days)
        ending = ApiKey.objects.live().filter(unwarned, expires_at__lte=now + timedelta(days=days), replaced_at=None)
        for key in ending.select_related("organization"):
            with keep_going("no warning of an API key's end", key=str(key.pk)):
                sent += _warn(key, days)
    return sent


@transaction.atomic
def _warn(key: ApiKey, days: int) -> bool:
    """False when another run has warned meanwhile."""
    unwarned = Q(warned_days=None) | Q(warned_days__gt=days)
    if not ApiKey.objects.filter(unwarned, pk=key.pk, expires_at=key.expires_at).update(warned_days=days):
        return False
    notifications.notify(
        organization=key.organization,
        event="api_key.expiring",
        objects={key.pk: {"expires_at": utc(key.expires_at)}},
        event_key=f"api_key.expiring:{key.pk}:{key.expires_at:%Y%m%d%H%M%S}:{days}",
        title=_("An API key of your organization is about to expire"),
        body=_(
            "The key “{name}” ({prefix}…) expires on {expires_at:%d.%m.%Y at %H:%M} UTC. Rotate it before "
            "then: the old key keeps working while you switch.",
            name=key.name,
            prefix=key.prefix,
            expires_at=key.expires_at,
        ),
    )
    return True
