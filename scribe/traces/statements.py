"""What a span may say of a statement: its verb and its table. The text stays out, since values may stand in it."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from scribe import traces

TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE|TABLE)\s+"?([A-Za-z_][A-Za-z0-9_]*)"?')
LOOKED_AT = 4000  # characters


@lru_cache(maxsize=2048)
def summary(sql: str) -> tuple[str, str]:
    """The verb and the first table of a statement."""
    start = sql[:LOOKED_AT].lstrip(" (\n")
    verb = start.split(None, 1)[0].upper()[:20] if start else ""
    table = TABLE.search(start)
    return (verb if verb.isalpha() else "statement"), table.group(1) if table else ""


def statement(sql: Any) -> AbstractContextManager[traces.Span]:
    verb, table = summary(sql) if isinstance(sql, str) else ("statement", "")
    about = {
        "db.system.name": "postgresql",
        "db.operation.name": verb,
        "db.collection.name": table or None,
        "db.query.summary": f"{verb} {table}".strip(),
    }
    return traces.part(f"{verb} {table}".strip(), about)
