"""The OpenAPI documents as clients read them. To build one takes seconds: it is done once in a run."""

from __future__ import annotations

import fcntl
import json
import os
from functools import cache
from pathlib import Path
from typing import Any


@cache
def document(version: str = "3.0") -> Any:
    """The document in OpenAPI `version`, the same object for all who ask: change a copy."""
    from scribe.api import document as made

    kept = Path(os.environ["SCRIBE_TEST_DIR"]) / f"openapi-{version}.json"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(made.document(version, "json"))
    return json.loads(kept.read_bytes())
