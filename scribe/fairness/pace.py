"""How many requests are at work at once, by how busy the interpreter is."""

import asyncio
import sys
import time

from scribe.fairness.shares import FairSlots

#: After which a thread that works leaves the interpreter to another one. Each query of a request waits for it once
#: more, so Python's own 5 ms would let a request of ten queries wait 50 ms for each thread that works.
SWITCH_SECONDS = 0.0005
#: The part of a core from which on fewer requests begin, and below which as many as there are slots do.
BUSY, CALM = 0.75, 0.5
#: The part of the slots, and of one share's, that is left then.
LEFT = 0.4
LOOKS = 0.25  # seconds


class Pace:
    """Threads of one process share one interpreter: while it is busy, more requests at work only slow each other down.
    So fewer begin then, and whose turn it is decides, not the interpreter."""

    def __init__(self, slots: FairSlots) -> None:
        self.slots, self.most = slots, (slots.total, slots.each)
        self.less = max(1, round(LEFT * slots.total)), max(1, round(LEFT * slots.each))
        self.looked, self.taken = time.monotonic(), time.process_time()

    def start(self) -> None:
        """In the loop that is running."""
        sys.setswitchinterval(SWITCH_SECONDS)
        self.look()

    def look(self) -> None:
        """Look how busy it was since the last time, again and again."""
        now, taken = time.monotonic(), time.process_time()
        busy = (taken - self.taken) / max(now - self.looked, LOOKS / 2)
        self.looked, self.taken = now, taken
        if busy >= BUSY:
            self.slots.limit(*self.less)
        elif busy < CALM:
            self.slots.limit(*self.most)
        asyncio.get_running_loop().call_later(LOOKS, self.look)
