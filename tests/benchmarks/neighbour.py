"""What a bystander waits for beside a hostile neighbour (tests/proof/hostile_neighbour.py), against what he waits for
alone.

He signs in, lists, and imports a hundred items after which a webhook comes, all from one run: first alone, then beside
NEIGHBOUR_ACCOUNTS hostile accounts. NEIGHBOUR_PARTS names some of their deeds, NEIGHBOUR_SECONDS how long each half
takes.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
import time
from collections import defaultdict

import requests

from projects.models import Project
from tests import factories
from tests.fakes.receiver import Receiver
from tests.fakes.woocommerce import FakeWooCommerce
from tests.live import Live
from tests.proof.hostile_neighbour import PARTS, Neighbour
from webhooks import endpoints

ACCOUNTS = int(os.environ.get("NEIGHBOUR_ACCOUNTS", "3"))
SECONDS = float(os.environ.get("NEIGHBOUR_SECONDS", "75"))
CHOSEN = tuple(filter(None, os.environ.get("NEIGHBOUR_PARTS", "").split(","))) or PARTS
ITEMS = 100
PASSWORD = "a long enough password"
SIGN_IN_EVERY = 7.0  # seconds: an address may sign in ten times a minute


class Bystander:
    """Somebody at work: requests one after the other, a sign-in now and then, and imports."""

    def __init__(self, live: Live, shop: FakeWooCommerce, receiver: Receiver) -> None:
        self.live, self.receiver = live, receiver
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
        self.waits: dict[str, list[float]] = defaultdict(list)

    def do_all(self) -> None:
        """Sign in, list, import, and get the event of that."""
        self.call("sign-ins", "POST", "auth/login", json=self.credentials)
        self.call("requests", "GET", "projects", headers=self.headers)
        self.import_once()

    def live_for(self, seconds: float) -> dict[str, list[float]]:
        """Seconds of each wait, by what it was for."""
        self.waits = defaultdict(list)
        until = time.monotonic() + seconds
        works = [threading.Thread(target=work, args=(until,)) for work in (self.read, self.sign_in, self.import_items)]
        for work in works:
            work.start()
        for work in works:
            work.join()
        return self.waits

    def call(self, what: str, method: str, path: str, **more: object) -> requests.Response:
        began = time.monotonic()
        answer = requests.request(method, f"{self.live.url}/api/v1/{path}", timeout=120, **more)  # type: ignore[arg-type]
        self.waits[what].append(time.monotonic() - began)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer

    def read(self, until: float) -> None:
        paths = ("projects", f"projects/{self.project.pk}/items", "billing/balance", "notifications", "users/me")
        for path in itertools.cycle(paths):
            if time.monotonic() > until:
                return
            self.call("requests", "GET", path, headers=self.headers)
            time.sleep(0.06)  # below his own rate limit

    def sign_in(self, until: float) -> None:
        while time.monotonic() < until:
            self.call("sign-ins", "POST", "auth/login", json=self.credentials)
            time.sleep(SIGN_IN_EVERY)

    def import_items(self, until: float) -> None:
        while time.monotonic() < until:
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


def run() -> list[tuple[str, float, float, float, str]]:
    with Neighbour() as neighbour, FakeWooCommerce() as shop, Receiver() as receiver:
        for _ in range(ITEMS):
            shop.add()
        live = Live(OUTBOUND_ALLOWED_HOSTS=",".join([*neighbour.hosts, shop.hostport, receiver.hostport]))
        live.start()
        try:
            bystander = Bystander(live, shop, receiver)
            bystander.live_for(5)
            quiet = bystander.live_for(SECONDS)
            neighbour.begin(live.url, ACCOUNTS, CHOSEN)
            time.sleep(5)
            attacked = bystander.live_for(SECONDS)
            print(dict(sorted(neighbour.end().items())), file=sys.stderr)
        finally:
            live.stop()
    beside = f"beside {ACCOUNTS} hostile accounts"
    return [
        (f"p{share} of {len(attacked[what])} {what} {beside} (s)", *compared(quiet[what], attacked[what], share), "≤ 2")
        for what in ("requests", "sign-ins", "imports", "webhooks")
        for share in (50, 99)
    ]


def compared(quiet: list[float], attacked: list[float], share: int) -> tuple[float, float, float]:
    alone, beside = (sorted(waits)[min(len(waits) - 1, len(waits) * share // 100)] for waits in (quiet, attacked))
    return beside, alone, beside / alone
