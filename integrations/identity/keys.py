"""The public keys of an issuer, fetched from its JWKS address and kept for five minutes.

An unknown key id makes us fetch them again, since keys rotate, but at most every 30 seconds: made-up ids must not cause
a flood of requests. After a failed fetch we wait ten seconds before the next. Sign-ins in that time fail at once
instead of waiting for an issuer that does not answer.
"""

import threading
import time
from typing import Any

import jwt

from integrations.identity.errors import Refused, Unavailable, asking
from scribe.fairness import lookups
from scribe.http import client
from scribe.http.errors import OutboundError
from scribe.types import Json

KEPT_SECONDS = 300.0
AGAIN_SECONDS = 30.0
FAILED_SECONDS = 10.0
TIMEOUT = 5.0
ALGORITHM = "RS256"  # fixed here; the claim in a token's header is only compared with it


class KeySet:
    """The RS256 keys at one address."""

    def __init__(self, url: str, party: str) -> None:
        self.url, self.party = url, party
        self._keys: Json = {}
        self._fetched = float("-inf")
        self._failed = float("-inf")
        self._failure: Unavailable | None = None
        self._lock = threading.Lock()

    def key_of(self, token: str) -> Any:  # type: ignore[explicit-any]  # a key as jwt takes it
        """The key that signed `token`, by its `kid`. Raises Refused if the issuer has no key that fits."""
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError as error:
            raise Refused("not a token") from error
        kid = header.get("kid")
        if header.get("alg") != ALGORITHM or not isinstance(kid, str):
            raise Refused("not signed the way the issuer signs")
        if self._is_stale(kid):
            lookups.start(TIMEOUT)  # the wait for another request's renewal holds no request thread either
            with self._lock:
                if self._is_stale(kid):
                    self._renew()
        key = self._keys.get(kid)  # one look-up: another thread may put other keys here at any time
        if key is None:
            raise Refused("signed with an unknown key")
        return key

    def _is_stale(self, kid: str) -> bool:
        age = time.monotonic() - self._fetched
        return age > KEPT_SECONDS or (kid not in self._keys and age > AGAIN_SECONDS)

    def _renew(self) -> None:
        """Fetch the keys, unless that failed a moment ago. Raises Unavailable."""
        if self._failure is not None and time.monotonic() - self._failed < FAILED_SECONDS:
            raise Unavailable(self.party, timed_out=self._failure.timed_out)
        try:
            self._keys, self._fetched, self._failure = self._fetch(), time.monotonic(), None
        except Unavailable as failure:
            self._failed, self._failure = time.monotonic(), failure
            raise

    def _fetch(self) -> Json:
        with asking(self.party):
            response = client.request("GET", self.url, timeout=TIMEOUT, max_bytes=256 * 1024)
        if response.status != 200:
            raise Unavailable(self.party)
        try:
            found = jwt.PyJWKSet.from_dict(response.json())
        except (jwt.PyJWTError, OutboundError, ValueError, AttributeError) as error:
            raise Unavailable(self.party) from error
        return {key.key_id: key.key for key in found.keys if key.key_id and key.key_type == "RSA"}


_sets: dict[str, KeySet] = {}


def key_set(url: str, party: str) -> KeySet:
    """The key set for `url`, one per process."""
    return _sets.setdefault(url, KeySet(url, party))


def decode(token: str, *, keys: KeySet, audience: list[str], issuer: list[str]) -> Json:
    """The claims of an ID token. Raises Refused unless its signature, issuer, audience and times are valid."""
    key = keys.key_of(token)
    try:
        claims: Json = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=issuer,
            leeway=10,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as error:
        raise Refused(type(error).__name__) from error
    return claims
