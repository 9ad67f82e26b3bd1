"""A thin client: one method per way of calling, with timeouts, retries, idempotency keys, pages and streams."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

import requests

from xcscribe import streams
from xcscribe.errors import ApiError, JobFailed, Unreachable
from xcscribe.streams import Event

LONGEST_WAIT = 60.0
#: Answers after which the same call may be made again.
BUSY = frozenset({429, 502, 503, 504})
#: Methods that may be repeated after an answer was lost. A POST may, since it carries an idempotency key.
REPEATABLE = frozenset({"GET", "HEAD", "PUT", "DELETE", "POST"})


class Client:
    """A caller of the API at `url` (`https://api.example.com`), with an API key or a person's access token.

    `timeout`: seconds without a byte from the server. `tries`: how often one call is made at most.
    """

    def __init__(
        self, url: str, *, key: str = "", token: str = "", timeout: float = 60.0, tries: int = 5, pause: float = 0.5
    ) -> None:
        self.base = f"{url.rstrip('/')}/api/v1/"
        self.timeout, self.tries, self.pause = timeout, max(1, tries), pause
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
                )
                with response:
                    for event in streams.parse(_lines(response)):
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

    def run(self, path: str, body: Any = None, *, idempotency_key: str = "") -> dict[str, Any]:
        """Begin a job by a POST and wait for its end. Returns what its last event tells. Raises JobFailed."""
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
        if response.status_code == 204 or not response.content:
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
    ) -> requests.Response:
        """The response to a call, made again while the server is busy or an answer is lost."""
        named = dict(headers or {})
        if method == "POST":
            named["Idempotency-Key"] = idempotency_key or str(uuid.uuid4())  # the same for every try
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
                    timeout=self.timeout,
                    stream=stream,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                if method not in REPEATABLE or number == self.tries:
                    raise Unreachable(str(error)) from error
                self._rest(number, None)
                continue
            if response.status_code < 400:
                return response
            error_of_reply = _error(response)
            if number == self.tries or not _again(error_of_reply):
                raise error_of_reply
            self._rest(number, response.headers.get("Retry-After"))
        raise AssertionError("unreachable")

    def _rest(self, number: int, retry_after: str | None) -> None:
        """Wait as long as the server says, else longer each time, with jitter."""
        if retry_after is not None and retry_after.isdigit():
            time.sleep(min(float(retry_after), LONGEST_WAIT))
        else:
            time.sleep(random.uniform(0.5, 1) * min(self.pause * 2 ** (number - 1), LONGEST_WAIT))  # noqa: S311


def _again(error: ApiError) -> bool:
    return error.status in BUSY or error.code == "idempotency_key_in_use"


def _error(response: requests.Response) -> ApiError:
    try:
        body = response.json()
    except ValueError:
        body = {}
    finally:
        response.close()
    return ApiError(response.status_code, body if isinstance(body, dict) else {})


def _lines(response: requests.Response) -> Iterator[str]:
    for line in response.iter_lines(chunk_size=64, delimiter=b"\n"):
        yield line.decode().removesuffix("\r")


def _if_match(version: int | None) -> dict[str, str]:
    return {} if version is None else {"If-Match": f'"{version}"'}
