"""HTTP calls to one store: they carry credentials, wait as the store asks before a retry, and raise StoreError."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from integrations.stores import answers, errors
from scribe.http import client
from scribe.http.client import Params, Response
from scribe.http.errors import BadBody, BlockedAddress, BodyTooLarge, OutboundError
from scribe.messages import _
from scribe.types import Json, JsonValue

Pause = Callable[[float], None]
Sign = Callable[[str, str, Params], Mapping[str, str]]
TRIES = 5
LONGEST_WAIT = 60.0
BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))


class StoreHTTP:
    """Requests to one store, safe to use from several threads.

    `sign(method, url, params)` returns the headers that carry the credentials. When the store says how long to wait,
    all threads wait. `pause` sleeps; a job passes one that wakes up when the job is cancelled. One call waits at most
    `longest_wait` seconds over all its tries. `calls` counts the requests sent.
    """

    def __init__(self, base_url: str, *, sign: Sign, pause: Pause = time.sleep, tries: int = TRIES) -> None:
        self.base_url = base_url.rstrip("/")
        self.sign = sign
        self.pause = pause
        self.tries = tries
        self.longest_wait = LONGEST_WAIT
        self.longest_call = 300.0
        # A write depends on a recent read. If it had to wait longer than this (in seconds), the call fails instead.
        self.write_patience = LONGEST_WAIT
        self.calls = 0
        #: Called before each wait with the error and the seconds to wait. May be called from any thread.
        self.waiting: Callable[[errors.StoreTransientError, float], None] = lambda error, seconds: None
        self._not_before = 0.0
        self._lock = threading.Lock()

    def hurry(self, seconds: float) -> None:
        """Set limits for calls while a person waits: at most two tries, short waits, no call longer than `seconds`."""
        self.tries, self.longest_wait, self.longest_call = min(self.tries, 2), 2.0, seconds

    def json(self, method: str, path: str, **kwargs: object) -> JsonValue:
        """The parsed JSON answer; see `call`."""
        return self.call(method, path, **kwargs)[0]  # type: ignore[arg-type]  # handed on

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Params = None,
        json: JsonValue = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 30.0,
        repeatable: bool = True,
        signed: bool = True,
    ) -> tuple[JsonValue, Response]:
        """Send the request, at most `tries` times, and return the answer's JSON and the response.

        With `repeatable` off, it is sent again only if it cannot have arrived or the store turned it away unread. An answer
        that can't be read is then LostAnswer: a plugin may print, redirect or end the request after the write.
        With `signed` off, it carries no credentials. Raises StoreError, and in a request also TooManyRequests.
        """
        url = path if path.startswith("http") else self.base_url + path
        patience = self.longest_wait
        for attempt in range(1, self.tries + 1):
            self._wait_for_slot(self.longest_wait if repeatable else self.write_patience)
            try:
                given = {"Accept": "application/json", **(headers or {})}
                given |= self.sign(method, url, params) if signed else {}
                response = self._send(method, url, params, json, data, given, min(timeout, self.longest_call))
                return self.read(response), response
            except errors.StorePermanentError as error:
                if repeatable or not error.unread:
                    raise
                raise errors.LostAnswer(error.message, status=error.status, sent=True) from error
            except errors.StoreTransientError as error:
                turned_away = isinstance(error, errors.Throttled) or not error.sent
                if attempt == self.tries or not (repeatable or turned_away):
                    raise
                patience -= self._hold(error, attempt, patience if repeatable else min(patience, self.write_patience))
        raise AssertionError("unreachable")

    def download(self, url: str, sink: client.Sink, *, timeout: float, max_bytes: int) -> None:
        """Give the body at an address that the store named to `sink`, piece by piece, without credentials. Not repeated:
        `sink` may have taken a part. Raises StoreError; what `sink` raises goes through."""
        response = self._send("GET", url, None, None, None, {}, timeout, max_bytes=max_bytes, sink=sink)
        if not response.ok:
            raise self.error_of(response)

    def _send(
        self,
        method: str,
        url: str,
        params: Params,
        json: JsonValue,
        data: bytes | None,
        headers: object,
        timeout: float,
        **more: object,
    ) -> Response:
        with self._lock:
            self.calls += 1
        given = {"params": params, "json": json, "data": data, "headers": headers, "timeout": timeout, **more}
        try:
            return client.request(method, url, **given)
        except BlockedAddress as error:
            raise errors.StorePermanentError(str(error), code=error.code) from None
        except BodyTooLarge as error:
            raise errors.TooMuch(str(error), unread=True) from None
        except BadBody as error:
            raise errors.NotAStore(str(error), unread=True) from None
        except OutboundError as error:
            if error.sent:
                raise errors.LostAnswer(str(error), sent=True) from None
            raise errors.StoreTransientError(str(error)) from None

    def _wait_for_slot(self, longest: float) -> None:
        wait = self._not_before - time.monotonic()
        if wait > max(longest, 0.0):
            raise errors.Throttled(
                _("The store is limiting our requests. We will try again shortly."), retry_after=wait
            )
        if wait > 0:
            self.pause(wait)

    def _hold(self, error: errors.StoreTransientError, attempt: int, patience: float) -> float:
        """Wait before the next try and return the seconds waited: those that the store asks for, else growing ones with
        jitter. Raises `error` if that exceeds `patience`: the caller should try later, since waiting holds a worker."""
        wait = error.retry_after
        if wait is None:
            wait = random.uniform(0.25, 1.0) * 2 ** (attempt - 1)  # noqa: S311 - jitter
        else:
            with self._lock:  # all threads that share this client wait, too
                self._not_before = max(self._not_before, time.monotonic() + min(wait, LONGEST_WAIT))
        if wait > patience:
            raise error
        self.waiting(error, wait)
        self.pause(wait)
        return wait

    def read(self, response: Response) -> JsonValue:
        """The JSON of a good answer. Raises StoreError for any other.

        If PHP prints a notice first, a refusal has the status 200. WordPress repeats the real status in the body of
        each error, so we go by that one.
        """
        if not response.ok:
            raise self.error_of(response)
        body = answers.parse_json(response.body)
        if body is answers.NOTHING:
            told = _quote(answers.words(response))
            raise errors.NotAStore(
                _(
                    "The store returns a web page instead of data{told}. A firewall or a plugin may be blocking its "
                    "API.",
                    told=told,
                ),
                unread=True,
            )
        if status := answers.status_inside(body):
            raise self.error_of(replace(response, status=status))
        return body

    def error_of(self, response: Response) -> errors.StoreError:
        found = answers.parse_json(response.body) if response.body else None
        status, body = response.status, None if found is answers.NOTHING else found
        code, text = self.reason(body)
        more: Json = {"status": status, "store_code": code}
        if isinstance(body, dict) and "data" in body:
            more["data"] = body["data"]
        wall = answers.refuser(response) if body is None else ""
        told = _quote(answers.words(response)) if body is None else ""
        blocked = _(
            "{wall} in front of the store blocks our requests (status {status}){told}. Allow requests from XC Scribe.",
            wall=wall or _("A firewall"),
            status=status,
            told=told,
        )
        if wall and status not in (401, 403):
            if response.retry_after is not None:  # it says when it will let us through
                return errors.Throttled(blocked, retry_after=response.retry_after, sent=True, **more)
            return errors.NotAStore(blocked, **more)
        if status == 429:
            return errors.Throttled(
                _("The store is limiting our requests. We will try again shortly."),
                retry_after=response.retry_after,
                sent=True,
                **more,
            )
        if self.under_maintenance(status, code):
            return errors.Maintenance(_("The site is being updated{told}.", told=_quote(text)), **more)
        if status in BUSY:
            wait, sent = response.retry_after, not self.unread(status, code)
            return errors.StoreTransientError(
                _("The store is overloaded or unavailable (status {status}). Please try again later.", status=status),
                retry_after=wait,
                sent=sent,
                **more,
            )
        if 300 <= status < 400:
            return errors.NotAStore(
                _("The store redirects to another address (status {status}). Use that address.", status=status),
                unread=True,
                **more,
            )
        if status in (401, 403) and body is None:
            return errors.NotAStore(blocked, **more)
        if status in (401, 403):
            return errors.NotAuthorized(self.refusal(status, code, text), **more)
        if status == 404 and body is None:
            return errors.NotAStore(
                _("There is no store API at this address{told}. Check the address.", told=told), **more
            )
        if status in (404, 410):
            return errors.Missing(text or _("This does not exist in the store."), **more)
        if status == 413:
            return errors.TooMuch(text or _("The request is too large for the store."), **more)
        return errors.Rejected(
            text or _("The store rejected the request (status {status}){told}.", status=status, told=told), **more
        )

    def unread(self, status: int, code: str) -> bool:
        """Whether this answer means that the store did not process the request at all."""
        return False

    def under_maintenance(self, status: int, code: str) -> bool:
        """Whether this answer says that the site is being updated."""
        return False

    def refusal(self, status: int, code: str, text: str) -> str:
        return text or _("The store rejected these credentials. Check the keys and try again.")

    def reason(self, body: object) -> tuple[str, str]:
        """The store's own error code and message from an error body; empty texts if it has none."""
        if not isinstance(body, dict):
            return "", ""
        return str(body.get("code") or ""), str(body.get("message") or "")[:500]


def _quote(words: str) -> str:
    return f": “{words.rstrip('.')}”" if words else ""
