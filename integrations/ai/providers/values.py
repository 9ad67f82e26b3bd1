"""A vendor's answer as far as it is what the vendor promised. Gateways, proxies and servers of one's own send all else, too.

Whatever has another form than the promised one counts as absent, so that an odd answer is an answer without a text or
without a usage, and never an error of ours.
"""

from __future__ import annotations

from typing import Any

import orjson

from integrations.ai.errors import AITransientError

# No request of ours is near it: a larger count is a slip of the server's, and says nothing.
MOST_TOKENS = 100_000_000


def body(content: bytes, provider: str) -> dict[str, Any]:
    """The JSON object of an answer; AITransientError when it is none."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise AITransientError("The AI provider's answer could not be read.", provider=provider)
    return found


def an_object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def count(value: Any) -> int:
    """A number of tokens; 0 when none is told, or none that can be."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return 0
    return int(value) if 0 <= value <= MOST_TOKENS else 0
