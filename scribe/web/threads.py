"""Between the event loop and the threads of requests."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial


def back_in(loop: asyncio.AbstractEventLoop, deed: Callable[[], None]) -> None:
    """Have the loop call `deed`. Does nothing if the loop is closed because the process ends."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(deed)


def hand_over(loop: asyncio.AbstractEventLoop, answered: asyncio.Future[object], found: object) -> None:
    """Give a thread's answer, or its error, to the future that waits for it in the loop."""

    def give() -> None:
        if answered.done():
            return
        if isinstance(found, BaseException):
            answered.set_exception(found)
        else:
            answered.set_result(found)

    back_in(loop, give)


def run_timed(work: Callable[[], None], loop: asyncio.AbstractEventLoop, note: Callable[[float], None]) -> None:
    """In a thread: do the work, and have the loop note the seconds that it took of the processor."""
    began = time.thread_time()
    try:
        work()
    finally:
        back_in(loop, partial(note, time.thread_time() - began))
