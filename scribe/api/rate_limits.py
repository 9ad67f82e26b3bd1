"""Rate limits: one counter per scope and caller, in Valkey. Its window begins with the first call. A count takes one round
trip. The few scopes that guard mailboxes are counted in PostgreSQL."""

import hashlib
import threading
import time
from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings
from django.db import Error as DatabaseFault

from scribe import counts
from scribe.api.models import RateLimit
from scribe.errors import TooManyRequests
from scribe.jobs.events import valkey
from scribe.logs import get_logger
from scribe.messages import _

log = get_logger(__name__)

# Counts a call in its window. Returns the number of calls and the milliseconds until the window ends.
COUNT = """
local n = redis.call('INCRBY', KEYS[1], ARGV[2])
if n == tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
local left = redis.call('PTTL', KEYS[1])
if left < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]); left = tonumber(ARGV[1]) end
return {n, left}
"""
#: Scopes that are counted in PostgreSQL.
KEPT = frozenset(("mail_sender", "mail_recipient", "mail_reset", "mailbox_registrations"))
DIGEST = hashlib.sha1(COUNT.encode(), usedforsecurity=False).hexdigest()  # the name by which EVALSHA calls a script


class Counter(threading.local):
    """Runs COUNT over a connection that its thread keeps. Every request counts here, and taking a connection from a pool
    would take longer than the count itself."""

    def __init__(self) -> None:
        self.client: redis.Redis | None = None
        self.link: Any = None  # type: ignore[explicit-any]  # a connection of redis, which has no public type

    def call(self, key: str, milliseconds: int, cost: int) -> tuple[int, int]:
        """The number of calls, and the milliseconds until the window ends. Raises RedisError."""
        client = valkey()
        if self.client is not client:  # the first call of this thread, or of this process after a fork
            self.link = client.connection_pool.get_connection()
            self.client = client
        try:
            return self._ask(key, milliseconds, cost)
        except redis.ConnectionError:  # the server was restarted
            self.link.disconnect()
            return self._ask(key, milliseconds, cost)

    def _ask(self, *arguments: object) -> tuple[int, int]:
        self.link.send_command("EVALSHA", DIGEST, 1, *arguments)
        try:
            used, left = self.link.read_response()
        except redis.exceptions.NoScriptError:
            self.link.send_command("EVAL", COUNT, 1, *arguments)
            used, left = self.link.read_response()
        return int(used), int(left)


counter = Counter()


@dataclass(frozen=True)
class RateLimitStanding:
    """A caller's state in a scope: the `RateLimit` headers, and whether this call exceeds the limit. `reset` and `window`
    are seconds: those left, and those of the whole window."""

    scope: str
    limit: int
    used: int
    reset: float
    window: int

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit

    def headers(self) -> dict[str, str]:
        """By draft-ietf-httpapi-ratelimit-headers-10, and by its third version, which had a header for each number."""
        left, seconds = max(0, self.limit - self.used), max(1, round(self.reset))
        return {
            "RateLimit": f'"{self.scope}";r={left};t={seconds}',
            "RateLimit-Policy": f'"{self.scope}";q={self.limit};w={self.window}',
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(seconds),
        }


class Rows:
    """The limits that staff have set, read from the database at most every ten seconds."""

    FRESH_SECONDS = 10.0

    def __init__(self) -> None:
        self.known: dict[str, tuple[int, int]] = {}
        self.read_at = float("-inf")

    def of(self, scope: str) -> tuple[int, int] | None:
        now = time.monotonic()
        if now - self.read_at >= self.FRESH_SECONDS:
            self.read_at = now  # set before the query, so that other threads use the known limits meanwhile
            try:
                found = RateLimit.objects.values_list("scope", "number", "seconds")
                self.known = {name: (number, seconds) for name, number, seconds in found}
            except DatabaseFault as error:
                log.warning("rate limits are not read", error=str(error))
        return self.known.get(scope)

    def forget(self) -> None:
        self.read_at = float("-inf")


rows = Rows()


def limit_of(scope: str) -> tuple[int, int]:
    """`(number, seconds)` of a scope: from staff's row if there is one, else from the settings, times RATE_LIMIT_FACTOR."""
    number, seconds = rows.of(scope) or settings.RATE_LIMITS[scope]
    return max(1, round(number * settings.RATE_LIMIT_FACTOR)), seconds


def count(scope: str, who: str, *, cost: int = 1) -> RateLimitStanding | None:
    """Count a call. None when limits are off, or when Valkey cannot be reached: calls are then allowed, with a warning.
    Mails are counted in PostgreSQL, so that nobody can send more of them when Valkey is emptied or down."""
    if settings.RATE_LIMIT_FACTOR <= 0:
        return None
    limit, seconds = limit_of(scope)
    if scope in KEPT:
        used, left_seconds = counts.count(f"rate:{scope}:{seconds}:{who}", seconds)
        return RateLimitStanding(scope, limit, used, left_seconds, seconds)
    try:
        used, left = counter.call(f"rate:{scope}:{seconds}:{who}", seconds * 1000, cost)
    except redis.RedisError as error:
        log.warning("rate limits are not counted", error=str(error))
        return None
    return RateLimitStanding(scope, limit, used, left / 1000, seconds)


def check(scope: str, who: str) -> RateLimitStanding | None:
    """Count a call; raises TooManyRequests with the seconds to wait."""
    standing = count(scope, who)
    if standing is not None:
        refuse(standing)
    return standing


def refuse(standing: RateLimitStanding) -> None:
    """Raises TooManyRequests when the call was one too many."""
    if standing.exceeded:
        raise refusal(standing)


def refusal(standing: RateLimitStanding) -> TooManyRequests:
    return TooManyRequests(_("Too many requests. Please wait a moment and try again."), retry_after=standing.reset)
