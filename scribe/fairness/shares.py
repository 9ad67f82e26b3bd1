"""What all callers use together, divided among them: counted amounts, and slots that are waited for."""

import asyncio
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from itertools import islice

from scribe.errors import TooManyRequests
from scribe.messages import _

LEAST_HELD, LONGEST_REST = 0.01, 10.0  # seconds
#: So many shares, of those that wait longest, are looked at for the next slot.
LOOKED_AT = 64


class FairShares:
    """`total` of something, at most `each` of it for one share. Nobody waits: `take` says at once whether there was room."""

    def __init__(self, total: int, each: int) -> None:
        self.total, self.each = total, each
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()
        self._all = 0

    @property
    def taken(self) -> int:
        return self._all

    def take(self, share: str, amount: int = 1) -> bool:
        with self._lock:
            if self._all + amount > self.total or self._taken[share] + amount > self.each:
                return False
            self._all += amount
            self._taken[share] += amount
            return True

    def give(self, share: str, amount: int = 1) -> None:
        with self._lock:
            self._all -= amount
            self._taken[share] -= amount
            if not self._taken[share]:
                del self._taken[share]


class Slot:
    """One slot that was taken. `give` may be called again, and has no further effect."""

    def __init__(self, slots: "FairSlots", share: str) -> None:
        self._slots, self._share = slots, share
        self.since = time.monotonic()
        self._given = False

    def give(self) -> None:
        if not self._given:
            self._given = True
            self._slots._give(self._share, time.monotonic() - self.since)


class FairSlots:
    """`total` slots, at most `each` for one share. Who finds none free waits in the event loop, where alone this is used; of
    one share, at most `waiting` do.

    A slot that becomes free goes to the waiting share that has `taken` least of late, or else got one longest ago, and in it to
    the member who did. So who takes little waits for nobody who takes much. It is free only after a `rest`, so many
    times as long as it was held, of LONGEST_REST at most; a slot counts as held for LEAST_HELD at least.
    """

    def __init__(
        self,
        total: int,
        each: int,
        *,
        waiting: int = 500,
        rest: float = 0.0,
        taken: Callable[[str], float] | None = None,
    ) -> None:
        self.total, self.each, self.waiting, self.rest, self.taken = total, each, waiting, rest, taken
        self.awaited = 0  # slots that somebody waits for
        self._held: Counter[str] = Counter()
        # By share, then by member, in the order in which they get slots.
        self._waiting: OrderedDict[str, OrderedDict[str, deque[asyncio.Future[None]]]] = OrderedDict()

    async def take(self, share: str, member: str = "") -> Slot:
        """Wait for a slot. Raises TooManyRequests when too many of this share wait already."""
        if self._has_room(share):  # then nobody of this share waits
            self._held[share] += 1
            return Slot(self, share)
        members = self._waiting.setdefault(share, OrderedDict())
        if sum(map(len, members.values())) >= self.waiting:
            raise TooManyRequests(
                _("Too many of your requests are waiting. Wait for their replies before you send more."), retry_after=1
            )
        turn = asyncio.get_running_loop().create_future()
        members.setdefault(member, deque()).append(turn)
        self.awaited += 1
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # the slot came at the same moment
                Slot(self, share).give()
            raise
        finally:
            self.awaited -= 1
        return Slot(self, share)

    @property
    def held(self) -> int:
        return self._held.total()

    def _has_room(self, share: str) -> bool:
        return self.held < self.total and self._held[share] < self.each

    def limit(self, total: int, each: int) -> None:
        """Have so many slots from now on. Those that are held stay so."""
        self.total, self.each = total, each
        self._serve()

    def _give(self, share: str, held: float) -> None:
        if self.rest:
            asyncio.get_running_loop().call_later(
                min(max(held, LEAST_HELD) * self.rest, LONGEST_REST), self._free, share
            )
        else:
            self._free(share)

    def _free(self, share: str) -> None:
        self._held[share] -= 1
        if not self._held[share]:
            del self._held[share]
        self._serve()

    def _serve(self) -> None:
        while (lucky := self._next_share()) is not None:
            turn = self._next_of(lucky)
            if not turn.done():
                self._held[lucky] += 1
                turn.set_result(None)

    def _next_share(self) -> str | None:
        ready = filter(self._has_room, self._waiting)
        return min(islice(ready, LOOKED_AT), key=self.taken, default=None) if self.taken else next(ready, None)

    def _next_of(self, share: str) -> asyncio.Future[None]:
        members = self._waiting.pop(share)
        member, turns = members.popitem(last=False)
        turn = turns.popleft()
        if turns:
            members[member] = turns
        if members:
            self._waiting[share] = members
        return turn
