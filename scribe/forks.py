"""Threads beside a worker's event loop, which forks processes at any time.

A forked process has every lock as it was, but not the thread that would release it: one that imported a module at that
moment leaves a process that waits for ever at its own import. https://docs.python.org/3/library/os.html#os.fork
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 60  # seconds that a fork waits for threads that hang

_turn = threading.Lock()
_alone = False


@contextmanager
def held_off() -> Iterator[None]:
    """Have forks of this process wait until the block is through."""
    with _turn:
        yield


def _wait() -> None:
    global _alone
    _alone = _turn.acquire(timeout=PATIENCE)


def _let_go() -> None:
    if _alone:
        _turn.release()


def _renew() -> None:
    global _turn
    _turn = threading.Lock()


os.register_at_fork(before=_wait, after_in_parent=_let_go, after_in_child=_renew)
