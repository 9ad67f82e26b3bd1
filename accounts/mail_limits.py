"""Limits on mails that people cause to addresses: how many one organization can send, and one mailbox can get.

Counted like every rate limit (scribe.api.rate_limits), so the numbers are settings, and RATE_LIMIT_FACTOR scales them.
Mails are counted per kind, so invitations to an address do not use up its password resets.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.models import MailMessage, User
from accounts.models.user import normalize_email
from scribe.api import rate_limits
from scribe.crypto import digest
from scribe.errors import TooManyRequests
from scribe.messages import _

#: Mails a day to an address that is not verified yet. Further notices are shown in the app only.
UNPROVEN_A_DAY = 20


def check(*, by: User, kind: str, address: str) -> None:
    """Count a mail of `kind` that `by` has sent to somebody else's `address`.

    Raises TooManyRequests when the sender's organization sends too many, or the mailbox gets too many from all senders.
    """
    rate_limits.check("mail_sender", str(by.organization_id))
    check_recipient(kind=kind, address=address)


def check_recipient(*, kind: str, address: str) -> None:
    """Count a mail of `kind` to `address`; raises TooManyRequests when the mailbox got too many."""
    standing = rate_limits.count("mail_recipient", f"{kind}:{digest(_mailbox(address))}")
    _raise_if_exceeded(
        standing, _("We have sent too many of these emails to this address. Please try again later."), "too_many_mails"
    )


def check_registration(address: str) -> None:
    """Count an organization that is opened from the mailbox of `address`; raises TooManyRequests after a few a day. Each
    comes with XCT, and the aliases of one mailbox are one person's."""
    standing = rate_limits.count("mailbox_registrations", digest(_mailbox(address)))
    detail = _("Too many accounts were created with this mailbox today. Sign in to one of them, or try again tomorrow.")
    _raise_if_exceeded(standing, detail, "too_many_registrations")


def _raise_if_exceeded(standing: rate_limits.RateLimitStanding | None, detail: str, code: str) -> None:
    if standing is not None and standing.exceeded:
        raise TooManyRequests(detail, code=code, retry_after=standing.reset)


def resets_are_used_up(address: str) -> bool:
    """Count a reset link to `address`, and say whether it is one too many. Links live as long as the window, so the owner
    always has one that works."""
    standing = rate_limits.count("mail_reset", digest(_mailbox(address)))
    return standing is not None and standing.exceeded


def unproven_is_full(user: User) -> bool:
    """Whether `user`'s address is not verified and has had its mails of the day: it may be a stranger's."""
    if user.email_verified:
        return False
    since = timezone.now() - timedelta(days=1)
    sent = MailMessage.objects.filter(organization_id=user.organization_id, user=user, created_at__gte=since)
    return sent.count() >= UNPROVEN_A_DAY


def _mailbox(address: str) -> str:
    """One name for all addresses of a mailbox. The part after a plus sign only sorts mail within it, so it is cut off."""
    local, _, domain = normalize_email(address).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
