"""How large a free object of a client's may be. Settings and notes are kept in the row itself, and come with every list of it."""

from __future__ import annotations

import json
from typing import Any

from scribe.errors import InvalidInput

KIB = 1024
SETTINGS_BYTES = 64 * KIB
NOTES_BYTES = 256 * KIB  # two texts of the longest kind fit in


def bounded(value: dict[str, Any], pointer: str, *, most: int, before: Any = None) -> dict[str, Any]:
    """`value`; InvalidInput at `pointer` when its JSON has more than `most` bytes, and more than it had `before`."""
    size = _bytes(value)
    if size > most and size > _bytes(before):
        raise InvalidInput.at(pointer, f"This may have at most {most // KIB} KB.", "too_large")
    return value


def _bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace"))
