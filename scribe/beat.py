"""Beat's heartbeat: a time in Valkey, renewed while beat ticks, by which a check or an alarm sees that beat stands still."""

import time

import redis
from celery.beat import PersistentScheduler

from scribe.jobs.events import valkey
from scribe.logs import get_logger

log = get_logger(__name__)

KEY = "beat:tick"
#: Beat renews its heartbeat this often, and sleeps no longer.
SECONDS = 10


class HeartbeatScheduler(PersistentScheduler):
    """Celery's scheduler, which notes the time of its ticks."""

    noted = 0.0
    closed = False

    def close(self) -> None:
        self.closed = True
        super().close()

    def tick(self) -> float:  # type: ignore[override]  # the base takes its own globals, for speed
        """Send what is due. Returns the seconds until the next tick, at most SECONDS."""
        try:
            wait = float(super().tick())
        except ValueError:
            if self.closed:  # by SIGTERM, and whatever was going on swallowed the SystemExit that follows
                raise SystemExit from None
            raise
        if time.monotonic() - self.noted >= SECONDS:
            self.noted = time.monotonic()
            note()
        return min(wait, SECONDS)


def note() -> None:
    """Renew the heartbeat. Valkey may be down: beat goes on, and the next tick notes again."""
    try:
        valkey().set(KEY, time.time())
    except redis.RedisError as error:
        log.warning("heartbeat not noted", error=str(error))


def age() -> float:
    """Seconds since beat last ticked, or infinity if it never did. Raises redis.RedisError."""
    noted = valkey().get(KEY)
    return max(0.0, time.time() - float(noted)) if noted else float("inf")
