"""Lock-out: growing waits for whoever guesses, without locking the owner out.

Waits are per (account, address): from the fifth failure 60 s, then doubling up to 15 minutes, forgotten after a day.
Account-wide there is a soft delay only: when many addresses together have failed often, addresses from which nobody has
ever signed in to the account get one try every few seconds; places that the owner has used are not slowed. Addresses
without an account are treated just the same, so that an answer tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Session, SignInFailure
from accounts.models.user import normalize_email
from scribe.api.errors import TooManyRequests
from scribe.crypto import digest

FREE_FAILURES = 4
FIRST_WAIT = timedelta(seconds=60)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
SOFT_AFTER = 20
SOFT_SPACING = timedelta(seconds=3)
SOFT_FORGOTTEN_AFTER = timedelta(hours=1)


class Attempt:
    """One try. It counts as a failure unless `succeeded` is called."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.good = False

    def succeeded(self) -> None:
        self.good = True


@contextmanager
def attempt(*, email: str, address: str) -> Iterator[Attempt]:
    """Count a try before it is made, so that a hundred guesses in parallel are a hundred failures, not one.

    Raises TooManyRequests while (account, address) has to wait.
    """
    email = normalize_email(email)
    one, all_of_it = _key(email, address), _key(email, "*")
    wait = _count(one, _wait_of_one, FORGOTTEN_AFTER) or _soft_wait(email, address, all_of_it)
    if wait:
        raise TooManyRequests(
            "Too many failed attempts. Please wait before the next one.",
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
            _count(all_of_it, lambda failures: None, SOFT_FORGOTTEN_AFTER)


def forgive(*, email: str, address: str) -> None:
    """Forget the failures of this account here and account-wide: its owner has proved themselves by mail."""
    email = normalize_email(email)
    SignInFailure.objects.filter(pk__in=[_key(email, address), _key(email, "*")]).delete()


def forget_old() -> int:
    """Delete what is older than any wait."""
    return SignInFailure.objects.filter(updated_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]


def _key(email: str, address: str) -> str:
    return digest(f"sign-in|{email}|{address}")


def _wait_of_one(failures: int) -> timedelta | None:
    if failures <= FREE_FAILURES:
        return None
    return min(FIRST_WAIT * (1 << min(failures - FREE_FAILURES - 1, 20)), LONGEST_WAIT)


@transaction.atomic
def _count(key: str, wait_of: Callable[[int], timedelta | None], forgotten_after: timedelta) -> timedelta | None:
    """Add a failure to `key`; or, when it has to wait, say how long, and count nothing."""
    now = timezone.now()
    row = _locked(key, now)
    if row.locked_until and row.locked_until > now:
        return _left(row.locked_until, now)
    row.failures = 1 if row.updated_at < now - forgotten_after else row.failures + 1
    wait = wait_of(row.failures)
    row.locked_until = now + wait if wait else None
    row.updated_at = now
    row.save()
    return None


@transaction.atomic
def _soft_wait(email: str, address: str, key: str) -> timedelta | None:
    """How long a place unknown to the account waits for its turn, when the account is under attack."""
    now = timezone.now()
    recent = SignInFailure.objects.filter(pk=key, failures__gte=SOFT_AFTER, updated_at__gte=now - SOFT_FORGOTTEN_AFTER)
    if not recent.exists() or Session.objects.filter(user__email=email, address=address).exists():
        return None
    row = _locked(key, now)
    if row.locked_until and row.locked_until > now:
        return row.locked_until - now
    row.locked_until = now + SOFT_SPACING
    row.save(update_fields=["locked_until"])
    return None


def _left(until: datetime, now: datetime) -> timedelta:
    return until - now


def _locked(key: str, now: datetime) -> SignInFailure:
    """The row of `key`, made if need be, locked: guesses in parallel take turns."""
    SignInFailure.objects.bulk_create([SignInFailure(key=key, updated_at=now)], ignore_conflicts=True)
    return SignInFailure.objects.select_for_update().get(pk=key)
