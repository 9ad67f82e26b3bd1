"""Size limits of a client's free-form objects. Settings and notes are kept in the row itself, so every list loads them."""

from __future__ import annotations

import json
from typing import Any

from scribe.errors import InvalidInput

KIB = 1024
SETTINGS_BYTES = 64 * KIB
NOTES_BYTES = 256 * KIB  # two texts of the longest kind fit in


def bounded(value: dict[str, Any], pointer: str, *, most: int, before: Any = None) -> dict[str, Any]:
    """Return `value`. Raises InvalidInput at `pointer` if its JSON has more than `most` bytes and is longer than `before`."""
    size = _bytes(value)
    if size > most and size > _bytes(before):
        raise InvalidInput.at(pointer, f"This may have at most {most // KIB} KB.", "too_large")
    return value


def _bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace"))
