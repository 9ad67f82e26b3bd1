"""Work that a process does once before its first request or job."""

import contextlib
import ctypes
import gc
import os
from pathlib import Path

M_MMAP_THRESHOLD = -3  # of glibc's malloc.h
LARGE = 1024 * 1024
#: New objects before a collection of the youngest, and how many collections of one generation before one of the next.
COLLECT_AFTER = 2_000, 20, 100


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

    What is loaded and kept later, such as a customer's glossary, is looked through by each full collection, too: a tenth of a second in
    which no thread goes on. So those come seldom. Nearly all garbage is freed by its counts of references or while it is young.
    """
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    gc.enable()


def give_large_buffers_back() -> None:
    """Have glibc return buffers of a megabyte and more to the system when they are freed.

    By default, once such a buffer was freed, glibc keeps room of that size in each thread for good: for a store's largest
    answer, twenty megabytes and a copy per thread. Other C libraries have no such setting.
    https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)


def lower_priority(by: int) -> None:
    """Have this process, and those that it starts, give way to others: `by` is from 1 to 19.

    Linux divides the processor among sessions first and then within each, so a session that this process leads has to give way, too.
    https://man7.org/linux/man-pages/man7/sched.7.html (autogroup)
    """
    os.nice(by)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(by))
