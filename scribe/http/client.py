"""The only client for addresses that others choose: stores, sites, images, stock photos.

Every call is checked (see `addresses`), goes to the address that was checked, follows no redirect to another host, and
is bounded in time, in bytes on the wire and in bytes once unpacked. No proxy, no .netrc, no cookies.
"""

import math
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import orjson
import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError

from scribe import outside_calls, sizes, test_mode, traces
from scribe.fairness import lookups
from scribe.http import addresses, transport
from scribe.http.errors import BadBody, BlockedAddress, BodyTooLarge, TimedOut, Unreachable
from scribe.messages import _
from scribe.types import JsonValue, ReadOnlyJson
from scribe.written import whole

CONNECT_SECONDS = 5.0
MAX_BYTES = 20 * 1024 * 1024
MAX_REDIRECTS = 3
LONGEST_RETRY_AFTER = 86_400.0
MAX_ADDRESSES = 3
MAX_MEMBERS = 100  # of a gzip stream
USER_AGENT = "XC-Scribe/1.0"
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
Params = ReadOnlyJson | Iterable[tuple[str, JsonValue]] | None
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

    def json(self) -> JsonValue:
        """The body as JSON. Raises BadBody for anything else. A byte order mark before it is ignored."""
        return parse_json(self.body.removeprefix(b"\xef\xbb\xbf"))


def parse_json(raw: bytes) -> JsonValue:
    """JSON of at most 200 levels. Raises BadBody."""
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise BadBody(_("The answer is not JSON.")) from None
    most = sizes.MOST_LEVELS_OF_OTHERS
    if raw.count(b"{") + raw.count(b"[") > most and sizes.deeper_than(found, most):
        raise BadBody(_("The answer is nested too deeply."))
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
    json: JsonValue = None,
    data: bytes | Mapping[str, str] | None = None,
    timeout: float = 30.0,
    max_bytes: int = MAX_BYTES,
    allow_redirects_same_host: bool = False,
    public_image: bool = False,
    cut_body: bool = False,
    sink: Sink | None = None,
    to: str = "sites",
) -> Response:
    """Make one call and return its whole answer, of any status. That may be a redirect that was not followed.

    `timeout` bounds the call from the look-up to the last byte, `max_bytes` the body both packed and unpacked. `cut_body`
    is for callers who want the status: of a longer, slower or broken body they get what came, and of a packed one nothing.
    `public_image` allows plain http, then without credentials. `sink` takes the body of a good answer piece by piece, in flat
    memory; of a call that fails half way it may have taken some. `to` is the kind of third party in the metrics. Raises the
    errors of `scribe.http.errors`, and in a request TooManyRequests (see `scribe.fairness.lookups`, which may also shorten
    `timeout` and `max_bytes`).
    """
    test_mode.check()
    timeout, max_bytes = lookups.start(timeout, max_bytes)
    with (
        outside_calls.counting(to) as outcome,
        traces.span(method, "client", {"http.request.method": method}) as span,
    ):
        ask = requests.Request(method, url, headers=_headers(headers, json), params=params, data=_body(json, data))
        limits = _Limits(time.monotonic(), timeout, max_bytes, public_image, cut_body, sink)
        response = _follow_redirects(ask, span, limits, allow_redirects_same_host)
        span.set({"http.response.status_code": response.status, "http.response.body.size": len(response.body)})
        if response.status >= 400:
            outcome.append(f"{response.status // 100}xx")
            span.fail(str(response.status))
    return response


@dataclass(frozen=True)
class _Limits:
    """What bounds one call, and what becomes of its body; see `request`."""

    started: float
    timeout: float
    max_bytes: int
    image: bool
    cut: bool
    sink: Sink | None


def _follow_redirects(
    ask: requests.Request, span: traces.Span, limits: _Limits, allow_redirects_same_host: bool
) -> Response:
    method = ask.method
    for _unused in range(MAX_REDIRECTS + 1):
        target = addresses.parse(ask.url, image=limits.image)
        # The host alone: paths and queries hold ids and keys.
        span.set({"server.address": target.host, "server.port": target.port})
        response = _send(ask, target, limits)
        onward = response.headers.get("Location") if response.status in _REDIRECTS else None
        if not onward or not allow_redirects_same_host or method not in ("GET", "HEAD"):
            return response
        following = addresses.parse(urljoin(target.url, onward), image=limits.image)
        if not _same_place(target, following):
            raise BlockedAddress(
                _("The host {host} redirects to another address. Use that address.", host=target.host),
                code="redirect_refused",
            )
        ask = requests.Request(method, following.url, headers=ask.headers)
    raise Unreachable(_("The host {host} redirects in circles.", host=target.host), sent=True)


def _same_place(here: addresses.CheckedUrl, there: addresses.CheckedUrl) -> bool:
    """Whether host and port are the same. The step from http to https on their usual ports counts as the same."""
    if here.host != there.host:
        return False
    return (here.scheme, here.port) == (there.scheme, there.port) or (here.port, there.port) == (80, 443)


def _headers(headers: Mapping[str, str] | None, json: JsonValue) -> dict[str, str]:
    base = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate", "Accept": "*/*"}
    if json is not None:
        base["Content-Type"] = "application/json"
    return {**base, **(headers or {})}


def _body(json: JsonValue, data: bytes | Mapping[str, str] | None) -> bytes | Mapping[str, str] | None:
    return orjson.dumps(json) if json is not None else data


def _send(ask: requests.Request, target: addresses.CheckedUrl, limits: _Limits) -> Response:
    ask.url = target.url
    try:
        prepared = ask.prepare()
    except (requests.RequestException, ValueError, UnicodeError):
        raise BlockedAddress(_("The address or a header of the call is not valid."), code="invalid_url") from None
    if limits.image and target.scheme == "http" and not target.allowed:
        for name in ("Authorization", "X-Api-Key", "Cookie"):
            prepared.headers.pop(name, None)
    prepared.headers["Host"] = target.netloc
    found = addresses.resolve(target)[:MAX_ADDRESSES]
    token = transport.DEADLINE.set(limits.started + limits.timeout)
    try:
        for index, address in enumerate(found):
            prepared.pinned = address  # type: ignore[attr-defined]
            try:
                return _exchange(prepared, target, limits)
            except (Unreachable, TimedOut) as error:
                if error.sent or index == len(found) - 1 or time.monotonic() >= limits.started + limits.timeout:
                    raise
        raise Unreachable(_("The host {host} cannot be reached.", host=target.host))
    finally:
        transport.DEADLINE.reset(token)


def _exchange(prepared: requests.PreparedRequest, target: addresses.CheckedUrl, limits: _Limits) -> Response:
    deadline, max_bytes, sink = limits.started + limits.timeout, limits.max_bytes, limits.sink
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimedOut(_("The host {host} did not answer in time.", host=target.host))
    seconds = (min(CONNECT_SECONDS, left), left)
    try:
        answer = transport.adapter().send(prepared, stream=True, timeout=seconds, verify=transport.CA_BUNDLE)
    except requests.exceptions.ConnectTimeout:
        raise TimedOut(_("The host {host} did not accept the connection in time.", host=target.host)) from None
    except requests.exceptions.SSLError:
        raise Unreachable(_("The host {host} does not have a valid certificate.", host=target.host)) from None
    except (requests.RequestException, HTTPError, OSError) as error:
        late = isinstance(error, requests.exceptions.Timeout | TimeoutError) or time.monotonic() >= deadline
        if late:
            raise TimedOut(_("The host {host} did not answer in time.", host=target.host), sent=True) from None
        raise Unreachable(
            _("The host {host} cannot be reached.", host=target.host), sent=not _never_connected(error)
        ) from None
    complete = False
    try:
        if limits.cut:
            body, complete = _read_start(answer, max_bytes)
        else:
            body = b""
            if prepared.method != "HEAD":
                pieces = _pieces(answer, target, deadline, max_bytes)
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
    return Response(answer.status_code, answer.headers, body, target.url, time.monotonic() - limits.started)


def _never_connected(error: BaseException) -> bool:
    reason = error.args[0] if error.args else None
    reason = getattr(reason, "reason", reason)
    return isinstance(reason, NewConnectionError)


def _pieces(
    answer: requests.Response, target: addresses.CheckedUrl, deadline: float, max_bytes: int
) -> Iterator[bytes]:
    """The body, unpacked, in pieces. Raises BodyTooLarge when it has more than `max_bytes`, packed or unpacked."""
    too_large = BodyTooLarge(_("The answer of {host} is larger than {most} bytes.", host=target.host, most=max_bytes))
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
            raise BadBody(_("The answer of {host} cannot be unpacked.", host=target.host)) from None
        unpacked += len(out)
        if unpacked > max_bytes or unpack.unconsumed_tail:
            raise too_large
        yield out
    if unpack is not None and received and not unpack.eof:
        raise Unreachable(_("The host {host} broke off its answer.", host=target.host), sent=True)


def _next_piece(answer: requests.Response, target: addresses.CheckedUrl, deadline: float) -> bytes:
    try:
        piece: bytes = answer.raw.read(transport.PIECE, decode_content=False)
        if piece and time.monotonic() > deadline:
            raise TimeoutError
    except (HTTPError, OSError) as error:
        if isinstance(error, TimeoutError | ReadTimeoutError) or time.monotonic() >= deadline:
            raise TimedOut(
                _("The host {host} did not finish its answer in time.", host=target.host), sent=True
            ) from None
        raise Unreachable(_("The host {host} broke off its answer.", host=target.host), sent=True) from None
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


class _Unpacker:
    def __init__(self, wbits: int) -> None:
        self.inner = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self.inner.eof

    @property
    def unconsumed_tail(self) -> bytes:
        return self.inner.unconsumed_tail


class _Gzip(_Unpacker):
    """Unpacks `gzip`: its members one after another. What else follows them is left out, as gzip itself does."""

    members = 1

    def decompress(self, piece: bytes, limit: int) -> bytes:
        out, rest = b"", piece
        if not self.eof:
            out = self.inner.decompress(piece, limit)
            rest = self.inner.unused_data
        elif self.inner.unused_data:
            return b""
        while self.eof and rest.startswith(b"\x1f") and len(out) < limit:
            self.members += 1
            if self.members > MAX_MEMBERS:
                raise zlib.error
            self.inner = zlib.decompressobj(31)
            out += self.inner.decompress(rest, limit - len(out))
            rest = self.inner.unused_data
        return out


class _Deflate(_Unpacker):
    """Unpacks `deflate`, which servers send with or without a zlib header. The first byte shows which."""

    begun = False

    def decompress(self, piece: bytes, limit: int) -> bytes:
        if not self.begun:
            self.inner, self.begun = zlib.decompressobj(15 if piece[0] & 0x0F == 8 else -15), True
        return self.inner.decompress(piece, limit)


def _unpacker(encoding: str) -> _Gzip | _Deflate | None:
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return None
    if encoding in ("gzip", "x-gzip"):
        return _Gzip(31)
    if encoding == "deflate":
        return _Deflate(15)
    raise BadBody(_("The reply uses an unexpected compression."))
