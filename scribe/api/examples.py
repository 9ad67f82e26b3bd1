"""Examples in the OpenAPI document: of request bodies by their schemas, and of replies by operation and status.

The replies are some that the tests have got (`tests/scribe/reply_examples.py`).
"""

from pathlib import Path

import orjson

from scribe.types import Json

REQUESTS: dict[str, Json] = orjson.loads(Path(__file__).with_name("request_examples.json").read_bytes())
REPLIES: dict[str, dict[str, Json]] = orjson.loads(Path(__file__).with_name("reply_examples.json").read_bytes())


def add(operation: Json) -> None:
    """Give each body and reply of the operation its example, where it names none itself."""
    for media in operation.get("requestBody", {}).get("content", {}).values():
        _put(media, REQUESTS.get(media["schema"].get("$ref", "").rpartition("/")[2]))
    for status, example in REPLIES.get(operation["operationId"], {}).items():
        _put(
            operation["responses"].get(status, {}).get("content", {}).get("application/json", {"examples": {}}), example
        )


def _put(media: Json, example: Json | None) -> None:
    if example is not None and "examples" not in media:
        media["example"] = example
