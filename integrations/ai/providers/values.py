"""Values of a vendor's answer, read with care: gateways, proxies and self-hosted servers send unexpected forms.

A value that has not the promised form counts as absent. So an odd answer has no text or no usage, but never
raises an error in our code.
"""

import orjson

from integrations.ai.errors import AITransientError
from scribe.messages import _
from scribe.types import Json

# Our requests stay far below this. A larger count is a mistake of the server's and is ignored.
MOST_TOKENS = 100_000_000


def body(content: bytes, provider: str) -> Json:
    """The JSON object in an answer's body. Raises AITransientError for any other body."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise AITransientError(_("The AI provider's answer could not be read."), provider=provider)
    return found


def an_object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[Json]:
    """The objects in a list; other entries are left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def count(value: object) -> int:
    """A number of tokens; 0 when it is absent or impossible."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return 0
    return int(value) if 0 <= value <= MOST_TOKENS else 0
