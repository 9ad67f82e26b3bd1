"""Who a caller is, by what is proven without a query, so that the event loop can ask before a thread is taken.

A caller is an organization and a person in it, where the request brings something that we signed or that was seen alive a
moment ago. Any other is the network that the request comes from. Nobody becomes another caller by sending other headers.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from scribe import crypto, logs
from scribe.api.addresses import UNKNOWN, address_of_scope, network_of
from scribe.types import Scope

if TYPE_CHECKING:
    from scribe.rows import Principal

#: The share that all strangers' costs count for.
STRANGERS = "strangers"


@dataclass(frozen=True, slots=True)
class Requester:
    """Whose share a request takes. `organization` and `person` (a user or a key) are ids, empty where nobody is proven."""

    address: str = UNKNOWN
    organization: str = ""
    person: str = ""

    @property
    def share(self) -> str:
        """What limits count by: the organization, else the network. An office behind one address has many shares."""
        return self.organization or network_of(self.address)

    @property
    def cost_share(self) -> str:
        """By what costs count: strangers of all networks together, as they have as many networks as they like."""
        return cost_share_of(self.share)


def cost_share_of(share: str) -> str:
    """By what the costs of a share count: an organization's by its id; networks have points or colons."""
    return STRANGERS if share == UNKNOWN or "." in share or ":" in share else share


#: The caller of the request under way; our own work has none.
current: ContextVar[Requester | None] = ContextVar("caller", default=None)

#: Of a request's path, query and headers: the organization and the person whom it proves, or None.
Proof = Callable[[str, bytes, Mapping[bytes, bytes]], tuple[str, str] | None]
#: Asked in their order. The apps add theirs when they are loaded.
proofs: list[Proof] = []


def brings_credentials(scope: Scope) -> bool:
    """Whether a request names somebody by a header, rightly or not."""
    return any(name in (b"authorization", b"x-api-key") for name, _ in scope["headers"])


def of_scope(scope: Scope) -> Requester:
    """The caller of an ASGI request."""
    caller = Requester(address_of_scope(scope))
    headers = dict(scope["headers"])
    for proof in proofs:
        if proven := proof(scope["path"], scope.get("query_string", b""), headers):
            return replace(caller, organization=proven[0], person=proven[1])
    return caller


def identify(user: "Principal", person: str) -> None:
    """Note for the rest of the request, and for its log lines, that `person` of the organization of `user` calls."""
    organization = str(user.organization_id)
    logs.bind(organization_id=organization, principal_id=person)
    current.set(replace(current.get() or Requester(), organization=organization, person=person))


#: What the request under way has noted of a secret that it was let in with (`SeenAlive.note`).
seen: ContextVar[tuple[str, str, str] | None] = ContextVar("seen", default=None)


class SeenAlive:
    """Secrets that no signature proves, such as API keys: whose each was when a request was last let in with it.

    What is kept is a digest, for `seconds`, of the `most` newest."""

    def __init__(self, seconds: float = 60.0, most: int = 10_000) -> None:
        self.seconds, self.most = seconds, most
        self._lock = Lock()
        self._known: OrderedDict[str, tuple[float, str, str]] = OrderedDict()

    def note(self, digest: str, organization: str, person: str) -> None:
        with self._lock:
            self._known[digest] = (time.monotonic() + self.seconds, organization, person)
            seen.set((digest, organization, person))
            self._known.move_to_end(digest)
            while len(self._known) > self.most:
                self._known.popitem(last=False)

    def find(self, secret: str) -> tuple[str, str] | None:
        until, organization, person = self._known.get(crypto.digest(secret), (0.0, "", ""))
        return (organization, person) if until > time.monotonic() else None


alive = SeenAlive()
