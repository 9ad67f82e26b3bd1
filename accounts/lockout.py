"""Lock-out: growing waits for those who guess passwords, without locking the owner out.

Waits are per (account, address): from the fifth failure 60 s, then doubling up to 15 minutes, forgotten after a day.
When many addresses together have failed often, the account as a whole slows down: unknown places share one try every
few seconds, and the gap doubles with every ten more failures, up to ten minutes. Known places are not slowed: an address
from which the owner has signed in, and a device that sends the `device_token` of an earlier sign-in along. Resetting the
password by mail ends the waits as well. Addresses without an account are treated the same, so the answer does not show
which addresses have one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Session, SignInFailure, User
from accounts.models.user import normalize_email
from scribe import crypto, ids
from scribe.api.addresses import network_of
from scribe.crypto import digest
from scribe.errors import TooManyRequests
from scribe.messages import _

FREE_FAILURES = 4
FIRST_WAIT = timedelta(seconds=60)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
SLOW_AFTER = 20
SLOW_STEP = 10
FIRST_GAP = timedelta(seconds=5)
LONGEST_GAP = timedelta(minutes=10)
#: A device that has signed in is known by its token for this long.
DEVICE_KNOWN = timedelta(days=90)


class Attempt:
    """One try. It counts as a failure unless `succeeded` is called."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.good = False

    def succeeded(self) -> None:
        self.good = True


@contextmanager
def attempt(*, email: str, address: str, device_token: str = "") -> Iterator[Attempt]:
    """Count a try before it is made, so that a hundred guesses in parallel count as a hundred failures.

    Raises TooManyRequests while (account, address) has to wait, or an unknown place its turn; what is refused so is not
    counted.
    """
    email = normalize_email(email)
    one, all_of_it = _key(email, address), _key(email, "*")
    with transaction.atomic():
        wait = _wait_here(one) or _wait_everywhere(all_of_it, email, address, device_token)
        if not wait:
            _count(one, _wait_of_one)
    if wait:
        raise TooManyRequests(
            _("Too many failed attempts. Please wait a few minutes, then try again."),
            code="too_many_attempts",
            retry_after=wait.total_seconds(),
        )
    trial = Attempt(one)
    try:
        yield trial
    finally:
        if trial.good:
            SignInFailure.objects.filter(pk=one).delete()
        else:
            with transaction.atomic():
                _count(all_of_it, lambda failures: None)


def device_token(user: User) -> str:
    """The token by which a device is known as one that has signed in. It grants no access, only freedom from the slow-down."""
    return crypto.sign("known-device", {"user": str(user.pk)})


def is_known(*, email: str, address: str, device_token: str) -> bool:
    """Whether the owner of `email` has signed in from this address, or on the device that holds this token."""
    token = crypto.unsign("known-device", device_token, max_age=DEVICE_KNOWN) if device_token else None
    here = Q(address=address) if address else Q(pk=None)
    known = Session.objects.filter(user__email=email, impersonator=None)
    return known.filter(here | Q(user_id=ids.parse(token.get("user")) if token else None)).exists()


def forgive(*, email: str, address: str) -> None:
    """Forget the failures of this account, here and account-wide, since its owner has proved themselves by mail."""
    email = normalize_email(email)
    SignInFailure.objects.filter(pk__in=[_key(email, address), _key(email, "*")]).delete()


def forget_old() -> int:
    """Delete failures that are older than any wait."""
    return SignInFailure.objects.filter(updated_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]


def _key(email: str, address: str) -> str:
    return digest(f"sign-in|{email}|{network_of(address)}")


def _wait_of_one(failures: int) -> timedelta | None:
    if failures <= FREE_FAILURES:
        return None
    return min(FIRST_WAIT * (1 << min(failures - FREE_FAILURES - 1, 20)), LONGEST_WAIT)


def _count(key: str, wait_of: Callable[[int], timedelta | None]) -> None:
    """Add a failure to `key`, in the caller's transaction."""
    now = timezone.now()
    row = _lock(key, now)
    row.failures = 1 if row.updated_at < now - FORGOTTEN_AFTER else row.failures + 1
    if wait := wait_of(row.failures):
        row.locked_until = now + wait
    row.updated_at = now
    row.save()


def _wait_here(key: str) -> timedelta | None:
    """The time that (account, address) still has to wait."""
    now = timezone.now()
    row = _lock(key, now)
    return row.locked_until - now if row.locked_until and row.locked_until > now else None


def _wait_everywhere(key: str, email: str, address: str, device_token: str) -> timedelta | None:
    """The time that an unknown place has to wait while the account is under attack. Without a wait it takes the turn."""
    now = timezone.now()
    under_attack = SignInFailure.objects.filter(pk=key, failures__gte=SLOW_AFTER, updated_at__gte=now - FORGOTTEN_AFTER)
    if not under_attack.exists() or is_known(email=email, address=address, device_token=device_token):
        return None
    row = _lock(key, now)
    if row.locked_until and row.locked_until > now:
        return row.locked_until - now
    row.locked_until = now + gap_of(row.failures)
    row.save(update_fields=["locked_until"])
    return None


def gap_of(failures: int) -> timedelta:
    """The gap between two tries from unknown places after this many failures account-wide."""
    return min(FIRST_GAP * (1 << min(max(0, failures - SLOW_AFTER) // SLOW_STEP, 20)), LONGEST_GAP)


def _lock(key: str, now: datetime) -> SignInFailure:
    """The locked row of `key`, made if it is missing. Guesses in parallel take turns at it.

    A sign-in that succeeds deletes the row. Whoever waited for that row makes it anew.
    """
    while True:
        SignInFailure.objects.bulk_create([SignInFailure(key=key, updated_at=now)], ignore_conflicts=True)
        if row := SignInFailure.objects.select_for_update().filter(pk=key).first():
            return row
