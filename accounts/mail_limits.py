"""How many mails one sender can cause, and one mailbox can get, from what people do to each other's addresses.

Counted like every rate limit (scribe.api.rate_limits), so the numbers are settings, and RATE_LIMIT_FACTOR scales them.
Mails are counted per kind: nobody uses up somebody's password resets by inviting them.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import MailMessage, User
from accounts.models.user import normalize_email
from scribe.api import rate_limits
from scribe.crypto import digest
from scribe.errors import TooManyRequests

#: Mails a day to an address that nobody has proved yet; what comes after is shown in the app alone.
UNPROVEN_A_DAY = 20


def check(*, by: User, kind: str, address: str) -> None:
    """Count a mail of `kind` that `by` has sent to somebody else's `address`.

    Raises TooManyRequests when their organization sends too many, or the mailbox gets too many, whoever sends them.
    """
    rate_limits.check("mail_sender", str(by.organization_id))
    check_recipient(kind=kind, address=address)


def check_recipient(*, kind: str, address: str) -> None:
    """Count a mail of `kind` to `address`; raises TooManyRequests when the mailbox got too many."""
    standing = rate_limits.count("mail_recipient", f"{kind}:{digest(_mailbox(address))}")
    if standing is not None and standing.exceeded:
        raise TooManyRequests(
            "This address got too many mails of this kind. Please try again later.",
            code="too_many_mails",
            retry_after=standing.reset,
        )


def resets_are_used_up(address: str) -> bool:
    """Count a reset link to `address`. Links live as long as the window, so the owner always has one that works."""
    standing = rate_limits.count("mail_reset", digest(_mailbox(address)))
    return standing is not None and standing.exceeded


def unproven_is_full(user: User) -> bool:
    """Whether `user`'s address, which nobody has proved, got what it may get in a day: it may be a stranger's."""
    if user.email_verified:
        return False
    since = timezone.now() - timedelta(days=1)
    sent = MailMessage.objects.filter(organization_id=user.organization_id, user=user, created_at__gte=since)
    return sent.count() >= UNPROVEN_A_DAY


def _mailbox(address: str) -> str:
    """One name for the addresses of one mailbox: what follows a plus sign sorts mail, and delivers it to the same place."""
    local, _, domain = normalize_email(address).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
