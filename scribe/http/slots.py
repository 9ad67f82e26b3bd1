"""Limit the calls to customers' addresses that hold request threads at the same time: in all, and for one customer.

Jobs call stores from workers and need no slot. A call over the limit is refused at once, since waiting for a slot would hold
a thread as well.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from scribe.errors import TooManyRequests

RETRY_AFTER = 5.0  # seconds


class Slots:
    """`take(owner)` holds a slot during one call. Raises TooManyRequests `too_many_lookups` when there is no free slot."""

    def __init__(self, total: int, each: int) -> None:
        self.total, self.each = total, each
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    @contextmanager
    def take(self, owner: str) -> Iterator[None]:
        with self._lock:
            if self._taken[owner] >= self.each or self._taken.total() >= self.total:
                raise TooManyRequests(
                    "Too many look-ups in stores and sites are under way. Please try again in a moment.",
                    code="too_many_lookups",
                    retry_after=RETRY_AFTER,
                )
            self._taken[owner] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[owner] -= 1
                if not self._taken[owner]:
                    del self._taken[owner]


#: Half of the request threads in all, and three for one organization.
live = Slots(max(2, settings.WEB_THREADS // 2), 3)
#: For looking up names when an address is saved, which lasts as long as the resolver's own timeout.
names = Slots(max(2, settings.WEB_THREADS // 3), max(2, settings.WEB_THREADS // 3))
