"""Seconds that fade."""

import math
import time
from collections import OrderedDict

#: Seconds after which a third of what was taken still counts.
LATELY = 10.0


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
