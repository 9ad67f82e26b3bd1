"""A file with some stretches replaced, all others copied as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

CHUNK = 1024 * 1024

Edit = tuple[int, int, bytes]  # from, to, and what stands there instead


def applied(file: BinaryIO, edits: Iterable[Edit]) -> Iterator[bytes]:
    """`edits` are in rising order and do not overlap. Other reads of `file` may happen between two of them."""
    at = 0
    for start, end, value in edits:
        yield from copied(file, at, start)
        yield value
        at = end
    yield from copied(file, at, None)


def copied(file: BinaryIO, start: int, end: int | None) -> Iterator[bytes]:
    while end is None or start < end:
        file.seek(start)
        chunk = file.read(CHUNK if end is None else min(CHUNK, end - start))
        if not chunk:
            return
        start += len(chunk)
        yield chunk
