"""How much a test does: what proves the same in a fraction of the time, and in `make test-all` all of it."""

from __future__ import annotations

import os

FULL = os.environ.get("FULL_SIZES") == "1"


def size(quick: int, full: int) -> int:
    return full if FULL else quick
