"""Our guard plugin, as a site that has it answers: a state for each row that is read, and no write over another state."""

from __future__ import annotations

import hashlib
import json
from typing import Any

PARAM = "xcscribe"
SPACE = "xcscribe/v1"
REFUSAL = {
    "code": "xcscribe_changed",
    "message": "Somebody changed it since it was read.",
    "data": {"status": 409},
}
BUSY = {
    "code": "xcscribe_busy",
    "message": "Another write is under way. Nothing was done.",
    "data": {"status": 503, "retry_after": 0.01},
}


def shown(keys: list[str], texts: Any, builder: str = "") -> dict[str, Any]:
    """What a row gets to carry when `xcscribe` asks for it. The plugin's own hash is another; nobody compares the two.
    `builder` is the page builder that is switched on and shows the row to visitors."""
    state = hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()
    return {"keys": keys, "state": state, "builder": builder}


def asked(query: dict[str, str]) -> list[str] | None:
    """The meta keys of a read; None if it asks for no state."""
    return query[PARAM].split(",") if PARAM in query and query.get("context") == "edit" else None
