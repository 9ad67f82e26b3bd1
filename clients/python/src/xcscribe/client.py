"""A thin client: one method per way of calling, with timeouts, retries, idempotency keys, pages and streams."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

import requests

from xcscribe import streams
from xcscribe.errors import ApiError, JobFailed, Unreachable
from xcscribe.streams import Event

LONGEST_WAIT = 60.0
#: Answers of a server that did nothing: any call may be made again.
BUSY = frozenset({429, 503})
#: Answers of a gateway in place of the server's, which may have done everything.
DOUBTFUL = frozenset({502, 504})
#: Methods that do no more when they are repeated.
REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE"})


class Client:
    """A caller of the API at `url` (`https://api.example.com`), with an API key or a person's access token.

    `timeout`: seconds without a byte from the server. `silence`: the same for the stream of a job, where the server says
    something every 15 seconds. `tries`: how often one call is made at most. Raises ValueError for what is no address.
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
        self.base = _base(url)
        self.timeout, self.silence, self.tries, self.pause = timeout, silence, max(1, tries), pause
        self.http = requests.Session()
        self.http.headers["User-Agent"] = "xcscribe-python/1.0.0"
        if key:
            self.http.headers["X-API-Key"] = key
        if token:
            self.http.headers["Authorization"] = f"Bearer {token}"

    # --- calls

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, idempotency_key: str = "") -> Any:
        return self.call("POST", path, body=body if body is not None else {}, idempotency_key=idempotency_key)

    def patch(self, path: str, body: Any, *, version: int | None = None) -> Any:
        """Change a row. With `version`, only if nobody changed it since (else ApiError 412)."""
        return self.call("PATCH", path, body=body, headers=_if_match(version))

    def put(self, path: str, body: Any, *, version: int | None = None) -> Any:
        return self.call("PUT", path, body=body, headers=_if_match(version))

    def delete(self, path: str, *, version: int | None = None) -> None:
        self.call("DELETE", path, headers=_if_match(version))

    def upload(self, path: str, file: str | Path, fields: Mapping[str, str] | None = None) -> Any:
        """Send a file of the disk as a form."""
        with Path(file).open("rb") as opened:
            return self.call("POST", path, files={"file": (Path(file).name, opened)}, fields=fields)

    def download(self, path: str, into: str | Path, **query: Any) -> int:
        """Write a file's bytes to the disk. Returns their number. The file appears whole or not at all."""
        target, size = Path(into), 0
        partial = target.with_name(f"{target.name}.partial")
        response = self.send("GET", path, query=query, stream=True)
        try:
            with response, partial.open("wb") as out:
                for chunk in response.iter_content(1 << 16):
                    size += out.write(chunk)
            partial.replace(target)
        except requests.RequestException as error:
            raise Unreachable(str(error)) from error
        finally:
            partial.unlink(missing_ok=True)
        return size

    def pages(self, path: str, *, limit: int = 200, **query: Any) -> Iterator[dict[str, Any]]:
        """Every row of a list, a page at a time."""
        asked: dict[str, Any] | None = {**query, "limit": limit}
        while asked is not None:
            response = self.send("GET", path, query=asked)
            yield from response.json()
            following = response.links.get("next", {}).get("url", "")
            asked = dict(parse_qsl(urlsplit(following).query)) if following else None

    # --- jobs

    def events(self, job_id: str, *, after: str = "") -> Iterator[Event]:
        """The events of a job until its last one. A stream that is cut goes on after the last event that came."""
        failures = 0
        while True:
            try:
                response = self.send(
                    "GET",
                    f"jobs/{job_id}/stream",
                    headers={"Last-Event-ID": after} if after else {},
                    stream=True,
                    timeout=self.silence,
                )
                with response:
                    for event in streams.parse(_pieces(response)):
                        after, failures = event.id or after, 0
                        yield event
                        if event.last:
                            return
            except (requests.RequestException, ValueError):
                pass  # cut: ask for the rest
            failures += 1
            if failures >= self.tries:
                raise Unreachable(f"The stream of job {job_id} was cut {failures} times in a row.")
            self._rest(failures, None)

    def estimate(self, path: str, body: Any = None) -> Any:
        """What a POST of `body` to `path` would cost: `xct_expected` and `xct_max`, as decimal strings. Starts nothing."""
        return self.post(f"{path}/estimate", body)

    def run(
        self, path: str, body: Any = None, *, max_xct: str | float | None = None, idempotency_key: str = ""
    ) -> dict[str, Any]:
        """Begin a job by a POST and wait for its end. Returns what its last event tells. Raises JobFailed. If it may cost
        more than `max_xct`, nothing begins: ApiError 409 `max_xct_exceeded`."""
        if max_xct is not None:
            body = {**(body or {}), "max_xct": str(max_xct)}
        begun = self.post(path, body, idempotency_key=idempotency_key)
        job_id = begun.get("job_id") or begun.get("id")
        for event in self.events(str(job_id)):
            if event.last:
                if event.name != "complete":
                    raise JobFailed(event.name, event.data)
                return event.data
        raise Unreachable(f"The stream of job {job_id} had no end.")

    # --- one call

    def call(self, method: str, path: str, **more: Any) -> Any:
        """Any call. Returns the reply's JSON, its bytes if it is none, or None. Raises ApiError and Unreachable."""
        response = self.send(method, path, **more)
        if response.status_code in (204, 404) or not response.content:  # 404: of a DELETE that an earlier try did
            return None
        return response.json() if "json" in response.headers.get("Content-Type", "") else response.content

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        files: Mapping[str, tuple[str, IO[bytes]]] | None = None,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        idempotency_key: str = "",
        stream: bool = False,
        timeout: float | None = None,
    ) -> requests.Response:
        """The response (2xx) to a call, made again while the server is busy, or where the answer was lost and a second call
        does no harm."""
        named = dict(headers or {})
        if method == "POST":
            named["Idempotency-Key"] = idempotency_key or str(uuid.uuid4())  # the same for every try
        harmless = _harmless(method, named)
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        for number in range(1, self.tries + 1):
            for _, file in (files or {}).values():
                file.seek(0)
            try:
                response = self.http.request(
                    method,
                    self.base + path.lstrip("/"),
                    params=asked,
                    json=body,
                    files=files,
                    data=fields,
                    headers=named,
                    timeout=timeout or self.timeout,
                    stream=stream,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                if not harmless or number == self.tries:
                    raise Unreachable(str(error)) from error
                self._rest(number, None)
                continue
            if 200 <= response.status_code < 300:
                return response
            if method == "DELETE" and number > 1 and response.status_code == 404:
                return response  # an earlier try did it
            error_of_reply = _error(response)
            if number == self.tries or not _again(error_of_reply, harmless):
                raise error_of_reply
            self._rest(number, response.headers.get("Retry-After"))
        raise AssertionError("unreachable")

    def _rest(self, number: int, retry_after: str | None) -> None:
        """Wait as long as the server says, else longer each time, with jitter."""
        said = wait_of(retry_after, time.time())
        jitter = random.uniform(0.5, 1)  # noqa: S311
        time.sleep(min(said if said is not None else jitter * self.pause * 2 ** (number - 1), LONGEST_WAIT))


def wait_of(retry_after: str | None, now: float) -> float | None:
    """The seconds that `Retry-After` asks for, as a number or as a date. `now`: seconds since 1970. None if it says nothing.
    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after"""
    said = (retry_after or "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _base(url: str) -> str:
    given = url.strip()
    parts = urlsplit(given)
    usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)  # an odd port raises
    if not usable or "@" in parts.netloc or parts.query or parts.fragment or any(map(str.isspace, given)):
        raise ValueError("The address of the API must be such as https://api.example.com.")
    return f"{given.rstrip('/')}/api/v1/"


def _harmless(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a call that was done may be made again. With a version it may not: the first call has changed the version."""
    return "Idempotency-Key" in headers or (method in REPEATABLE and not (method == "PUT" and "If-Match" in headers))


def _again(error: ApiError, harmless: bool) -> bool:
    busy = error.status in BUSY or error.code == "idempotency_key_in_use"
    return busy or (error.status in DOUBTFUL and harmless)


def _error(response: requests.Response) -> ApiError:
    try:
        body = response.json()
    except (ValueError, requests.RequestException):
        body = {}
    finally:
        response.close()
    if 300 <= response.status_code < 400:
        to = response.headers.get("Location", "another address")
        body = {"code": "redirected", "detail": f"The server points to {to}. Give the client the right address."}
    return ApiError(response.status_code, body if isinstance(body, dict) else {})


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """The bytes of a stream as they come: nothing waits until a buffer is full."""
    found: Iterator[bytes] = response.iter_content(None if getattr(response.raw, "chunked", False) else 1)
    return found


def _if_match(version: int | None) -> dict[str, str]:
    return {} if version is None else {"If-Match": f'"{version}"'}
