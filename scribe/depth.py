"""The depth of nested JSON. A level costs its sender two bytes, but costs a recursive function a frame of the stack."""

from __future__ import annotations

from typing import Any

#: Levels that a request may have.
MOST = 64
#: Levels that a third party's answer may have.
MOST_OF_OTHERS = 200


def deeper_than(data: Any, most: int = MOST) -> bool:
    """Whether `data`, parsed JSON, has more than `most` levels of objects and arrays. Linear, without recursion."""
    level = [data] if isinstance(data, dict | list) else []
    for _ in range(most):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return bool(level)
