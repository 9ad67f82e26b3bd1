"""Events brought to a program as webhooks are, but without a signature."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import requests

from xcscribe.client import wait_of

TIMEOUT_SECONDS = 15.0
LONGEST_WAIT = 60.0
GONE = 410
#: Between eight attempts, as a webhook has. Its waits grow to days; here somebody looks on.
WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)  # seconds


def forward(event: dict[str, Any], url: str, *, say: Callable[[str], None], waits: Sequence[float] = WAITS) -> bool:
    """POST the event to `url`: the body of its webhook, under its id. Returns whether an answer was 2xx.

    Any other answer, a redirect too, is a failure and comes again after one of `waits`, or as `Retry-After` says, at most a
    minute later. 410 is not repeated.
    """
    body = {name: event[name] for name in ("type", "timestamp", "data")}
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    for wait in (*waits, None):
        asked: float | None = None
        headers = {"Content-Type": "application/json", "webhook-id": str(event["id"])}
        headers["webhook-timestamp"] = str(int(time.time()))
        try:
            answer = requests.post(url, data=data, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False)
            say(f"{url} answered {answer.status_code}")
            if 200 <= answer.status_code < 300:
                return True
            if answer.status_code == GONE:
                break
            asked = wait_of(answer.headers.get("Retry-After"), time.time())
        except requests.RequestException as error:
            say(f"{url} does not answer: {error}")
        if wait is not None:
            time.sleep(min(max(wait, asked or 0), LONGEST_WAIT))
    say(f"Event {event['id']} was not taken.")
    return False
