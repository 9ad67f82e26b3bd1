"""A slow crowd takes what it can, and a bystander is answered within a second all the while."""

from __future__ import annotations

import time
from contextlib import ExitStack

import requests

from tests import factories
from tests.live import Live
from tests.proof import crowd
from tests.soak.caller import Tally

EACH = 100  # senders who stop, readers who stop, and stores that say nothing
SECONDS = 20.0
WITHIN = 1.0


def come(live: Live, store: crowd.Silence, tally: Tally) -> float:
    """Have the crowd there for SECONDS and look at health and at a list meanwhile; the longest that a look took, in seconds."""
    owner, bystander = factories.make_user(), factories.make_user()
    factories.make_project(bystander.organization, name="Mine")
    path, token = crowd.large_list(owner), factories.token_of(owner)
    looks = (("/health", {}), ("/api/v1/projects", {"Authorization": f"Bearer {factories.token_of(bystander)}"}))
    slowest = 0.0
    with ExitStack() as links:
        links.callback(crowd.close, crowd.idle_senders(live, EACH))
        links.callback(crowd.close, crowd.stalled_readers(live, path, token, EACH))
        links.callback(crowd.close, crowd.ask_silent_stores(live, store.url, EACH))
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            for at, headers in looks:
                slowest = max(slowest, look(live.url + at, headers, tally))
            time.sleep(0.2)
    return slowest


def look(url: str, headers: dict[str, str], tally: Tally) -> float:
    """One look by a bystander: how long it took, in seconds; what is wrong with it is told."""
    began = time.monotonic()
    try:
        status = requests.get(url, headers=headers, timeout=30).status_code
    except requests.RequestException as error:
        tally.report(f"{url} in a slow crowd: {error!r}")
        return time.monotonic() - began
    took = time.monotonic() - began
    tally.reply(status)
    tally.did("looks in a slow crowd")
    if status != 200 or took > WITHIN:
        tally.report(f"{url} in a slow crowd: {status} after {took:.1f} s")
    return took
