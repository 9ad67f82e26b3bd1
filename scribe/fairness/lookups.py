"""Calls of third parties that a request waits for: store, site, payment provider, photo search, sign-in with others.

Waiting for one of the few places where images are decoded counts as one, too.

Before the first one, the request gives its slot at the request threads to the next request, and its database connection
back. From then on it counts as a look-up: two at a time for one organization, and SECONDS for all of its calls. A look-up too
many is refused at once, since waiting for its turn would hold a thread, too. Jobs call third parties from workers, and none
of this applies to them.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connection

from scribe.errors import TooManyRequests
from scribe.fairness import callers
from scribe.fairness.shares import FairShares
from scribe.messages import _

SECONDS = 20.0
LEAST_SECONDS = 0.1  # since some clients take 0 for no limit, or for an error
RETRY_AFTER = 5.0  # seconds
#: The most that a third party may answer to a look-up, since many of them may come at once.
MOST_BYTES = 8 * 1024 * 1024

#: Of networks: nobody is signed in yet who signs in with Google, and many do so behind one address.
of_organizations = FairShares(settings.LOOKUP_THREADS, 2)
of_networks = FairShares(settings.LOOKUP_THREADS // 2, 6)
#: The threads that look-ups may hold beside the request threads.
THREADS = of_organizations.total + of_networks.total


def no_slot() -> None:
    """How a request leaves a server that has no slots."""


#: Gives back the slot that the request under way has at the request threads.
leave: ContextVar[Callable[[], None]] = ContextVar("leave", default=no_slot)


def refusal() -> TooManyRequests:
    return TooManyRequests(
        _("Too many of your requests are waiting for stores, sites or images. Please try again in a moment."),
        code="too_many_lookups",
        retry_after=RETRY_AFTER,
    )


class Lookup:
    """The look-up that a request becomes with its first call of a third party."""

    def __init__(self) -> None:
        caller = callers.current.get() or callers.Requester()
        self.share = caller.share
        self.shares = of_organizations if caller.organization else of_networks
        if not self.shares.take(self.share):
            raise refusal()
        self.until = time.monotonic() + SECONDS

    def end(self) -> None:
        self.shares.give(self.share)


class RequestUnderWay:
    """A request under way in this thread."""

    lookup: Lookup | None = None


_under_way: ContextVar[RequestUnderWay | None] = ContextVar("request_under_way", default=None)


@contextmanager
def in_request() -> Iterator[None]:
    """Around the work on one request, in its thread."""
    request = RequestUnderWay()
    token = _under_way.set(request)
    try:
        yield
    finally:
        _under_way.reset(token)
        if request.lookup is not None:
            request.lookup.end()


def start(seconds: float = SECONDS, most_bytes: int = MOST_BYTES) -> tuple[float, int]:
    """To be called before each call of a third party. Returns the seconds and the bytes that the call may take of those
    that it asks for, next to none when the request's time is up. Raises TooManyRequests `too_many_lookups`."""
    request = _under_way.get()
    if request is None:
        return seconds, most_bytes
    if request.lookup is None:
        request.lookup = Lookup()
        leave.get()()
    if not connection.in_atomic_block:
        connection.close()
    return min(seconds, max(LEAST_SECONDS, request.lookup.until - time.monotonic())), min(most_bytes, MOST_BYTES)
