"""Which requests take much of the processor, by what those of the same kind have taken until now.

Threads of one process share one interpreter, so each of them that is at work holds up all others. Costly requests take
turns with each other, a few at a time, and the rest has the threads to itself.
"""

from __future__ import annotations

import re
from collections import OrderedDict

#: Seconds of the processor, in the mean of late, from which a kind of request is costly.
COSTLY = 0.04
WEIGHT = 0.4  # of the newest request in that mean
_ID = re.compile(r"/(?:[0-9a-f]{8}-[0-9a-f-]{20,}|[0-9]+)(?=/|$)")


class Costs:
    """The mean seconds of each kind of request of each share, of the `most` that were last seen."""

    def __init__(self, most: int = 10_000) -> None:
        self.most = most
        self._means: OrderedDict[tuple[str, str], float] = OrderedDict()

    def note(self, share: str, kind: str, seconds: float) -> None:
        key = share, kind
        self._means[key] = (1 - WEIGHT) * self._means.get(key, 0.0) + WEIGHT * seconds
        self._means.move_to_end(key)
        while len(self._means) > self.most:
            self._means.popitem(last=False)

    def is_costly(self, share: str, kind: str) -> bool:
        return self._means.get((share, kind), 0.0) >= COSTLY


def kind_of(method: str, path: str) -> str:
    """What requests are alike: the method, and the path without ids."""
    return f"{method} {_ID.sub('/#', path)}"
