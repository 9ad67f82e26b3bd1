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
#: Seconds of the processor, in all requests of a share of late, from which they all take turns.
MUCH = 3.0
#: Seconds after which a third of what was taken still counts.
LATELY = 10.0
ALL = "all"  # kinds of a share together
_ID = re.compile(r"/(?:[0-9a-f]{8}-[0-9a-f-]{20,}|[0-9]+)(?=/|$)")


class Costs:
    """The seconds that each share took of late for each kind of request, of the `most` that were last seen."""

    def __init__(self, most: int = 10_000) -> None:
        self.most = most
        self._taken: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def note(self, share: str, kind: str, seconds: float) -> None:
        for key, counted in (((share, kind), seconds if seconds >= COUNTS else 0.0), ((share, ALL), seconds)):
            self._taken[key] = self._of(key) + counted, time.monotonic()
            self._taken.move_to_end(key)
        while len(self._taken) > self.most:
            self._taken.popitem(last=False)

    def is_costly(self, share: str, kind: str) -> bool:
        """Whether such a request has to wait for its turn. None has to while nobody else is there."""
        return self._of((share, kind)) >= COSTLY and self._are_others_here(share)

    def takes_much(self, share: str) -> bool:
        """Whether every request of the share has to wait for its turn, likewise."""
        return self._of((share, ALL)) >= MUCH and self._are_others_here(share)

    def _of(self, key: tuple[str, str]) -> float:
        seconds, at = self._taken.get(key, (0.0, 0.0))
        return seconds and seconds * math.exp((at - time.monotonic()) / LATELY)

    def _are_others_here(self, share: str) -> bool:
        other = next((at for (who, _), (_, at) in reversed(self._taken.items()) if who != share), -math.inf)
        return other > time.monotonic() - LATELY


def kind_of(method: str, path: str) -> str:
    """What requests are alike: the method, and the path without ids."""
    return f"{method} {_ID.sub('/#', path)}"
