"""Work that a process does once before its first request or job."""

from __future__ import annotations

import gc


def keep_what_is_loaded() -> None:
    """Take all that is loaded by now out of the garbage collector's rounds.

    Modules, models and SDKs live as long as the process, and a full round over them stops it for a quarter of a second, again
    and again under load. Forked workers share their memory better, too. https://docs.python.org/3/library/gc.html#gc.freeze
    """
    gc.collect()
    gc.freeze()
