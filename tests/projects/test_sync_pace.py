"""How many items a store is sent at once."""

from __future__ import annotations

from collections import deque

import pytest

from projects.sync import pace


@pytest.mark.parametrize(
    ("writes", "size"),
    [
        ([(5, 0.2)], 25),  # quick: as many as it takes
        ([(5, 9.0)], 1),  # slow, and nothing says yet what is slow in it
        ([(5, 5.0), (2, 2.0)], 2),  # each item takes a second
        ([(25, 25.0)] * 7 + [(2, 2.1)], 2),
        ([(5, 9.0), (1, 9.0)], 25),  # it takes nine seconds whatever is sent
        ([(5, 9.0), (1, 9.4)], 25),
        ([(5, 9.4), (1, 9.0)], 23),
        ([(5, 2.5), (2, 1.6)], 5),  # a second, and 0.3 for each item
        ([(5, 12.0), (1, 9.0)], 4),  # few writes: what varies by itself looks like the items'
        ([(5, 12.0), (1, 9.0), (4, 9.2), (3, 9.1)], 6),
        ([(5, 1.0), (25, 1.5), (25, 1.5), (25, 1.5), (25, 60.0)], 1),  # from now on it is slow
        ([(5, 1.0), (25, 1.5), (25, 60.0), (25, 1.5), (25, 1.5)], 25),  # one odd write
        ([(5, 1.0), (25, 1.5), (25, 60.0), (1, 2.4)], 1),
        ([(5, 1.0), (25, 1.5), (25, 60.0), (1, 58.0)], 25),  # slow, and by the request
        ([(5, 9.0), (1, 9.0), (25, 0.3)], 25),  # it has become quick
        ([(25, 9.0)] * 8, 6),  # the sizes say nothing any more: look again
    ],
)
def test_a_batch_is_as_large_as_the_last_writes_allow(writes: list[pace.Write], size: int) -> None:
    assert pace.batch_size(writes, longest=2.5, most=25) == size


@pytest.mark.parametrize(
    ("once", "each", "calls"),
    [(0.0, 0.01, 13), (9.0, 0.05, 19), (30.0, 0.0, 19), (0.0, 2.0, 300), (1.0, 0.5, 101), (2.4, 0.5, 160)],
)
def test_a_shop_is_asked_as_often_as_its_window_needs(once: float, each: float, calls: int) -> None:
    """300 products, beginning with five. No batch takes longer than 2.5 s, or a quarter more than a single item would,
    but for the first ones, which show the speed."""
    writes: deque[pace.Write] = deque(maxlen=pace.REMEMBERED)
    left, size, made = 300, 5, 0
    while left > 0:
        count = min(size, left)
        writes.append((count, once + each * count))
        size = pace.batch_size(list(writes), longest=2.5, most=25)
        assert once + each * size <= max(2.5, 1.25 * (once + each)) + 1e-6
        left, made = left - count, made + 1
    assert made <= calls
