"""A shop owner who goes on through faults: retries with one `Idempotency-Key`, and comes back to streams where they broke off."""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from typing import Any

import requests

ENDED = ("complete", "failed", "cancelled")


class Over(Exception):
    """The soak's time is up before this call came through."""


class Refused(Exception):
    """The state forbids it, as after a call that took effect and whose answer was lost: the shop starts afresh."""


class Tally:
    """What was seen, by all threads together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.replies: Counter[int] = Counter()
        self.done: Counter[str] = Counter()
        self.broken = 0  # connections that were cut or refused
        self.wrong: list[str] = []  # what must not happen, whatever dies
        self.streams: dict[str, list[int]] = {}

    def reply(self, status: int) -> None:
        with self._lock:
            self.replies[status] += 1

    def cut(self) -> None:
        with self._lock:
            self.broken += 1

    def did(self, what: str) -> None:
        with self._lock:
            self.done[what] += 1

    def report(self, text: str) -> None:
        with self._lock:
            self.wrong.append(text)


class Caller:
    def __init__(self, url: str, tally: Tally, until: float) -> None:
        self.url, self.tally, self.until = url + "/api/v1/", tally, until
        self.headers: dict[str, str] = {}

    def register(self) -> dict[str, Any]:
        # Registration has no idempotency key: a cut answer means another address, as a person would see to it.
        email = f"soak-{secrets.token_hex(6)}@example.com"
        body = {"email": email, "password": secrets.token_urlsafe(16), "company_name": "Soak"}
        reply = self.call(
            "POST", "auth/register", json=body, fresh=lambda: {**body, "email": f"{secrets.token_hex(8)}@example.com"}
        )
        self.headers["Authorization"] = f"Bearer {reply['access_token']}"
        return dict(reply)

    def call(self, method: str, path: str, *, fresh: Any = None, grace: float = 60, **more: Any) -> Any:
        """The answer's body, however often it takes; a refusal (4xx) is reported, a 500 too."""
        headers = {**self.headers, "Idempotency-Key": secrets.token_hex(16)} if method == "POST" else self.headers
        while time.monotonic() < self.until + grace:
            try:
                answer = requests.request(
                    method,
                    self.url + path,
                    headers=headers | more.get("headers", {}),
                    timeout=45,
                    **{k: v for k, v in more.items() if k != "headers"},
                )
            except requests.RequestException:
                self.tally.cut()
            else:
                self.tally.reply(answer.status_code)
                if answer.status_code < 400:
                    return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.content
                if answer.status_code == 500 or (
                    answer.status_code < 500 and answer.status_code not in (408, 409, 429)
                ):
                    self.tally.report(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
                    if answer.status_code != 500:
                        raise Over
                if answer.status_code == 409 and answer.json()["code"] != "idempotency_key_in_use":
                    raise Refused(str(answer.json()["code"]))
            if fresh is not None:
                more["json"] = fresh()
            time.sleep(0.5)
        raise Over

    def follow(self, job_id: str) -> None:
        """Every event of a job, through however many connections."""
        seen = self.tally.streams.setdefault(job_id, [])
        last = ""
        while last not in ENDED and time.monotonic() < self.until + 150:
            headers = self.headers | ({"Last-Event-ID": str(seen[-1])} if seen else {})
            try:
                with requests.get(f"{self.url}jobs/{job_id}/stream", headers=headers, stream=True, timeout=20) as reply:
                    self.tally.reply(reply.status_code)
                    if reply.status_code != 200:
                        time.sleep(0.5)
                        continue
                    for line in reply.iter_lines(chunk_size=1):
                        if line.startswith(b"id: "):
                            number = int(line[4:])
                        elif line.startswith(b"event: "):
                            last = line[7:].decode()
                            seen.append(number)
            except requests.RequestException:
                self.tally.cut()
                time.sleep(0.3)
        if last not in ENDED:
            self.tally.report(f"the stream of job {job_id} did not end")
