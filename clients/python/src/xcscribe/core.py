"""What both clients share: what is sent, what an answer means, and when a call is made again."""

from __future__ import annotations

import random
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, Any, Self, TypedDict, Unpack
from urllib.parse import parse_qsl, quote, urlsplit

import httpx2

from xcscribe.errors import ApiError, JobFailed, Unreachable
from xcscribe.streams import Event

#: A file to send: its path on the disk, or its name and its bytes.
File = str | Path | tuple[str, bytes]

LONGEST_WAIT = 60.0
#: Answers of a server that did nothing: any call may be made again.
BUSY = frozenset({429, 503})
#: Answers of a gateway in place of the server's, which may have done everything.
DOUBTFUL = frozenset({502, 504})
#: Methods that do no more when they are repeated.
REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE"})


class Written(int):
    """The number of bytes of a file that was written. `warnings`: what the server says is left out of it or outdated,
    else empty."""

    warnings: str

    def __new__(cls, size: int, warnings: str) -> Self:
        made = super().__new__(cls, size)
        made.warnings = warnings
        return made

    @classmethod
    def by(cls, response: httpx2.Response, size: int) -> Self:
        return cls(size, response.headers.get("X-Export-Warnings", ""))


class Core(ABC):
    """The address, the sign-in and the patience of a client.

    `url`: `https://api.example.com`. `key`: an API key; `token`: a person's access token. `timeout`: seconds without a
    byte from the server. `silence`: the same for the stream of a job, where the server says something every 15 seconds.
    `tries`: how often one call is made at most. `pause`: seconds before the second try; each later one is twice as
    long. Raises ValueError for what is no address.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str = "",
        token: str = "",
        timeout: float = 60.0,
        silence: float = 45.0,
        tries: int = 5,
        pause: float = 0.5,
    ) -> None:
        self.base = base_of(url)
        self.timeout, self.silence, self.tries, self.pause = timeout, silence, max(1, tries), pause
        self.headers = {"User-Agent": "xcscribe-python/1.1.0"}
        if key:
            self.headers["X-API-Key"] = key
        if token:
            self.headers["Authorization"] = f"Bearer {token}"
        self._open()

    @abstractmethod
    def _open(self) -> None:
        """Make what asks the network."""

    def pause_after(self, number: int, retry_after: str | None = None) -> float:
        """Seconds to wait after try `number`: as long as the server says, else longer each time, with jitter."""
        asked = wait_of(retry_after, time.time())
        jitter = random.uniform(0.5, 1)  # noqa: S311
        return min(asked if asked is not None else jitter * self.pause * 2 ** (number - 1), LONGEST_WAIT)


class Parts(TypedDict, total=False):
    """What a call may have besides its method and path."""

    query: Mapping[str, Any]
    """None of a value leaves its name out."""
    body: Any
    """Sent as JSON."""
    fields: Mapping[str, Any]
    """Sent as a form."""
    files: Mapping[str, tuple[str, IO[bytes] | bytes]]
    """Sent as a form: each file's name and bytes."""
    headers: Mapping[str, str]
    idempotency_key: str
    """Kept over all tries; made anew for each POST without it."""
    version: int | None
    """Only if the row has it still: else ApiError 412."""
    wait: int | None
    """The seconds that the server may wait for the end of the work."""
    timeout: float
    """Seconds without a byte from the server."""


class Call:
    """One call over all its tries: `request` is what each sends, and its outcomes say how long to wait for the next."""

    def __init__(self, core: Core, method: str, path: str, **parts: Unpack[Parts]) -> None:
        named = {**headers_of(parts.get("version"), parts.get("wait")), **parts.get("headers", {})}
        if method == "POST":
            named["Idempotency-Key"] = parts.get("idempotency_key") or str(uuid.uuid4())  # the same for every try
        self.core, self.method, self.number = core, method, 0
        # With a version it may not be made again: the first call has changed the version.
        versioned = method == "PUT" and "If-Match" in named
        self.is_harmless = "Idempotency-Key" in named or (method in REPEATABLE and not versioned)
        self.request: dict[str, Any] = {
            "method": method,
            "url": core.base + path.lstrip("/"),
            "params": {name: value for name, value in parts.get("query", {}).items() if value is not None},
            "json": parts.get("body"),
            "files": parts.get("files"),
            "data": parts.get("fields"),
            "headers": named,
            "timeout": parts.get("timeout", core.timeout),
        }

    def pause_after_loss(self, error: Exception) -> float:
        """Seconds until the next try of a call whose answer was lost. Raises Unreachable if there is none."""
        self.number += 1
        if not self.is_harmless or self.number >= self.core.tries:
            raise Unreachable(str(error) or type(error).__name__) from error
        return self.core.pause_after(self.number)

    def pause_after_reply(self, response: httpx2.Response) -> float | None:
        """Seconds until the next try, or None: this is the answer. Raises ApiError for a reply that is no success."""
        self.number += 1
        if response.is_success:
            return None
        if self.method == "DELETE" and self.number > 1 and response.status_code == 404:
            return None  # an earlier try did it
        error = error_of(response)
        busy = error.status in BUSY or error.code == "idempotency_key_in_use"
        again = busy or (error.status in DOUBTFUL and self.is_harmless)
        if not again or self.number >= self.core.tries:
            raise error
        return self.core.pause_after(self.number, response.headers.get("Retry-After"))


def base_of(url: str) -> str:
    given = url.strip()
    parts = urlsplit(given)
    usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)  # an odd port raises
    if not usable or "@" in parts.netloc or parts.query or parts.fragment or any(map(str.isspace, given)):
        raise ValueError("The address of the API must be such as https://api.example.com.")
    return f"{given.rstrip('/').removesuffix('/api/v1')}/api/v1/"


def segment(value: str) -> str:
    """A value as one part of a path. Raises ValueError for one that would make it another path."""
    if value in ("", ".", ".."):
        raise ValueError(f"{value!r} is no id.")
    return quote(value, safe="")


def headers_of(version: int | None, wait: int | None) -> dict[str, str]:
    """`version`: only if the row has it still. `wait`: the seconds that the server may wait for the end of the work."""
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    if wait is not None:
        headers["Prefer"] = f"wait={wait}" if wait else "respond-async"
    return headers


def wait_of(retry_after: str | None, now: float) -> float | None:
    """The seconds that `Retry-After` asks for, as a number or as a date. `now`: seconds since 1970. None: it says
    nothing.     https://www.rfc-editor.org/rfc/rfc9110#field.retry-after"""
    said = (retry_after or "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def error_of(response: httpx2.Response) -> ApiError:
    """The error of a reply whose body was read."""
    try:
        body = response.json()
    except ValueError:
        body = {}
    if response.status_code == 304:
        body = {"code": "not_modified", "detail": "It is still as `If-None-Match` says."}
    elif 300 <= response.status_code < 400:
        to = response.headers.get("Location", "another address")
        detail = f"The server points to {to}. Give the client the right address."
        body = {"code": "redirected", "detail": detail, "location": to}
    return ApiError(response.status_code, body if isinstance(body, dict) else {})


def content_of(response: httpx2.Response) -> Any:
    """A reply's JSON, its bytes if it is none, or None."""
    if response.status_code in (204, 404) or not response.content:  # 404: of a DELETE that an earlier try did
        return None
    return response.json() if "json" in response.headers.get("Content-Type", "") else response.content


def rows_of(path: str, body: Any) -> list[Any]:
    """The rows of a reply that is a list, or an object with one. Raises ValueError if it has none, or several."""
    lists = [body] if isinstance(body, list) else [value for value in body.values() if isinstance(value, list)]
    if len(lists) != 1:
        raise ValueError(f"{path} answers with no list, or with several.")
    found: list[Any] = lists[0]
    return found


def following(response: httpx2.Response) -> dict[str, Any] | None:
    """The query of the next page, as the reply's `Link` says it. None: there is none."""
    url = response.links.get("next", {}).get("url", "")
    return dict(parse_qsl(urlsplit(url).query)) if url else None


def limited(body: Mapping[str, Any] | None, max_xct: str | float | None) -> dict[str, Any]:
    return {**(body or {}), **({} if max_xct is None else {"max_xct": str(max_xct)})}


def job_id_of(reply: Mapping[str, Any]) -> str:
    return str(reply.get("job_id") or reply["id"])


def result_of(event: Event | None) -> dict[str, Any]:
    """What the last event of a job tells. Raises JobFailed if it tells of no success."""
    if event is None:
        raise Unreachable("The job's stream had no end.")
    if event.name != "complete":
        raise JobFailed(event.name, event.data)
    return event.data


@contextmanager
def form_of(body: Mapping[str, Any], files: tuple[str, ...]) -> Iterator[Parts]:
    """The parts of a call that sends `body` as a form, with the files open that `files` names in it. Without a file it
    is sent as JSON."""
    given = {name: body[name] for name in files if body.get(name) is not None}
    if not given:
        yield {"body": body}
        return
    with ExitStack() as stack:
        opened: dict[str, tuple[str, IO[bytes] | bytes]] = {}
        for name, file in given.items():
            if isinstance(file, tuple):
                opened[name] = file
            else:
                opened[name] = (Path(file).name, stack.enter_context(Path(file).open("rb")))
        fields = {name: value for name, value in body.items() if name not in given and value is not None}
        yield {"fields": fields, "files": opened}


@contextmanager
def target_of(into: str | Path | IO[bytes]) -> Iterator[IO[bytes]]:
    """A file to write to. One on the disk appears whole or not at all."""
    if not isinstance(into, (str, Path)):
        yield into
        return
    target = Path(into)
    partial = target.with_name(f"{target.name}.partial")
    try:
        with partial.open("wb") as out:
            yield out
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
