"""What a span may say of a statement: its verb and its table. The text stays out, since values may stand in it.

Commands of Valkey are spans by their names alone: keys hold ids, and values are ours.
"""

import re
from contextlib import AbstractContextManager
from functools import lru_cache

import redis
from redis.client import Pipeline

from scribe import traces
from scribe.types import JsonValue

TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE|TABLE)\s+"?([A-Za-z_][A-Za-z0-9_]*)"?')
LOOKED_AT = 4000  # characters


@lru_cache(maxsize=2048)
def summary(sql: str) -> tuple[str, str]:
    """The verb and the first table of a statement."""
    start = sql[:LOOKED_AT].lstrip(" (\n")
    verb = start.split(None, 1)[0].upper()[:20] if start else ""
    table = TABLE.search(start)
    return (verb if verb.isalpha() else "statement"), table.group(1) if table else ""


def statement(sql: object) -> AbstractContextManager[traces.Span]:
    verb, table = summary(sql) if isinstance(sql, str) else ("statement", "")
    about = {
        "db.system.name": "postgresql",
        "db.operation.name": verb,
        "db.collection.name": table or None,
        "db.query.summary": f"{verb} {table}".strip(),
    }
    return traces.part(f"{verb} {table}".strip(), about)


SYSTEM = "redis"


class TracedRedis(redis.Redis):
    def execute_command(self, *args: object, **options: object) -> object:
        verb = str(args[0]).split(" ")[0] if args else "command"
        with traces.part(verb, {"db.system.name": SYSTEM, "db.operation.name": verb}):
            return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        return TracedPipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


class TracedPipeline(Pipeline):
    def execute(self, raise_on_error: bool = True) -> list[JsonValue]:
        about: dict[str, traces.Value | None] = {
            "db.system.name": SYSTEM,
            "db.operation.name": "PIPELINE",
            "db.operation.batch.size": len(self.command_stack),
        }
        with traces.part("PIPELINE", about):
            return super().execute(raise_on_error)
