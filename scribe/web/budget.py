"""The limit on the disk space of bodies and replies under way: in all, and for one address."""

from __future__ import annotations

import threading
from collections import defaultdict


class ByteBudget:
    """`take` counts `size` bytes for an address and returns True, or returns False if there is no room. `give` counts them
    back. One address gets at most a quarter of the whole."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._lock = threading.Lock()
        self._taken: dict[str, int] = defaultdict(int)
        self._all = 0

    def take(self, who: str, size: int) -> bool:
        with self._lock:
            if self._all + size > self.total or self._taken[who] + size > self.total // 4:
                return False
            self._all += size
            self._taken[who] += size
            return True

    def give(self, who: str, size: int) -> None:
        with self._lock:
            self._all -= size
            self._taken[who] -= size
            if not self._taken[who]:
                del self._taken[who]
