"""What bystanders wait for beside a hostile neighbour (tests/proof/hostile_neighbour.py), and without.

Each run is first quiet, then beside NEIGHBOUR_ACCOUNTS hostile accounts that do one part after another, and
all at once. NEIGHBOUR_PARTS names some parts (with `all`), NEIGHBOUR_RUNS how many runs there are: of each part the one
in the middle counts. A phase takes NEIGHBOUR_SECONDS, and longer until the bystanders have had NEIGHBOUR_REQUESTS
answers, but LONGEST times as long at most. The neighbour has the lowest priority.
"""

from __future__ import annotations

import itertools
import os
import random
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

import requests
from django.db import connection

from projects.models import Project
from tests import factories
from tests.fakes.receiver import Receiver
from tests.fakes.woocommerce import FakeWooCommerce
from tests.live import Live
from tests.proof.hostile_neighbour import PARTS, Neighbour
from webhooks import endpoints

QUIET, ALL = "quiet", "all"
NEEDS = {"streams": ("imports",)}  # parts of which another one needs the work
ACCOUNTS = int(os.environ.get("NEIGHBOUR_ACCOUNTS", "1"))
SECONDS = float(os.environ.get("NEIGHBOUR_SECONDS", "12"))
RUNS = int(os.environ.get("NEIGHBOUR_RUNS", "3"))
REQUESTS = int(os.environ.get("NEIGHBOUR_REQUESTS", "1000"))
LONGEST = 5
CHOSEN = tuple(filter(None, os.environ.get("NEIGHBOUR_PARTS", "").split(","))) or (*PARTS, ALL)
BYSTANDERS, IMPORTERS = 8, 2
EVERY = 0.085  # seconds between two requests of a bystander, below his own rate limit
LEAD, REST = 1.0, 1.5  # seconds before a part counts, and after it
ITEMS = 100
PASSWORD = "a long enough password"
SIGN_IN_EVERY = 7.0  # seconds: an address may sign in ten times a minute


class Phase:
    """For how long bystanders live: `seconds`, and until they have had so many answers together."""

    def __init__(self, bystanders: list[Bystander], seconds: float, answers: int) -> None:
        self.bystanders, self.answers = bystanders, answers
        self.least = time.monotonic() + seconds
        self.most = self.least + seconds * (LONGEST - 1)

    def is_over(self) -> bool:
        now = time.monotonic()
        answers = sum(len(one.waits["requests"]) for one in self.bystanders)
        return now > self.most or (now > self.least and answers >= self.answers)


class Bystander:
    """Somebody at work: requests one after the other, a sign-in now and then, and imports."""

    def __init__(self, live: Live, shop: FakeWooCommerce, receiver: Receiver) -> None:
        self.live, self.receiver = live, receiver
        self.link = threading.local()  # one of his connections for each thread
        user = factories.make_user()
        user.set_password(PASSWORD)
        user.save()
        self.credentials = {"email": user.email, "password": PASSWORD}
        self.headers = {"Authorization": f"Bearer {factories.token_of(user)}"}
        store = factories.make_woocommerce_connection(user.organization, shop.url)
        self.project: Project = factories.make_project(user.organization, store_connection=store)
        receiver.secret = endpoints.create(
            organization=user.organization, by=user, url=receiver.url, types=["job.finished"]
        ).secret
        edited = factories.make_item(factories.make_project(user.organization))
        self.item = f"projects/{edited.project_id}/items/{edited.pk}"
        self.waits: dict[str, list[float]] = defaultdict(list)

    def do_all(self) -> None:
        """Sign in, list, import, and get the event of that."""
        self.call("sign-ins", "POST", "auth/login", json=self.credentials)
        self.call("requests", "GET", "projects", headers=self.headers)
        self.import_once()

    def begin(self, phase: Phase, *, signs_in: bool, imports: bool) -> list[threading.Thread]:
        """Begin to live until the phase is over, and note each wait by what it was for."""
        works = ((self.read, True), (self.sign_in, signs_in), (self.import_items, imports))
        threads = [threading.Thread(target=work, args=(phase,)) for work, wanted in works if wanted]
        for thread in threads:
            thread.start()
        return threads

    def call(self, what: str, method: str, path: str, **more: object) -> requests.Response:
        if not hasattr(self.link, "session"):
            self.link.session = requests.Session()
        began = time.monotonic()
        answer: requests.Response = self.link.session.request(
            method, f"{self.live.url}/api/v1/{path}", timeout=120, **more
        )
        self.waits[what].append(time.monotonic() - began)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer

    def read(self, phase: Phase) -> None:
        items = f"projects/{self.project.pk}/items"
        paths = ("projects", f"{items}?limit=20", "billing/balance", f"{items}?limit=20&search=bottle", self.item)
        next_at = time.monotonic() + random.random() * EVERY
        for path in itertools.cycle((*paths, "")):
            time.sleep(max(0.0, next_at - time.monotonic()))
            next_at = max(next_at + EVERY, time.monotonic())
            if phase.is_over():
                return
            if path:
                self.call("requests", "GET", path, headers=self.headers)
            else:
                body = {"metadata": {"note": str(random.random())}}
                self.call("requests", "PATCH", self.item, json=body, headers=self.headers)

    def sign_in(self, phase: Phase) -> None:
        while not phase.is_over():
            self.call("sign-ins", "POST", "auth/login", json=self.credentials)
            time.sleep(SIGN_IN_EVERY)

    def import_items(self, phase: Phase) -> None:
        while not phase.is_over():
            self.import_once()
            time.sleep(1)

    def import_once(self) -> None:
        began, heard = time.monotonic(), len(self.receiver.got)
        path = f"projects/{self.project.pk}/import/execute"
        job = self.call("requests", "POST", path, json={}, headers=self.headers).json()["job_id"]
        status = "queued"
        while status != "completed":
            assert status in ("queued", "running"), f"the import {status}"
            time.sleep(0.05)
            status = self.call("requests", "GET", f"jobs/{job}", headers=self.headers).json()["status"]
        ended = time.monotonic()
        self.waits["imports"].append(ended - began)
        while len(self.receiver.got) == heard:
            assert time.monotonic() < ended + 120, "no event of the import came"
            time.sleep(0.01)
        self.waits["webhooks"].append(time.monotonic() - ended)


Waits = dict[str, list[float]]


def run() -> Iterable[tuple[str, Any, Any, Any, str]]:
    runs = measured()
    quiet = [phases[QUIET] for phases in runs]
    least = min(len(waits["requests"]) for phases in runs for waits in phases.values())
    yield (f"requests of bystanders in each phase, of {RUNS} runs the least", least, REQUESTS, least / REQUESTS, "≥ 1")
    for part in CHOSEN:
        beside = [phases[part] for phases in runs]
        for share in (99, 50):
            ratios = [
                compared(one["requests"], other["requests"], share) for one, other in zip(quiet, beside, strict=True)
            ]
            middle = sorted(ratios, key=lambda found: found[2])[len(ratios) // 2]
            aim = "≤ 2" if share == 99 else "(told only)"
            yield (f"{part}: p{share} of all requests (s)", *middle, aim)
        for what in ("sign-ins", "imports", "webhooks"):
            before, after = (sorted(itertools.chain(*(waits[what] for waits in found))) for found in (quiet, beside))
            if before and after:
                alone, there = statistics.median(before), statistics.median(after)
                yield (f"  {part}: {what}, p50 of {len(after)} (s)", there, alone, there / alone, "(told only)")


def measured() -> list[dict[str, Waits]]:
    """What the bystanders waited for in each run, by the part that the neighbour did meanwhile."""
    receivers = [Receiver() for _ in range(BYSTANDERS)]
    with Neighbour(nice=19) as neighbour, FakeWooCommerce() as shop, ExitStack() as open_receivers:
        for receiver in receivers:
            open_receivers.enter_context(receiver)
        for _ in range(ITEMS):
            shop.add()
        hosts = [*neighbour.hosts, shop.hostport, *(receiver.hostport for receiver in receivers)]
        live = Live(OUTBOUND_ALLOWED_HOSTS=",".join(hosts))
        live.start()
        try:
            bystanders = [Bystander(live, shop, receiver) for receiver in receivers]
            neighbour.begin(live.url, ACCOUNTS, ())
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            live_together(bystanders, 3, 0)
            runs = [one_run(bystanders, neighbour) for _ in range(RUNS)]
            print(dict(sorted(neighbour.end().items())), file=sys.stderr)
        finally:
            live.stop()
    return runs


def one_run(bystanders: list[Bystander], neighbour: Neighbour) -> dict[str, Waits]:
    found = {QUIET: live_together(bystanders)}
    for part in CHOSEN:
        neighbour.attack(PARTS if part == ALL else (*NEEDS.get(part, ()), part))
        time.sleep(LEAD)
        found[part] = live_together(bystanders)
        neighbour.attack(())
        neighbour.cancel()
        time.sleep(REST)
    return found


def live_together(bystanders: list[Bystander], seconds: float = SECONDS, answers: int = REQUESTS) -> Waits:
    for one in bystanders:
        one.waits = defaultdict(list)
    phase = Phase(bystanders, seconds, answers)
    threads = [
        thread
        for number, one in enumerate(bystanders)  # all have one address
        for thread in one.begin(phase, signs_in=number == 0, imports=number < IMPORTERS)
    ]
    for thread in threads:
        thread.join()
    waits: Waits = defaultdict(list)
    for one in bystanders:
        for what, seconds_waited in one.waits.items():
            waits[what] += seconds_waited
    return waits


def compared(quiet: list[float], attacked: list[float], share: int) -> tuple[float, float, float]:
    alone, beside = (sorted(waits)[min(len(waits) - 1, len(waits) * share // 100)] for waits in (quiet, attacked))
    return beside, alone, beside / alone
