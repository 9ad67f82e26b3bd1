"""The only client for addresses that others choose: stores, sites, images, stock photos.

Every call is checked (see `addresses`), goes to the address that was checked, follows no redirect to another host, and
is bounded in time, in bytes on the wire and in bytes once unpacked. No proxy, no .netrc, no cookies.
"""

from __future__ import annotations

import math
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

import orjson
import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError

from scribe import depth, outside_calls, test_mode, traces
from scribe.fairness import lookups
from scribe.http import addresses, transport
from scribe.http.errors import BadBody, BlockedAddress, BodyTooLarge, TimedOut, Unreachable
from scribe.written import whole

CONNECT_SECONDS = 5.0
MAX_BYTES = 20 * 1024 * 1024
MAX_REDIRECTS = 3
LONGEST_RETRY_AFTER = 86_400.0
MAX_ADDRESSES = 3
USER_AGENT = "XC-Scribe/1.0"
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
Params = Mapping[str, Any] | Iterable[tuple[str, Any]] | None
Sink = Callable[[bytes], object]


@dataclass(frozen=True)
class Response:
    """A whole answer, of whatever status. `url` is the address that gave it."""

    status: int
    headers: CaseInsensitiveDict[str]
    body: bytes
    url: str
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def retry_after(self) -> float | None:
        """Seconds of the Retry-After header, given as a number or as a date, at most a day; None without a usable one."""
        seconds = retry_after(self.headers.get("Retry-After"))
        return None if seconds is None else min(seconds, LONGEST_RETRY_AFTER)

    def json(self) -> Any:
        """The body as JSON. Raises BadBody for anything else. A byte order mark before it is ignored."""
        return parse_json(self.body.removeprefix(b"\xef\xbb\xbf"))


def parse_json(raw: bytes) -> Any:
    """JSON of at most 200 levels. Raises BadBody."""
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise BadBody("The answer is not JSON.") from None
    most = depth.MOST_OF_OTHERS
    if raw.count(b"{") + raw.count(b"[") > most and depth.deeper_than(found, most):
        raise BadBody("The answer is nested too deeply.")
    return found


def retry_after(value: str | None) -> float | None:
    """The seconds of a Retry-After header, from a number or a date. None for anything else, and for infinity."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        pass
    else:
        return max(0.0, seconds) if math.isfinite(seconds) else None
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Params = None,
    json: Any = None,
    data: bytes | Mapping[str, str] | None = None,
    timeout: float = 30.0,
    max_bytes: int = MAX_BYTES,
    allow_redirects_same_host: bool = False,
    public_image: bool = False,
    cut_body: bool = False,
    sink: Sink | None = None,
) -> Response:
    """Make one call and return its whole answer, of any status. That may be a redirect that was not followed.

    `timeout` bounds the call from the look-up to the last byte, `max_bytes` the body both packed and unpacked. `cut_body`
    is for callers who want the status: of a longer, slower or broken body they get what came, and of a packed one nothing.
    `public_image` allows plain http, then without credentials. `sink` takes the body of a good answer piece by piece, in flat
    memory; of a call that fails half way it may have taken some. Raises the errors of `scribe.http.errors`, and in a request
    TooManyRequests (see `scribe.fairness.lookups`, which may also shorten `timeout` and `max_bytes`).
    """
    test_mode.check()
    timeout, max_bytes = lookups.begin(timeout, max_bytes)
    with (
        outside_calls.counting("sites") as outcome,
        traces.span(method, "client", {"http.request.method": method}) as span,
    ):
        ask = requests.Request(method, url, headers=_headers(headers, json), params=params, data=_body(json, data))
        response = _followed(ask, span, timeout, max_bytes, allow_redirects_same_host, public_image, cut_body, sink)
        span.set({"http.response.status_code": response.status, "http.response.body.size": len(response.body)})
        if response.status >= 400:
            outcome.append(f"{response.status // 100}xx")
            span.fail(str(response.status))
    return response


def _followed(
    ask: requests.Request,
    span: traces.Span,
    timeout: float,
    max_bytes: int,
    allow_redirects_same_host: bool,
    public_image: bool,
    cut_body: bool,
    sink: Sink | None,
) -> Response:
    method = ask.method
    started = time.monotonic()
    for _ in range(MAX_REDIRECTS + 1):
        target = addresses.parse(ask.url, image=public_image)
        # The host alone: paths and queries hold ids and keys.
        span.set({"server.address": target.host, "server.port": target.port})
        response = _send(ask, target, started, timeout, max_bytes, public_image, cut_body, sink)
        onward = response.headers.get("Location") if response.status in _REDIRECTS else None
        if not onward or not allow_redirects_same_host or method not in ("GET", "HEAD"):
            return response
        following = addresses.parse(urljoin(target.url, onward), image=public_image)
        if not _same_place(target, following):
            raise BlockedAddress(f"The host {target.host} sends the call to another address.", code="redirect_refused")
        ask = requests.Request(method, following.url, headers=ask.headers)
    raise Unreachable(f"The host {target.host} redirects in circles.", sent=True)


def _same_place(here: addresses.CheckedUrl, there: addresses.CheckedUrl) -> bool:
    """Whether host and port are the same. The step from http to https on their usual ports counts as the same."""
    if here.host != there.host:
        return False
    return (here.scheme, here.port) == (there.scheme, there.port) or (here.port, there.port) == (80, 443)


def _headers(headers: Mapping[str, str] | None, json: Any) -> dict[str, str]:
    base = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate", "Accept": "*/*"}
    if json is not None:
        base["Content-Type"] = "application/json"
    return {**base, **(headers or {})}


def _body(json: Any, data: bytes | Mapping[str, str] | None) -> bytes | Mapping[str, str] | None:
    return orjson.dumps(json) if json is not None else data


def _send(
    ask: requests.Request,
    target: addresses.CheckedUrl,
    started: float,
    timeout: float,
    max_bytes: int,
    image: bool,
    cut: bool,
    sink: Sink | None,
) -> Response:
    ask.url = target.url
    try:
        prepared = ask.prepare()
    except (requests.RequestException, ValueError, UnicodeError):
        raise BlockedAddress("The address or a header of the call is not valid.", code="invalid_url") from None
    if image and target.scheme == "http" and not target.allowed:
        for name in ("Authorization", "X-Api-Key", "Cookie"):
            prepared.headers.pop(name, None)
    prepared.headers["Host"] = target.netloc
    found = addresses.resolve(target)[:MAX_ADDRESSES]
    token = transport.DEADLINE.set(started + timeout)
    try:
        for index, address in enumerate(found):
            prepared.pinned = address  # type: ignore[attr-defined]
            try:
                return _exchange(prepared, target, started, timeout, max_bytes, cut, sink)
            except (Unreachable, TimedOut) as error:
                if error.sent or index == len(found) - 1 or time.monotonic() - started >= timeout:
                    raise
        raise Unreachable(f"The host {target.host} cannot be reached.")
    finally:
        transport.DEADLINE.reset(token)


def _exchange(
    prepared: requests.PreparedRequest,
    target: addresses.CheckedUrl,
    started: float,
    timeout: float,
    max_bytes: int,
    cut: bool,
    sink: Sink | None,
) -> Response:
    left = started + timeout - time.monotonic()
    if left <= 0:
        raise TimedOut(f"The host {target.host} did not answer in {timeout:g} seconds.")
    limits = (min(CONNECT_SECONDS, left), left)
    try:
        answer = transport.adapter().send(prepared, stream=True, timeout=limits, verify=transport.CA_BUNDLE)
    except requests.exceptions.ConnectTimeout:
        raise TimedOut(f"The host {target.host} did not accept the connection in time.") from None
    except requests.exceptions.SSLError:
        raise Unreachable(f"The host {target.host} does not have a valid certificate.") from None
    except (requests.exceptions.Timeout, TimeoutError):
        raise TimedOut(f"The host {target.host} did not answer in {timeout:g} seconds.", sent=True) from None
    except (requests.RequestException, HTTPError, OSError) as error:
        if time.monotonic() - started >= timeout:
            raise TimedOut(f"The host {target.host} did not answer in {timeout:g} seconds.", sent=True) from None
        raise Unreachable(f"The host {target.host} cannot be reached.", sent=not _never_connected(error)) from None
    complete = False
    try:
        if cut:
            body, complete = _read_start(answer, max_bytes)
        else:
            body = b""
            if prepared.method != "HEAD":
                pieces = _pieces(answer, target, started + timeout, max_bytes)
                if sink is not None and 200 <= answer.status_code < 300:
                    for piece in pieces:
                        sink(piece)
                else:
                    body = b"".join(pieces)
            complete = True
    finally:
        if complete:
            answer.raw.release_conn()
        else:
            answer.raw.close()  # a connection with an unread body cannot be used again
    seconds = time.monotonic() - started
    return Response(answer.status_code, answer.headers, body, target.url, seconds)


def _never_connected(error: BaseException) -> bool:
    reason = error.args[0] if error.args else None
    reason = getattr(reason, "reason", reason)
    return isinstance(reason, NewConnectionError)


def _pieces(
    answer: requests.Response, target: addresses.CheckedUrl, deadline: float, max_bytes: int
) -> Iterator[bytes]:
    """The body, unpacked, in pieces. Raises BodyTooLarge when it has more than `max_bytes`, packed or unpacked."""
    too_large = BodyTooLarge(f"The answer of {target.host} is larger than {max_bytes} bytes.")
    if (whole(answer.headers.get("Content-Length", "")) or 0) > max_bytes:
        raise too_large
    unpack = _unpacker(answer.headers.get("Content-Encoding", ""))
    received = unpacked = 0
    while piece := _next_piece(answer, target, deadline):
        received += len(piece)
        if received > max_bytes:
            raise too_large
        if unpack is None:
            yield piece
            continue
        try:
            out = unpack.decompress(piece, max_bytes - unpacked + 1)
        except zlib.error:
            raise BadBody(f"The answer of {target.host} cannot be unpacked.") from None
        unpacked += len(out)
        if unpacked > max_bytes or unpack.unconsumed_tail:
            raise too_large
        yield out


def _next_piece(answer: requests.Response, target: addresses.CheckedUrl, deadline: float) -> bytes:
    try:
        piece: bytes = answer.raw.read(transport.PIECE, decode_content=False)
        if piece and time.monotonic() > deadline:
            raise TimeoutError
    except (HTTPError, OSError) as error:
        if isinstance(error, TimeoutError | ReadTimeoutError) or time.monotonic() >= deadline:
            raise TimedOut(f"The host {target.host} did not finish its answer in time.", sent=True) from None
        raise Unreachable(f"The host {target.host} broke off its answer.", sent=True) from None
    return piece


def _read_start(answer: requests.Response, max_bytes: int) -> tuple[bytes, bool]:
    """The first `max_bytes` of a body, or what came before it broke off, and whether that is the whole of it."""
    out = bytearray()
    try:
        while len(out) <= max_bytes and (piece := answer.raw.read(max_bytes, decode_content=False)):
            out += piece
    except (HTTPError, OSError):
        return bytes(out[:max_bytes]), False
    packed = answer.headers.get("Content-Encoding", "").strip().lower() not in ("", "identity")
    return b"" if packed else bytes(out[:max_bytes]), len(out) <= max_bytes


class _Deflate:
    """Unpacks `deflate`, which servers send with or without a zlib header. The first byte shows which."""

    def __init__(self) -> None:
        self.inner: Any = None
        self.unconsumed_tail = b""

    def decompress(self, piece: bytes, limit: int) -> bytes:
        if self.inner is None:
            self.inner = zlib.decompressobj(15 if piece[0] & 0x0F == 8 else -15)
        out: bytes = self.inner.decompress(piece, limit)
        self.unconsumed_tail = self.inner.unconsumed_tail
        return out


def _unpacker(encoding: str) -> Any:
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return None
    if encoding in ("gzip", "x-gzip"):
        return zlib.decompressobj(31)
    if encoding == "deflate":
        return _Deflate()
    raise BadBody("The answer is packed in a way that was not asked for.")
