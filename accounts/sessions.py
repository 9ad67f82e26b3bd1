"""Sign-in sessions: begin, refresh, end. Revocation marks session rows; it does not compare times of issue."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts import notices, tokens
from accounts.models import RetiredToken, Session, User
from scribe.api.addresses import client_address
from scribe.crypto import digest
from scribe.errors import NotAuthenticated
from scribe.messages import _

#: A replaced token works this much longer, for another tab, or in case the reply got lost.
GRACE = timedelta(seconds=60)


@dataclass(frozen=True)
class Client:
    """The place that a request comes from."""

    address: str = ""
    user_agent: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Client":
        address = client_address(request)
        return cls(address if address != "unknown" else "", request.META.get("HTTP_USER_AGENT", "")[:300])

    @property
    def device(self) -> str:
        """What tells one browser from another. The address is not part of it, since it changes on the way."""
        return digest(f"device|{self.user_agent}")


@transaction.atomic
def start(*, user: User, via: str, client: Client, second_factor: bool = False) -> str:
    """Sign `user` in and return the access token. The owner is told of a sign-in from a new device.

    Raises NotAuthenticated when the user was deactivated, or the password changed, since `user` was read.
    """
    fresh = User.objects.select_for_update().select_related("organization").get(pk=user.pk)
    # The race with a password change or a deactivation: whoever holds the row first decides, and the other one sees it.
    if not fresh.is_active or fresh.password != user.password:
        raise NotAuthenticated(_("Please sign in again."), code="invalid_credentials")
    earlier = Session.objects.filter(user=fresh)
    is_new = earlier.exists() and not earlier.filter(device=client.device).exists()
    session = Session.objects.create(
        user=fresh,
        organization_id=fresh.organization_id,
        via=via,
        second_factor=second_factor,
        address=client.address or None,
        user_agent=client.user_agent,
        device=client.device,
    )
    fresh.last_login = timezone.now()
    fresh.save(update_fields=["last_login"])
    if is_new:
        notices.security(
            user=fresh,
            title=_("A new device signed in to your account"),
            body=_(
                "Someone signed in to your account from a new device: {user_agent}, IP address {address}. If it "
                "wasn't you, change your password now.",
                user_agent=client.user_agent or _("an unnamed program"),
                address=client.address or _("unknown"),
            ),
        )
    return tokens.access_token(session)


@transaction.atomic
def refresh(*, session: Session, token: tokens.AccessToken) -> str:
    """A fresh token for the same session. The old one ends a minute later; asking again does not prolong it."""
    RetiredToken.objects.bulk_create(
        [RetiredToken(jti=str(token["jti"]), session=session, dies_at=timezone.now() + GRACE)],
        ignore_conflicts=True,  # two tabs at once: the first sets the time
    )
    return tokens.access_token(session)


def end(*, session: Session, because: str = "logout") -> None:
    """End one session, with every token made for it."""
    Session.objects.filter(pk=session.pk, ended_at=None).update(ended_at=timezone.now(), ended_because=because)


@transaction.atomic
def end_all(*, user: User, because: str, keep: Session | None = None) -> int:
    """End every session of `user` but `keep`, those of browsers at the admin included; steps of a sign-in that are under
    way end as well. Returns the number of API sessions that ended."""
    # The stamp first: it locks the user's row, so a sign-in at the same moment comes before (and ends) or after.
    User.objects.filter(pk=user.pk).update(sessions_stamp=F("sessions_stamp") + 1)
    tokens.discard(user=user, purposes=(tokens.Purpose.SECOND_FACTOR, tokens.Purpose.SECOND_FACTOR_SETUP))
    return _end(Session.objects.filter(user=user), because, keep)


def end_begun_with(*, user: User, via: str, keep: Session | None = None) -> int:
    """End the sessions of `user` that an unlinked provider's account opened, and return their number."""
    return _end(Session.objects.filter(user=user, via=via), "identity_unlinked", keep)


def _end(rows: QuerySet[Session], because: str, keep: Session | None) -> int:
    live = rows.filter(ended_at=None)
    if keep is not None:
        live = live.exclude(pk=keep.pk)
    return live.update(ended_at=timezone.now(), ended_because=because)


def forget_old() -> None:
    """Delete rows that tokens cannot refer to any more. A session is kept 90 days, since known devices are known by it."""
    now = timezone.now()
    RetiredToken.objects.filter(dies_at__lt=now - timedelta(hours=2)).delete()
    Session.objects.filter(expires_at__lt=now - timedelta(days=60)).delete()
