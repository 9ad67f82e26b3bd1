"""Which requests a process had better leave to another one: those that take much of the processor, by their kind or by
what others like them have taken, and all of a share that takes more of it than its part.

Threads of one process share one interpreter, so each of them that is at work holds up all others.
"""

import math
import re
import time
from collections import Counter, OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, field

from scribe.fairness.callers import STRANGERS, cost_share_of
from scribe.web.threads import ThreadClock

#: Seconds of the processor from which on a request is costly. An edit of a text takes a tenth, the first one half.
COSTLY = 0.5
#: Seconds after which a third of what was taken still counts.
LATELY = 10.0
#: Of those, the seconds of the processor that all shares may take together before some of them give way.
ROOM = 4.0
FAR_MORE = 1.5
SAMPLES = 2  # what a kind of request takes is told by about so many of the last
FRESH = 0.25  # seconds for which a share's part is not counted anew
#: Characters of a path that are kept: ours are shorter, and callers invent others of many kilobytes.
MOST_KEPT = 200
#: What is costly by its nature: large bodies, from so many bytes on, and files, what is counted over all items, and the
#: description of the API, by how their paths end.
LARGE = 64 * 1024
_COSTLY_ENDS = (
    "/columns",
    "/detect-columns",
    "/estimate",
    "/export",
    "/file",
    "/import",
    "/quote",
    "/replay",
    "/schema",
    "/schema-3.1",
)
_ID = re.compile(r"/(?:[0-9a-f]{8}-[0-9a-f-]{20,}|[0-9]+)(?=/|$)")


@dataclass
class RunningRequest:
    """A request at work. `counted` are the seconds that have been counted of it; `unknown` if its share had sent none
    of its kind."""

    share: str
    kind: str
    counted: float
    unknown: bool = False
    clock: ThreadClock = field(default_factory=ThreadClock)
    began: float = field(default_factory=time.monotonic)
    done: "Future[None]" = field(default_factory=Future)


class Costs:
    """The seconds of the processor that shares and kinds of requests took of late, of the `most` seen last."""

    def __init__(self, most: int = 10_000) -> None:
        self._taken = Sums(most)
        self._usual = Sums(most)
        self._part, self._counted = math.inf, -math.inf
        self._unknown = Counter[str]()

    def start(self, share: str, kind: str) -> RunningRequest:
        """Count what such a request takes as a rule, before it begins: else any number could begin at once."""
        run = RunningRequest(share, kind, self._usually(share, kind), (share, kind) not in self._usual)
        self._count(share, run.counted)
        self._unknown[share] += run.unknown
        return run

    def note(self, run: RunningRequest, seconds: float) -> None:
        """Count a request that has ended."""
        self._count(run.share, seconds - run.counted)
        self.learn(run.share, run.kind, seconds)
        self._unknown[run.share] -= run.unknown
        if not self._unknown[run.share]:
            del self._unknown[run.share]

    def grow(self, run: RunningRequest) -> None:
        """Count what a request that goes on has taken. Until it ends, those like it are thought to take as much."""
        seconds = max(run.clock.read(), run.counted)
        self._count(run.share, seconds - run.counted)
        run.counted = seconds
        if seconds >= COSTLY:
            self._usual.put((run.share, run.kind), seconds)

    def learn(self, share: str, kind: str, seconds: float) -> None:
        """Note what a request took, here or elsewhere: a costly one is remembered for a while."""
        usual = self._usually(share, kind) if (share, kind) in self._usual else seconds
        self._usual.put((share, kind), usual + (seconds - usual) / SAMPLES)

    def is_costly(self, share: str, kind: str) -> bool:
        """Whether such requests of the share take much."""
        return self._usually(share, kind) >= COSTLY

    def gives_way(self, share: str, kind: str = "") -> bool:
        """Whether a request had better not begin beside others: its share takes far more than its part or, if a `kind`
        is named, has one at work already that nothing is known of, as of this."""
        unknown = kind and (share, kind) not in self._usual and self._unknown[share] > 0
        return bool(unknown) or self.taken(share) > FAR_MORE * self.part()

    def taken(self, share: str) -> float:
        """What still counts of what the share took."""
        return self._taken.left((share, ""))

    def rank(self, share: str) -> float:
        """Whose turn it is: of those that wait for a slot, who took least. Strangers, who may be many, count as taking
        no more than a part: a sign-in does not wait for all that others try."""
        share = cost_share_of(share)
        return min(self.taken(share), self.part()) if share == STRANGERS else self.taken(share)

    def part(self) -> float:
        """What one share may take: ROOM is divided so that nobody who takes less gives way to who takes more.
        https://en.wikipedia.org/wiki/Max-min_fairness"""
        now = time.monotonic()
        if now >= self._counted + FRESH:
            self._counted = now
            self._part = max_min_part(ROOM, self._taken.newer_than(now - 3 * LATELY))
        return self._part

    def _usually(self, share: str, kind: str) -> float:
        return self._usual.get((share, kind), (0.0, 0.0))[0]

    def _count(self, share: str, seconds: float) -> None:
        self._taken.put((share, ""), self.taken(share) + seconds)


class Sums(OrderedDict[tuple[str, str], tuple[float, float]]):
    """Seconds by key, of the `most` that were put last, with the time at which they were put."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def put(self, key: tuple[str, str], seconds: float) -> None:
        self[key] = max(0.0, seconds), time.monotonic()
        self.move_to_end(key)
        while len(self) > self.most:
            self.popitem(last=False)

    def left(self, key: tuple[str, str]) -> float:
        """What still counts of them."""
        seconds, at = self.get(key, (0.0, 0.0))
        return seconds and seconds * math.exp((at - time.monotonic()) / LATELY)

    def newer_than(self, since: float) -> list[float]:
        """What still counts of each that was put since then."""
        found = []
        for key, (_, at) in reversed(self.items()):
            if at < since:
                break
            found.append(self.left(key))
        return found


def max_min_part(room: float, wanted: list[float]) -> float:
    """How much each may have at most, so that all have `room` together; infinite if they want less."""
    for number, amount in enumerate(sorted(wanted)):
        part = room / (len(wanted) - number)
        if amount > part:
            return part
        room -= amount
    return math.inf


def kind_of(method: str, path: str) -> str:
    """What requests are alike: the method, and the path without ids, as far as it is kept."""
    return f"{method} {_ID.sub('/#', path)[:MOST_KEPT]}"


def is_costly_by_nature(path: str, size: int) -> bool:
    """Whether a request to `path` with a body of `size` bytes takes much, whoever sends it."""
    return size >= LARGE or path.endswith(_COSTLY_ENDS)
