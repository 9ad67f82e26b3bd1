"""A client of Valkey whose commands are spans, by their names alone: keys hold ids, and values are ours."""

from __future__ import annotations

from typing import Any

import redis
from redis.client import Pipeline

from scribe import traces

SYSTEM = "redis"


class TracedRedis(redis.Redis):
    def execute_command(self, *args: Any, **options: Any) -> Any:
        verb = str(args[0]).split(" ")[0] if args else "command"
        with traces.part(verb, {"db.system.name": SYSTEM, "db.operation.name": verb}):
            return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        return TracedPipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


class TracedPipeline(Pipeline):
    def execute(self, raise_on_error: bool = True) -> Any:
        about: dict[str, traces.Value | None] = {
            "db.system.name": SYSTEM,
            "db.operation.name": "PIPELINE",
            "db.operation.batch.size": len(self.command_stack),
        }
        with traces.part("PIPELINE", about):
            return super().execute(raise_on_error)
