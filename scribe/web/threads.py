"""Between the event loop and the threads of requests."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

T = TypeVar("T")


def back_in(loop: asyncio.AbstractEventLoop, deed: Callable[[], None]) -> None:
    """Have the loop call `deed`. Does nothing if the loop is closed because the process ends."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(deed)


def hand_over(loop: asyncio.AbstractEventLoop, answered: asyncio.Future[T], found: T | BaseException) -> None:
    """Give a thread's answer, or its error, to the future that waits for it in the loop."""

    def give() -> None:
        if answered.done():
            return
        if isinstance(found, BaseException):
            answered.set_exception(found)
        else:
            answered.set_result(found)

    back_in(loop, give)


class ThreadClock:
    """The seconds that one piece of work has taken of the processor, for other threads to read."""

    def __init__(self) -> None:
        self._clock: int | None = None
        self._began = 0.0

    def start(self) -> None:
        """In the thread that does the work."""
        self._began, self._clock = time.thread_time(), time.pthread_getcpuclockid(threading.get_ident())

    def read(self) -> float:
        """0 before the work has begun. Not for work that has ended, whose thread may be gone."""
        return 0.0 if self._clock is None else time.clock_gettime(self._clock) - self._began


def run_timed(
    work: Callable[[], None], clock: ThreadClock, loop: asyncio.AbstractEventLoop, note: Callable[[float], None]
) -> None:
    """In a thread: do the work, and have the loop note the seconds that it took of the processor."""
    clock.start()
    try:
        work()
    finally:
        back_in(loop, partial(note, clock.read()))
