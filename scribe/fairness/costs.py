"""Which requests take much of the processor, by what those of the same kind, or of the same share, have taken of late.

Threads of one process share one interpreter, so each of them that is at work holds up all others. Costly requests take
turns with each other, a few at a time and with a rest after each, and the others have the threads to themselves.
"""

import math
import re
import time
from collections import OrderedDict

#: Seconds of the processor from which one request counts.
COUNTS = 0.03
#: Seconds of the processor, in those requests of late, from which a kind of request is costly: a sixth of it. Who edits
#: or approves a text each second takes half of that, and is not to wait for turns.
COSTLY = 1.5
#: Seconds of the processor, in all requests of a share of late, from which they all take turns: half of it.
MUCH = 5.0
#: Seconds after which a third of what was taken still counts.
LATELY = 10.0
#: A share gives way to others unless one of them takes so many times as much.
FAR_MORE = 2.0
SAMPLES = 8  # what a kind of request takes is told by about so many of the last
_ID = re.compile(r"/(?:[0-9a-f]{8}-[0-9a-f-]{20,}|[0-9]+)(?=/|$)")


class Costs:
    """The seconds that each share took of late, in all and for each kind of request, of the `most` seen last."""

    def __init__(self, most: int = 10_000) -> None:
        self._taken = Sums(most)
        self._of_kind = Sums(most)
        self._usual = Sums(most)

    def expect(self, share: str, kind: str) -> float:
        """Count what such a request takes as a rule, whoever sends it, before it begins: else any number could begin at
        once. The seconds that were counted."""
        usual, _ = self._usual.get((kind, ""), (0.0, 0.0))
        self.count(share, kind, usual)
        return usual

    def note(self, share: str, kind: str, seconds: float, *, expected: float = 0.0) -> None:
        """Count a request that has ended, of which `expected` is counted already."""
        usual, _ = self._usual.get((kind, ""), (0.0, 0.0))
        self._usual.put((kind, ""), usual + (seconds - usual) / SAMPLES)
        self.count(share, kind, seconds, expected=expected)

    def count(self, share: str, kind: str, seconds: float, *, expected: float = 0.0) -> None:
        self._taken.put((share, ""), self._taken.left((share, "")) + seconds - expected)
        dear = sum(taken for taken in (seconds, -expected) if abs(taken) >= COUNTS)
        self._of_kind.put((share, kind), self._of_kind.left((share, kind)) + dear)

    def is_costly(self, share: str, kind: str) -> bool:
        """Whether such a request has to wait for its turn. None has to while nobody else is there."""
        return self._of_kind.left((share, kind)) >= COSTLY and self._gives_way(share)

    def takes_much(self, share: str) -> bool:
        """Whether every request of the share has to wait for its turn, likewise."""
        return self._taken.left((share, "")) >= MUCH and self._gives_way(share)

    def _gives_way(self, share: str) -> bool:
        """Whether others are there, and none of them takes far more: that one is to wait then, not whom it holds up."""
        others, far_more = False, FAR_MORE * self._taken.left((share, ""))
        since = time.monotonic() - LATELY
        for (other, _), (_, at) in reversed(self._taken.items()):
            if at < since:
                break
            if other != share:
                others = True
                if self._taken.left((other, "")) > far_more:
                    return False
        return others


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


def kind_of(method: str, path: str) -> str:
    """What requests are alike: the method, and the path without ids."""
    return f"{method} {_ID.sub('/#', path)}"
