"""Work that a process does once before its first request or job."""

from __future__ import annotations

import contextlib
import ctypes
import gc

M_MMAP_THRESHOLD = -3  # of glibc's malloc.h
LARGE = 1024 * 1024


def keep_what_is_loaded() -> None:
    """Take all that is loaded by now out of the garbage collector's rounds.

    Modules, models and SDKs live as long as the process, and a full round over them stops it for a quarter of a second, again
    and again under load. Forked workers share their memory better, too. https://docs.python.org/3/library/gc.html#gc.freeze
    """
    gc.collect()
    gc.freeze()


def give_large_buffers_back() -> None:
    """Have glibc return buffers of a megabyte and more to the system when they are freed.

    Left alone it takes them from the system until one is freed, and from then on keeps such room in each thread: a store's
    largest answer, twenty megabytes and a copy, once for every thread of a process, for good. Other C libraries have no
    such setting. https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)
