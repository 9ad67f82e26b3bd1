"""Limits of JSON that others send: of its size and its depth.

Settings and notes are kept in the row itself, so every list loads them. A level costs its sender two bytes, but costs a
recursive function a frame of the stack.
"""

import json

from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json

KIB = 1024
SETTINGS_BYTES = 64 * KIB
NOTES_BYTES = 256 * KIB  # two texts of the longest kind fit in
MOST_LEVELS = 64  # that a request may have
MOST_LEVELS_OF_OTHERS = 200  # that a third party's answer may have


def check_size(value: Json, pointer: str, *, most: int, before: object = None) -> Json:
    """Return `value`. Raises InvalidInput at `pointer` if its JSON has more than `most` bytes and is longer than `before`."""
    size = _bytes(value)
    if size > most and size > _bytes(before):
        raise InvalidInput.at(pointer, _("This may have at most {most} KB.", most=most // KIB), "too_large")
    return value


def _bytes(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace"))


def deeper_than(data: object, most: int = MOST_LEVELS) -> bool:
    """Whether `data`, parsed JSON, has more than `most` levels of objects and arrays. Linear, without recursion."""
    level = [data] if isinstance(data, dict | list) else []
    for _unused in range(most):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return bool(level)
