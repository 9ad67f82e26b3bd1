"""Events brought to a program as webhooks are, signed with a secret of the caller's."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx2

from xcscribe.core import wait_of
from xcscribe.webhooks import sign

TIMEOUT_SECONDS = 15.0
LONGEST_WAIT = 60.0
GONE = 410
#: Between eight attempts, as a webhook has. Its waits grow to days; here somebody looks on.
WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)  # seconds


def forward(
    event: dict[str, Any], url: str, *, secret: str, say: Callable[[str], None], waits: Sequence[float] = WAITS
) -> bool:
    """POST the event to `url`: the body of its webhook, under its id, signed with `secret`. Returns whether an answer
    was 2xx. `url` may be one of this machine, where nobody else's webhooks come.

    Any other answer, a redirect too, is a failure and comes again after one of `waits`, or as `Retry-After` says, at
    most a minute later. 410 is not repeated.
    """
    body = {name: event[name] for name in ("type", "timestamp", "data")}
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    for wait in (*waits, None):
        asked: float | None = None
        named, now = str(event["id"]), str(int(time.time()))
        headers = {"Content-Type": "application/json", "webhook-id": named, "webhook-timestamp": now}
        headers["webhook-signature"] = sign(data, message_id=named, sent_at=now, secret=secret)
        try:
            answer = httpx2.post(url, content=data, headers=headers, timeout=TIMEOUT_SECONDS)
            say(f"{url} answered {answer.status_code}")
            if answer.is_success:
                return True
            if answer.status_code == GONE:
                break
            asked = wait_of(answer.headers.get("Retry-After"), time.time())
        except (httpx2.RequestError, httpx2.InvalidURL) as error:
            say(f"{url} does not answer: {error}")
        if wait is not None:
            time.sleep(min(max(wait, asked or 0), LONGEST_WAIT))
    say(f"Event {event['id']} was not taken.")
    return False


def example(document: dict[str, Any], event_type: str) -> dict[str, Any]:
    """An event of this type with made-up ids and values, by the OpenAPI 3.1 document's schema. Raises ValueError for a
    type that the document does not have."""
    webhooks = document.get("webhooks", {})
    if event_type not in webhooks:
        raise ValueError(f"There is no event {event_type}. Known are: {', '.join(sorted(webhooks))}")
    schema = webhooks[event_type]["post"]["requestBody"]["content"]["application/json"]["schema"]
    body = _example(document["components"]["schemas"], schema)
    return {"id": str(uuid.uuid4()), **body}


def _example(schemas: dict[str, Any], schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _example(schemas, schemas[schema["$ref"].rpartition("/")[2]])
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: _example(schemas, inner) for name, inner in schema.get("properties", {}).items()}
    if kind == "string":
        made = {"uuid": str(uuid.uuid4()), "date-time": datetime.now(UTC).isoformat().replace("+00:00", "Z")}
        return made.get(schema.get("format", ""), "example")
    return {"integer": 1, "number": 1.0, "boolean": True, "array": []}.get(str(kind))
