"""Which strangers a rate limit has refused, and until when: what they send meanwhile is refused before it takes a
thread."""

import time
from collections import OrderedDict
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from django.http import HttpResponse

from scribe.api.addresses import network_of
from scribe.api.rate_limits import RateLimitStanding, Rows, refusal
from scribe.errors import TooManyRequests
from scribe.fairness.callers import Requester, brings_credentials
from scribe.fairness.costs import MOST_KEPT, kind_of
from scribe.types import Scope

#: Seconds for which a refusal is remembered at most, as limits are read anew (`rate_limits.Rows`).
LONGEST = Rows.FRESH_SECONDS
#: Headers by which a page of another origin may read a reply.
SHARED = ("access-control-", "vary")
#: Whose call of the request under way was one too many, by what it is counted by, and the limit.
refused: ContextVar[tuple[str, RateLimitStanding] | None] = ContextVar("refused", default=None)
#: A stranger's network, a kind of request, and the origin of the page that sends it.
Key = tuple[str, str, str]


def key_of(scope: Scope, caller: Requester) -> Key:
    """What requests are refused alike. The network is empty for whoever is known, or may be: another limit counts."""
    origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
    network = "" if caller.organization or brings_credentials(scope) else network_of(caller.address)
    return network, kind_of(scope["method"], scope["path"]), origin


@dataclass(frozen=True)
class Refusal:
    """What a refusal said, and when."""

    standing: RateLimitStanding
    shared: Mapping[str, str]
    at: float = field(default_factory=time.monotonic)

    @property
    def until(self) -> float:
        return self.at + min(self.standing.reset, LONGEST)

    def now(self) -> RateLimitStanding:
        return replace(self.standing, reset=self.at + self.standing.reset - time.monotonic())

    def error(self) -> TooManyRequests:
        return refusal(self.now())

    def told_in(self, response: HttpResponse) -> HttpResponse:
        """The response, with the headers of a refusal."""
        for name, value in {**self.shared, **self.now().headers()}.items():
            response[name] = value
        return response


class Refusals:
    """The `most` refusals that came last."""

    def __init__(self, most: int = 10_000) -> None:
        self.most = most
        self._known = OrderedDict[Key, Refusal]()

    def note(self, key: Key, told: tuple[str, RateLimitStanding] | None, response: HttpResponse) -> None:
        """Remember a response that was a refusal of the key's network."""
        if told is None or told[0] != key[0] or len(key[2]) > MOST_KEPT:  # an origin of kilobytes is nobody's page
            return
        shared = {name: value for name, value in response.headers.items() if name.lower().startswith(SHARED)}
        self._known[key] = Refusal(told[1], shared)
        self._known.move_to_end(key)
        while len(self._known) > self.most:
            self._known.popitem(last=False)

    def find(self, key: Key) -> Refusal | None:
        found = self._known.get(key)
        if found is not None and found.until <= time.monotonic():
            del self._known[key]
            return None
        return found
