"""How fast one key may be used: an adaptive, fair limit of requests at once, and a circuit breaker.

All callers of a process share one `Limiter` per (provider, key, address), also across event loops and threads.
Its limit starts at `first` and grows by one with every good answer until the first 429 or 529. Such an answer halves
it; from then on it grows by one after twenty good answers. Free turns go to the owners (organizations) in rounds.
"""

import asyncio
import hashlib
import threading
import time
from collections import OrderedDict, deque
from enum import Enum

BREAKER_FAILURES = 5
BREAKER_SECONDS = 60.0
STEP = 20
LONGEST_PAUSE = 60.0


class CallOutcome(Enum):
    GOOD = "good"
    THROTTLED = "throttled"
    FAILED = "failed"
    NEUTRAL = "neutral"  # the outcome tells nothing about the provider: cancelled, or our own mistake


class Limiter:
    def __init__(
        self,
        *,
        ceiling: int,
        first: int,
    ) -> None:
        self.ceiling = max(1, ceiling)
        self.limit = float(max(1, min(first, ceiling)))
        self.in_flight = 0
        self._growing = True  # until the first throttling
        self._good = 0
        self._epoch = 0
        self._failures = 0
        self._open_until = 0.0
        self._not_before = 0.0
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, deque[tuple[asyncio.AbstractEventLoop, asyncio.Future[int]]]] = OrderedDict()

    def open_for(self) -> float:
        """Seconds that the circuit stays open; 0 when calls may go out."""
        return max(0.0, self._open_until - time.monotonic())

    def pause(self) -> float:
        """Seconds that the provider asked us to wait."""
        return max(0.0, self._not_before - time.monotonic())

    async def acquire(self, owner: str = "") -> int:
        """Wait for a turn and return its ticket; hand it back with `release`. The wait may be cancelled."""
        with self._lock:
            if self.in_flight < int(self.limit) and not self._waiting:
                self.in_flight += 1
                return self._epoch
            loop = asyncio.get_running_loop()
            future: asyncio.Future[int] = loop.create_future()
            self._waiting.setdefault(owner, deque()).append((loop, future))
            self._wake()
        try:
            return await future
        except asyncio.CancelledError:
            with self._lock:
                if not self._forget(owner, future):  # the turn had been given to us already: pass it on
                    self.in_flight -= 1
                    self._wake()
            raise

    def release(self, ticket: int, outcome: CallOutcome, *, retry_after: float | None = None) -> None:
        with self._lock:
            self.in_flight -= 1
            if outcome is CallOutcome.GOOD:
                self._succeeded()
            elif outcome is CallOutcome.THROTTLED:
                self._throttled(ticket, retry_after)
            elif outcome is CallOutcome.FAILED:
                self._failed()
            self._wake()

    def _succeeded(self) -> None:
        self._failures = 0
        self._good += 1
        if self._growing or self._good >= STEP:
            self.limit = min(float(self.ceiling), self.limit + 1)
            self._good = 0

    def _throttled(self, ticket: int, retry_after: float | None) -> None:
        if retry_after:
            self._not_before = max(self._not_before, time.monotonic() + min(retry_after, LONGEST_PAUSE))
        if ticket == self._epoch:  # answers to requests sent before the last halving do not halve again
            self._epoch += 1
            self._growing = False
            self._good = 0
            self.limit = max(1.0, self.limit / 2)

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= BREAKER_FAILURES:
            self._open_until = time.monotonic() + BREAKER_SECONDS
            self.limit = 1.0  # one request probes first; growth is quick when it succeeds
            self._growing = True

    def _wake(self) -> None:
        """Hand free turns to the owners in rounds. Called with the lock held."""
        while self._waiting and self.in_flight < int(self.limit):
            owner, queue = next(iter(self._waiting.items()))
            loop, future = queue.popleft()
            if queue:
                self._waiting.move_to_end(owner)
            else:
                del self._waiting[owner]
            try:
                loop.call_soon_threadsafe(_give, future, self._epoch, self)
            except RuntimeError:  # that loop was closed while it waited
                continue
            self.in_flight += 1

    def _forget(self, owner: str, future: asyncio.Future[int]) -> bool:
        queue = self._waiting.get(owner, deque())
        for entry in queue:
            if entry[1] is future:
                queue.remove(entry)
                if not queue:
                    del self._waiting[owner]
                return True
        return False


def _give(future: asyncio.Future[int], ticket: int, limiter: Limiter) -> None:
    if not future.done():
        future.set_result(ticket)


_limiters: dict[tuple[str, str, str], Limiter] = {}
_registry_lock = threading.Lock()


def limiter(provider: str, api_key: str, base_url: str, *, ceiling: int, first: int) -> Limiter:
    """The limiter of this process for a key. Limiters are kept under a digest of the key, never the key itself."""
    name = (provider, hashlib.sha256(api_key.encode()).hexdigest()[:16], base_url)
    with _registry_lock:
        found = _limiters.get(name)
        if found is None:
            found = _limiters[name] = Limiter(ceiling=ceiling, first=first)
        found.ceiling = max(found.ceiling, ceiling)
        return found


def reset() -> None:
    """Forget all limiters, for tests and after a change of keys."""
    with _registry_lock:
        _limiters.clear()
