"""How many items a store should be sent at once, by how long the last writes took.

A write costs a store something once and something for each item. Where the first part is the larger one, as behind a
slow host or a security plugin that looks at each request, smaller batches shorten no write and only make more of them.
"""

from collections.abc import Sequence
from itertools import combinations
from statistics import median

REMEMBERED = 8  # writes
#: A batch is made no smaller where that would shorten its write by less than this share of what one item takes.
WORTHWHILE = 0.25
VARIES = 2.0  # a write that takes so many times as long as the one before explains, or so little, begins anew

Write = tuple[int, float]  # how many items, and how many seconds (> 0)


def batch_size(writes: Sequence[Write], *, longest: float, most: int) -> int:
    """The items that are written in `longest` seconds, from 1 to `most`; more where fewer would hardly be quicker. The
    last of `writes` says how quick the store is now, the others which part of it each item takes."""
    once, each = _cost(_alike(writes))
    bound = max(longest, (1 + WORTHWHILE) * (once + each))
    return max(1, min(most, int((bound - once) / each))) if once + each * most > bound else most


def _alike(writes: Sequence[Write]) -> list[Write]:
    """The last writes, back to where the store became slower or quicker, whatever part of a write each item takes."""
    found: list[Write] = []
    for count, seconds in writes:
        if found:
            before, took = found[-1]
            least, most = sorted((took, took * count / before))
            if not least / VARIES <= seconds <= most * VARIES:
                found.clear()
        found.append((count, seconds))
    return found


def _cost(writes: Sequence[Write]) -> tuple[float, float]:
    """Seconds for a write and for each of its items: the line through the median of all slopes (Theil and Sen), which
    no single odd write turns, brought to the height of the last one. Writes of one size tell nothing of the slope: then
    all of it is taken to be the items', and the next, smaller batch shows whether it was."""
    count, seconds = writes[-1]
    slopes = [
        (later - sooner) / (many - few) for (few, sooner), (many, later) in combinations(writes, 2) if few != many
    ]
    if not slopes:
        return 0.0, seconds / count
    each = max(0.0, median(slopes))
    once = max(0.0, median(took - each * size for size, took in writes))
    height = seconds / (once + each * count)
    return once * height, each * height
