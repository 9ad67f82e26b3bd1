"""Turns at the request threads: a caller's many requests wait for each other, so that other callers need not wait."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from typing import Any

from scribe.errors import TooManyRequests

WAITING_AT_MOST = 500  # requests of one caller


class Turns:
    """At most `most` requests of one caller are at work at a time. Further ones wait in the order of their arrival.

    Use it only in the event loop.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._at_work: Counter[Any] = Counter()
        self._waiting: dict[Any, deque[asyncio.Future[None]]] = defaultdict(deque)

    async def take(self, caller: Any) -> None:
        """Wait for a turn. Raises TooManyRequests when too many requests of this caller wait already."""
        if self._at_work[caller] < self.most:
            self._at_work[caller] += 1
            return
        waiting = self._waiting[caller]
        if len(waiting) >= WAITING_AT_MOST:
            raise TooManyRequests("Too many requests are waiting. Wait for their answers.", retry_after=1)
        turn = asyncio.get_running_loop().create_future()
        waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # the turn came at the same moment
                self.give(caller)
            raise

    def give(self, caller: Any) -> None:
        """Give a turn back. The caller's next waiting request gets it."""
        waiting = self._waiting.get(caller, ())
        while waiting:
            turn = waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._waiting.pop(caller, None)
        self._at_work[caller] -= 1
        if not self._at_work[caller]:
            del self._at_work[caller]
