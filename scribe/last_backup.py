"""When the last whole backup was made: a time in Valkey, for the alarm on its age."""

from __future__ import annotations

import time

import redis

from scribe.jobs.events import valkey
from scribe.logs import get_logger

log = get_logger(__name__)

KEY = "backup:made"
#: A daily backup that is older than this, in seconds, failed.
OLDEST = 26 * 3600


def note() -> None:
    """A whole backup was made now. Valkey may be down: the backup is whole all the same."""
    try:
        valkey().set(KEY, time.time())
    except redis.RedisError as error:
        log.warning("backup not noted", error=str(error))


def age() -> float | None:
    """Seconds since the last one; None if none is known. Raises redis.RedisError."""
    noted = valkey().get(KEY)
    return max(0.0, time.time() - float(noted)) if noted else None  # type: ignore[arg-type]
