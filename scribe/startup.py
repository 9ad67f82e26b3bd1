"""Work that a process does once before its first request or job."""

from __future__ import annotations

import contextlib
import ctypes
import gc

M_MMAP_THRESHOLD = -3  # of glibc's malloc.h
LARGE = 1024 * 1024


def load_without_collections() -> None:
    """Collect no garbage until `keep_what_is_loaded` or `collect_again`. Loading makes next to none (a megabyte), and the
    looking for it is a quarter of the start."""
    gc.disable()


def collect_again() -> None:
    """End `load_without_collections`."""
    gc.enable()


def keep_what_is_loaded() -> None:
    """Exclude all present objects from garbage collection, which goes on from here.

    Modules, models and SDKs live as long as the process. A full collection over them would stop it for a quarter of a
    second, repeatedly under load. Forked workers also share more memory. https://docs.python.org/3/library/gc.html#gc.freeze
    """
    gc.freeze()
    gc.enable()


def give_large_buffers_back() -> None:
    """Have glibc return buffers of a megabyte and more to the system when they are freed.

    By default, once such a buffer was freed, glibc keeps room of that size in each thread for good: for a store's largest
    answer, twenty megabytes and a copy per thread. Other C libraries have no such setting.
    https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)
